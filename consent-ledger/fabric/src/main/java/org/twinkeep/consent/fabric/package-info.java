/** The consent ledger on a Hyperledger Fabric network: submitting, and following its blocks into an index of our own. */
@NullMarked
package org.twinkeep.consent.fabric;

import org.jspecify.annotations.NullMarked;
