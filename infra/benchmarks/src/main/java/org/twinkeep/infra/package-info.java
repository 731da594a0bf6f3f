/** Benchmarks ({@code ./twinkeep bench NAME}) and drills ({@code ./twinkeep drill NAME}). */
@NullMarked
package org.twinkeep.infra;

import org.jspecify.annotations.NullMarked;
