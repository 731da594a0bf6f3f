/** What a ledger bears witness of, against an older copy of a house: checkpoints of the trail, and erasures. */
@NullMarked
package org.twinkeep.consent.witness;

import org.jspecify.annotations.NullMarked;
