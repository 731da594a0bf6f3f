/** Pages about those who act for a patient: the patient's, the delegate's, and those of the two people who confirm. */
@NullMarked
package org.twinkeep.portal.web.delegates;

import org.jspecify.annotations.NullMarked;
