/** What FHIR Consents mean: read, compiled, decided; pure, and no is the default. */
@NullMarked
package org.twinkeep.consent.decision;

import org.jspecify.annotations.NullMarked;
