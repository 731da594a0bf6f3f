/** The pages of breaking the glass: for whoever does it, for the patient, for those who review. */
@NullMarked
package org.twinkeep.portal.web.emergency;

import org.jspecify.annotations.NullMarked;
