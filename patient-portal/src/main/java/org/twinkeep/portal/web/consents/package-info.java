/** What the patient shares, with whom, and ending it. */
@NullMarked
package org.twinkeep.portal.web.consents;

import org.jspecify.annotations.NullMarked;
