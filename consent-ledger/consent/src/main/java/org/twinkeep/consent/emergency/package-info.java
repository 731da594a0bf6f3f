/** Breaking the glass: seeing a patient's emergency chapters without a grant, for an hour at most, in front of everybody. */
@NullMarked
package org.twinkeep.consent.emergency;

import org.jspecify.annotations.NullMarked;
