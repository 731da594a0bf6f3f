/** Breaking the glass in this house: who is found, what is listed, who is told. */
@NullMarked
package org.twinkeep.portal.emergency;

import org.jspecify.annotations.NullMarked;
