/** What every store of events shares: where an event becomes ciphertext and back, and the port behind which it lies. */
@NullMarked
package org.twinkeep.twin.store;

import org.jspecify.annotations.NullMarked;
