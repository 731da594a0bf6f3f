/** The patient's own record: the timeline, one entry, correcting it, taking everything along. */
@NullMarked
package org.twinkeep.portal.web.timeline;

import org.jspecify.annotations.NullMarked;
