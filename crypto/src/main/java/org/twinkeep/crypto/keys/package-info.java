/** The key tree that can forget, the ring of a twin's keys, and the vault that holds what must be erasable. */
@NullMarked
package org.twinkeep.crypto.keys;

import org.jspecify.annotations.NullMarked;
