/** FHIR R4 in and out: the source's own tree goes in, and comes out as it went in. */
@NullMarked
package org.twinkeep.integrations.fhir;

import org.jspecify.annotations.NullMarked;
