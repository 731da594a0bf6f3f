package org.twinkeep.projections;

import org.hl7.fhir.r4.model.Patient;

/** Wrong on purpose: a view holds an object of HAPI. */
public final class ProjectionsThatKnowHapi {
    Patient patient;
}
