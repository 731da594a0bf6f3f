/** Series of points (glucose, heart rate) kept as blocks: one entry for many points. */
@NullMarked
package org.twinkeep.twin.series;

import org.jspecify.annotations.NullMarked;
