/** The clinician's pages: my patients, the purpose of this visit, and what a patient shares. */
@NullMarked
package org.twinkeep.portal.web.care;

import org.jspecify.annotations.NullMarked;
