/** What an entry means in plain words, and the patient's timeline of them. */
@NullMarked
package org.twinkeep.projections.timeline;

import org.jspecify.annotations.NullMarked;
