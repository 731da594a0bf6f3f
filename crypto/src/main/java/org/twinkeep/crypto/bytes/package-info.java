/** Fixed-width, length-framed bytes: how every format of this house is written and, suspiciously, read. */
@NullMarked
package org.twinkeep.crypto.bytes;

import org.jspecify.annotations.NullMarked;
