/** Files that are there after a power cut, and canonical JSON read back. Used inside this module. */
@NullMarked
package org.twinkeep.consent.durable;

import org.jspecify.annotations.NullMarked;
