/** The one component that turns events into sealed bytes and back. */
@NullMarked
package org.twinkeep.crypto.sealing;

import org.jspecify.annotations.NullMarked;
