package org.twinkeep.integrations.fhir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes a JSON file apart: a Bundle entry by entry, newline-delimited resources line by line, a single resource whole. */
final class JsonRecords {
    private static final JsonMapper MAPPER = new JsonMapper();
    /** What changes or asks, rather than says. */
    private static final Set<String> NOT_SAID = Set.of("DELETE", "PATCH");

    static final String ASKS_TO_CHANGE =
            "asks to delete or to change something; an import only adds. Erase or correct it in the twin itself";

    private final InputFile file;
    private final Heard heard;
    private final Kept kept = new Kept();
    private final Kept aside = new Kept();

    JsonRecords(InputFile file, Heard heard) {
        this.file = file;
        this.heard = heard;
    }

    void read(LongConsumer bytes) throws IOException {
        boolean firstIsBundle = !file.linesByName() && "Bundle".equals(firstType());
        try (var in = file.open(bytes)) {
            var text = new JsonText(in);
            text.start();
            boolean lines = file.linesByName();
            if (lines) {
                text.lineByLine();
            } else {
                if (!first(text, firstIsBundle)) {
                    return;
                }
                lines = text.line() == 1;
            }
            if (text.peek() >= 0) {
                if (lines) {
                    text.lineByLine();
                }
                following(text, lines);
            }
        } catch (Broken broken) {
            heard.refused(broken.where(), broken.why());
        }
    }

    /** @return whether what follows can be read */
    private boolean first(JsonText text, boolean bundle) throws IOException {
        try {
            if (bundle) {
                bundle(text, "");
            } else {
                kept.clear();
                text.copy(kept);
                piece("the resource", null, null, null, kept);
            }
            return true;
        } catch (Broken broken) {
            heard.refused(broken.where(), broken.why() + ". What stands before it was read; nothing after it");
            return false;
        }
    }

    private void following(JsonText text, boolean lines) throws IOException, Broken {
        while (text.peek() >= 0) {
            var where = "line " + text.line();
            kept.clear();
            try {
                text.copy(kept);
            } catch (Broken broken) {
                heard.refused(broken.where(), broken.why());
                if (!lines || !text.nextLine()) {
                    return;
                }
                continue;
            }
            if ("Bundle".equals(typeOf(kept))) {
                var inner = new JsonText(new ByteArrayInputStream(kept.copy()));
                bundle(inner, where + ", ");
            } else {
                piece(where, null, null, null, kept);
            }
        }
    }

    private void bundle(JsonText text, String within) throws IOException, Broken {
        @Nullable String kind = null;
        boolean paged = false;
        try {
            text.expect('{');
            while (!text.take('}')) {
                var name = text.string();
                text.expect(':');
                switch (name) {
                    case "type" -> kind = text.peek() == '"' ? text.string() : skipped(text);
                    case "link" -> paged = hasNext(aside(text));
                    case "entry" -> entries(text, within);
                    default -> text.skip();
                }
                if (!text.take(',') && text.peek() != '}') {
                    throw wrongOrCut(text);
                }
            }
        } finally {
            heard.bundle(kind, paged);
        }
    }

    private void entries(JsonText text, String within) throws IOException, Broken {
        if (text.peek() != '[') {
            text.skip();
            heard.refused(within + "Bundle.entry", "is not a list of entries");
            return;
        }
        text.expect('[');
        for (long number = 1; !text.take(']'); number++) {
            try {
                entry(text, within + "entry " + number);
            } catch (Broken broken) {
                throw new Broken(within + "entry " + number + ", " + broken.where(), broken.why());
            }
            if (!text.take(',') && text.peek() != ']') {
                throw new Broken(
                        "after " + within + "entry " + number + ", " + text.place(),
                        wrongOrCut(text).why());
            }
        }
    }

    private void entry(JsonText text, String where) throws IOException, Broken {
        if (text.peek() != '{') {
            text.skip();
            heard.refused(where, "is not an entry of a bundle");
            return;
        }
        @Nullable String fullUrl = null;
        @Nullable String method = null;
        @Nullable String mode = null;
        @Nullable String source = null;
        boolean resource = false;
        kept.clear();
        text.expect('{');
        while (!text.take('}')) {
            var name = text.string();
            text.expect(':');
            switch (name) {
                case "fullUrl" -> fullUrl = text.peek() == '"' ? text.string() : skipped(text);
                case "resource" -> {
                    kept.clear();
                    text.copy(kept);
                    resource = true;
                }
                case "request" -> method = aside(text).path("method").stringValue("");
                case "search" -> mode = aside(text).path("mode").stringValue("");
                case "extension" -> source = Exported.sourceOf(aside(text));
                default -> text.skip();
            }
            if (!text.take(',') && text.peek() != '}') {
                throw wrongOrCut(text);
            }
        }
        if (method != null && NOT_SAID.contains(method)) {
            heard.refused(where, ASKS_TO_CHANGE);
        } else if (!resource) {
            heard.refused(where, "has no resource");
        } else {
            piece(where, fullUrl, source, mode, kept);
        }
    }

    private void piece(
            String where, @Nullable String fullUrl, @Nullable String source, @Nullable String mode, Kept json) {
        if (json.overflown()) {
            heard.refused(where, "is larger than 48 MB, the most that one resource may have");
        } else if (json.tooDeep()) {
            heard.refused(where, "is nested deeper than " + Kept.DEEPEST + " levels; no FHIR resource is");
        } else {
            heard.resource(new Heard.Piece(where, fullUrl, source, mode, false, 0, json.copy()));
        }
    }

    private JsonNode aside(JsonText text) throws IOException, Broken {
        aside.clear();
        text.copy(aside);
        try {
            return aside.overflown() || aside.tooDeep() ? MAPPER.nullNode() : MAPPER.readTree(aside.copy());
        } catch (JacksonException e) {
            throw text.broken("is not valid JSON before this place");
        }
    }

    private static @Nullable String skipped(JsonText text) throws IOException, Broken {
        text.skip();
        return null;
    }

    private static Broken wrongOrCut(JsonText text) throws IOException, Broken {
        return text.peek() < 0 ? text.broken("is cut off: the text ends in the middle") : text.wrong();
    }

    private static boolean hasNext(JsonNode links) {
        return links.valueStream()
                .anyMatch(link -> "next".equals(link.path("relation").stringValue("")));
    }

    static boolean isBundle(InputFile file) throws IOException {
        return "Bundle".equals(new JsonRecords(file, Heard.NOBODY).firstType());
    }

    /** The type of the file's first resource, wherever among its members it stands. */
    private @Nullable String firstType() throws IOException {
        try (var in = file.open(_ -> {})) {
            return typeOf(in);
        }
    }

    private static @Nullable String typeOf(Kept json) throws IOException {
        return json.overflown() ? null : typeOf(new ByteArrayInputStream(json.copy()));
    }

    private static @Nullable String typeOf(InputStream in) throws IOException {
        var text = new JsonText(in);
        try {
            text.start();
            text.expect('{');
            while (!text.take('}')) {
                boolean type = text.string().equals("resourceType");
                text.expect(':');
                if (type) {
                    return text.peek() == '"' ? text.string() : null;
                }
                text.skip();
                if (!text.take(',')) {
                    return null;
                }
            }
            return null;
        } catch (Broken broken) {
            return null;
        }
    }
}
