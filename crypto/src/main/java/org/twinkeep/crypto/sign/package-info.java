/** Signatures. */
@NullMarked
package org.twinkeep.crypto.sign;

import org.jspecify.annotations.NullMarked;
