package org.twinkeep.projections;

import org.twinkeep.integrations.fhir.FhirImport;

/** Wrong on purpose: a view starts an import. */
public final class ProjectionsThatKnowIntegrations {
    FhirImport fhirImport;
}
