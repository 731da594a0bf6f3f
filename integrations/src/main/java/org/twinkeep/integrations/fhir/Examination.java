package org.twinkeep.integrations.fhir;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.twinkeep.integrations.fhir.Heard.Piece;
import org.twinkeep.projections.clinic.ChapterTable;
import tools.jackson.databind.JsonNode;

/** The second reading of a resource: may it be taken in, whose is it, where does it belong, what would a parser lose of it. */
final class Examination {
    /** Past this a parser's copies of the text would cost more memory than they are worth. */
    private static final int PARSED_UP_TO = 8 * 1024 * 1024;

    private final FhirModel model;
    private final Whose whose;
    private final OtherVersions versions;
    private final ThreadLocal<ParserCheck> parser;

    Examination(FhirModel model, Whose whose, OtherVersions versions) {
        this.model = model;
        this.whose = whose;
        this.versions = versions;
        this.parser = ThreadLocal.withInitial(() -> new ParserCheck(model));
    }

    Examined of(Piece piece, Index index) {
        boolean parsed = piece.json().length <= PARSED_UP_TO;
        var text = parsed ? decoded(piece.json()) : null;
        if (parsed && text == null) {
            return Examined.refused(piece, piece.where(), "is not UTF-8, the only encoding that JSON has");
        }
        var resource = Facts.tree(piece.json());
        if (resource == null) {
            return Examined.refused(
                    piece,
                    piece.where(),
                    "cannot be read: it is no JSON object, or holds a number of more than 1,000 digits");
        }
        var type = resource.path("resourceType").stringValue("");
        var where = model.knows(type) ? piece.where() + " (" + type + ")" : piece.where();
        var server = Facts.serverOf(piece);
        var own = resource.path("id").stringValue("");
        var id = Facts.idOf(own, piece);
        var tree = new TreeCheck(model);
        tree.resource(resource, "");
        var refusal = refusal(resource, type, Facts.keyOf(server, type, id), index, tree.badDate());
        if (refusal != null) {
            return Examined.refused(piece, where, refusal);
        }
        var line = whose.of(type);
        var remarks = remarks(piece, text, tree);
        if (line.rule() == Whose.Rule.SHARED || line.rule() == Whose.Rule.ANSWER) {
            return Examined.sharedOrAnswer(piece, where, type, id, line.rule(), remarks);
        }
        return switch (index.whose(type, resource, line, server, Facts.namesOf(type, own, id, piece, server))) {
            case Index.Answer.Nobody(var why) -> Examined.refused(piece, where, why);
            case Index.Answer.Of(var patients) -> {
                var missing = new ArrayList<String>();
                var conditional = new ArrayList<String>();
                for (var reference : tree.references()) {
                    if (reference.indexOf('?') > 0) {
                        conditional.add(reference);
                    } else if (!index.holds(reference, server)) {
                        missing.add(reference);
                    }
                }
                yield new Examined(
                        where,
                        null,
                        type,
                        id,
                        piece,
                        line.rule(),
                        patients,
                        ChapterTable.chapterOf(resource),
                        missing,
                        conditional,
                        remarks);
            }
        };
    }

    private @Nullable String refusal(
            JsonNode resource, String type, Fingerprint key, Index index, @Nullable String badDate) {
        if (type.isEmpty()) {
            return "has no resourceType: it is no FHIR resource";
        }
        if (type.equals("Bundle")) {
            return "is a bundle within a bundle, which is not taken apart. Import it as a file of its own";
        }
        var evidence = versions.of(resource, type);
        if (evidence != null) {
            return Index.words(evidence);
        }
        if (!model.knows(type)) {
            return "is of no type that FHIR R4 has";
        }
        if (index.isAmbiguous(key)) {
            return "stands in the file more than once, under one id and with different content; which one holds would be guessed";
        }
        if (badDate != null) {
            return badDate + " is not a date as FHIR R4 writes it";
        }
        return null;
    }

    private Map<Remark, Integer> remarks(Piece piece, @Nullable CharBuffer text, TreeCheck tree) {
        var found = new EnumMap<Remark, Integer>(Remark.class);
        if (text == null) {
            found.put(Remark.TOO_LARGE_FOR_PARSER, 1);
        } else {
            found.putAll(parser.get().count(text));
        }
        if (tree.secondChoices() > 0) {
            found.put(Remark.SECOND_CHOICE, tree.secondChoices());
        }
        if (piece.guessed() > 0) {
            found.put(Remark.GUESSED_IN_XML, piece.guessed());
        }
        return found;
    }

    private static @Nullable CharBuffer decoded(byte[] json) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The first reading of a resource; null where it cannot be read. */
    @Nullable
    Facts facts(Piece piece, @Nullable String source) {
        return Facts.of(piece, whose, versions, source);
    }
}
