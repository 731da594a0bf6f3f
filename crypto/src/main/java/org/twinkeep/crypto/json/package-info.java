/** Canonical bytes of what is signed or hashed. */
@NullMarked
package org.twinkeep.crypto.json;

import org.jspecify.annotations.NullMarked;
