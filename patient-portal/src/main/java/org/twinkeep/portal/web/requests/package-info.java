/** Asking for access and answering: the pages of those who ask, and of the patient. */
@NullMarked
package org.twinkeep.portal.web.requests;

import org.jspecify.annotations.NullMarked;
