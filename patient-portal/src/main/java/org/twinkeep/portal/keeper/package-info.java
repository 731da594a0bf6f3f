/** How the servers of one house ask the one that keeps its trail, its ledger and its erasures. */
@NullMarked
package org.twinkeep.portal.keeper;

import org.jspecify.annotations.NullMarked;
