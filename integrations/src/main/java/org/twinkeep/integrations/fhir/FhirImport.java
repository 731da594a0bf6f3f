package org.twinkeep.integrations.fhir;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Actor;

/** Imports files and folders of FHIR R4: bundles, ndjson, single resources; JSON and XML; gzip; streamed. */
public interface FhirImport {

    ImportReport run(List<Path> filesOrFolders, Options options, Progress progress);

    /**
     * @param source the name of the source, so that entries are known again; null: the assigner of the patient's first
     *     identifier
     * @param twin the twin that the file's one patient means; null: the twin known by identifier, or a new one
     */
    record Options(@Nullable String source, @Nullable TwinId twin, Actor by) {}

    interface Progress {
        /** Called now and then: bytes read of all, and entries acknowledged as durable so far. */
        void at(long bytes, long ofBytes, int acknowledged);
    }
}
