/** Forgetting, so that it stays forgotten: the protocol, its ledger, its receipts. */
@NullMarked
package org.twinkeep.twin.erasure;

import org.jspecify.annotations.NullMarked;
