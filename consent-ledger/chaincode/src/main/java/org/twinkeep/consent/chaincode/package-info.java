/** The consent contract as Fabric chaincode: a thin skin around the rules that every ledger carries out. */
@NullMarked
package org.twinkeep.consent.chaincode;

import org.jspecify.annotations.NullMarked;
