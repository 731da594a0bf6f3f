/** The page of notices. */
@NullMarked
package org.twinkeep.portal.web.notices;

import org.jspecify.annotations.NullMarked;
