/** Thin skins that let Axon carry commands and events. */
@NullMarked
package org.twinkeep.twin.axon;

import org.jspecify.annotations.NullMarked;
