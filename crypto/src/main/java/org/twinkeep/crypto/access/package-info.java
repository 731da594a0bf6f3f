/** Keys are released only against a receipt: the proof that a look was written down first. */
@NullMarked
package org.twinkeep.crypto.access;

import org.jspecify.annotations.NullMarked;
