/** The operator's page: sizes and positions, nothing of any person. */
@NullMarked
package org.twinkeep.portal.web.status;

import org.jspecify.annotations.NullMarked;
