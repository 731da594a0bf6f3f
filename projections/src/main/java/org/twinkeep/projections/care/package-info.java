/** What a clinician sees under a live consent. */
@NullMarked
package org.twinkeep.projections.care;

import org.jspecify.annotations.NullMarked;
