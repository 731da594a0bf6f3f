/** The ledger of consents as its callers see it: signed transactions, records, positions. */
@NullMarked
package org.twinkeep.consent.ledger;

import org.jspecify.annotations.NullMarked;
