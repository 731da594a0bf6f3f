package org.twinkeep.integrations.fhir;

import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.EntryId;

/** Writes a twin as one FHIR R4 collection Bundle, with corrections and Provenance. */
public interface FhirExport {

    /**
     * How much of the twin goes out.
     *
     * @param chapters of which keys are asked for
     * @param entries which of their entries
     * @param by handles of what was relied on, for the leaf
     */
    record Part(Set<Chapter> chapters, Predicate<EntryId> entries, List<String> by) {
        /** The whole twin, for the patient. */
        public static final Part WHOLE = new Part(Set.of(Chapter.values()), _ -> true, List.of());

        public Part {
            chapters = Set.copyOf(chapters);
            by = List.copyOf(by);
        }

        @Override
        public String toString() {
            return "Part";
        }
    }

    /** Writes its leaf first. @return how many entries */
    int write(TwinId twin, Looker who, String reason, Part part, OutputStream to);

    /** The whole twin. */
    default int write(TwinId twin, Looker who, String reason, OutputStream to) {
        return write(twin, who, reason, Part.WHOLE, to);
    }
}
