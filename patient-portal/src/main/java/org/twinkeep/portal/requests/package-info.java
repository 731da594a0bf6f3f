/** Requests for access: somebody asks by a code that the patient gave out, and the patient answers later. */
@NullMarked
package org.twinkeep.portal.requests;

import org.jspecify.annotations.NullMarked;
