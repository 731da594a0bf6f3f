/** The page of purposes, for anybody. */
@NullMarked
package org.twinkeep.portal.web.purposes;

import org.jspecify.annotations.NullMarked;
