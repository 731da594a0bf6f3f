package org.twinkeep.integrations.fhir;

import java.io.OutputStream;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;

/** Writes the whole twin as one FHIR R4 collection Bundle, with corrections and Provenance. */
public interface FhirExport {

    /** Writes its leaf first. @return how many entries */
    int write(TwinId twin, Looker who, String reason, OutputStream to);
}
