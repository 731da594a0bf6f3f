/** The ledger that one operator keeps: signed, hash-chained blocks in the data folder. Tamper-evident, not decentralised. */
@NullMarked
package org.twinkeep.consent.embedded;

import org.jspecify.annotations.NullMarked;
