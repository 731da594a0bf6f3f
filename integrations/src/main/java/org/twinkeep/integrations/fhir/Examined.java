package org.twinkeep.integrations.fhir;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;

/**
 * What the second reading of a resource says, found on a worker's thread.
 *
 * @param refusal why it is not taken in, or null
 * @param missing references to what is not in the file, as written
 * @param conditional references by identifier, as written
 */
record Examined(
        String where,
        @Nullable String refusal,
        String type,
        String id,
        Heard.Piece piece,
        Whose.Rule rule,
        List<Integer> patients,
        Chapter chapter,
        List<String> missing,
        List<String> conditional,
        Map<Remark, Integer> remarks) {

    static Examined refused(Heard.Piece piece, String where, String why) {
        return new Examined(
                where,
                why,
                "",
                "",
                piece,
                Whose.Rule.ANSWER,
                List.of(),
                Chapter.DOCUMENTS,
                List.of(),
                List.of(),
                Map.of());
    }

    static Examined sharedOrAnswer(
            Heard.Piece piece, String where, String type, String id, Whose.Rule rule, Map<Remark, Integer> remarks) {
        return new Examined(
                where, null, type, id, piece, rule, List.of(), Chapter.DOCUMENTS, List.of(), List.of(), remarks);
    }

    @Override
    public String toString() {
        return "Examined " + where;
    }
}
