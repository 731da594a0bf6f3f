/** Who looked at the record, and who was refused. */
@NullMarked
package org.twinkeep.portal.web.lookers;

import org.jspecify.annotations.NullMarked;
