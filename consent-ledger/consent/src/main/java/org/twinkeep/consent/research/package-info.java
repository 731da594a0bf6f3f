/** Whether a researcher's request is within what a patient allows: GA4GH Data Use Ontology, matched by rules. */
@NullMarked
package org.twinkeep.consent.research;

import org.jspecify.annotations.NullMarked;
