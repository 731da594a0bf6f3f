/** Which chapter a record belongs to, which it touches, when it speaks of: tables that a clinician can read. */
@NullMarked
package org.twinkeep.projections.clinic;

import org.jspecify.annotations.NullMarked;
