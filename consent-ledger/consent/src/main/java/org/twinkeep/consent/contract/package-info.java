/** The life of a consent on a ledger: the rules, written once, that every ledger carries out. Pure. */
@NullMarked
package org.twinkeep.consent.contract;

import org.jspecify.annotations.NullMarked;
