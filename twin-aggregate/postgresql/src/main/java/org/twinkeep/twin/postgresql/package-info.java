/** What several servers share beside the events, in PostgreSQL. */
@NullMarked
package org.twinkeep.twin.postgresql;

import org.jspecify.annotations.NullMarked;
