package org.twinkeep.consent.trail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.StreamHeads.Head;
import org.twinkeep.crypto.json.CanonicalJson;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What everybody may read in a leaf; version 1 (docs/formats/trail.md). */
sealed interface Leaf {

    int VERSION = 1;

    /** Milliseconds since 1970. */
    long at();

    /** The name of its kind. */
    String kind();

    /**
     * A verdict about a twin, or the disclosure that followed it.
     *
     * @param twin its name in the trail
     * @param counter 1 for the twin's first leaf, then without gaps
     * @param epoch of the key that sealed the private part
     * @param sealed the private part, base64; empty when it was not asked for
     * @param commitment SHA-256 of the private part, hexadecimal
     */
    record About(
            String kind,
            long at,
            String twin,
            long counter,
            String decision,
            Position ledger,
            int epoch,
            String sealed,
            String commitment)
            implements Leaf {

        byte[] bytes() {
            var json = common(kind, at);
            json.put("twin", twin);
            json.put("counter", counter);
            json.put("decision", decision);
            json.put("ledger", Map.of("block", ledger.block(), "hash", ledger.hash()));
            json.put("epoch", epoch);
            json.put("sealed", sealed);
            json.put("commitment", commitment);
            return CanonicalJson.bytes(json);
        }
    }

    /**
     * Heads of event streams that moved.
     *
     * @param position of the store up to which it was looked
     * @param more whether the next leaf goes on with the same position
     */
    record Heads(long at, long position, boolean more, List<Head> heads) implements Leaf {
        @Override
        public String kind() {
            return "heads";
        }

        byte[] bytes() {
            var json = common(kind(), at);
            json.put("position", position);
            json.put("more", more);
            json.put(
                    "heads",
                    heads.stream()
                            .map(head -> List.of(head.stream(), head.sequence(), head.hash()))
                            .toList());
            return CanonicalJson.bytes(json);
        }
    }

    /** How far the ledger had come. */
    record LedgerAt(long at, Position position) implements Leaf {
        @Override
        public String kind() {
            return "ledger";
        }

        byte[] bytes() {
            var json = common(kind(), at);
            json.put("block", position.block());
            json.put("hash", position.hash());
            return CanonicalJson.bytes(json);
        }
    }

    private static Map<String, Object> common(String kind, long at) {
        var json = new LinkedHashMap<String, Object>();
        json.put("v", VERSION);
        json.put("kind", kind);
        json.put("at", at);
        return json;
    }

    /** With its sealed part. @throws Altered when it is no leaf that this version knows */
    static Leaf read(byte[] bytes) throws Altered {
        return new Reading(true).leaf(bytes);
    }

    /** Without its sealed part, which takes most of the time. */
    static Leaf readPublic(byte[] bytes) throws Altered {
        return new Reading(false).leaf(bytes);
    }

    /** Reads by streaming: a log of a million leaves is read at every start. */
    final class Reading {
        private static final JsonFactory JSON = new JsonFactory();

        private final boolean withSealed;
        private long version;
        private String kind = "";
        private long at = -1;
        private String twin = "";
        private long counter;
        private String decision = "";
        private long block = Position.NONE.block();
        private String hash = "";
        private long epoch;
        private String sealed = "";
        private String commitment = "";
        private long position;
        private boolean more;
        private final List<Head> heads = new ArrayList<>();

        Reading(boolean withSealed) {
            this.withSealed = withSealed;
        }

        Leaf leaf(byte[] bytes) throws Altered {
            try (var json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
                require(json.nextToken() == JsonToken.START_OBJECT);
                for (var name = json.nextName(); name != null; name = json.nextName()) {
                    field(name, json);
                }
                require(json.nextToken() == null);
            } catch (JacksonException e) {
                throw new Altered("is no leaf");
            }
            require(version == VERSION);
            var reached = new Position(block, hash);
            return switch (kind) {
                case "verdict", "disclosure" ->
                    new About(kind, at, twin, counter, decision, reached, (int) epoch, sealed, commitment);
                case "heads" -> new Heads(at, position, more, List.copyOf(heads));
                case "ledger" -> new LedgerAt(at, reached);
                default -> throw new Altered("is a leaf of a kind that is not known");
            };
        }

        private void field(String name, JsonParser json) throws Altered {
            var token = json.nextToken();
            switch (name) {
                case "v" -> version = json.getLongValue();
                case "kind" -> kind = json.getString();
                case "at" -> at = json.getLongValue();
                case "twin" -> twin = json.getString();
                case "counter" -> counter = json.getLongValue();
                case "decision" -> decision = json.getString();
                case "ledger" -> ledger(json);
                case "block" -> block = json.getLongValue();
                case "hash" -> hash = json.getString();
                case "epoch" -> epoch = json.getLongValue();
                case "commitment" -> commitment = json.getString();
                case "position" -> position = json.getLongValue();
                case "more" -> more = token == JsonToken.VALUE_TRUE;
                case "heads" -> heads(json);
                case "sealed" -> {
                    if (withSealed) {
                        sealed = json.getString();
                    }
                }
                default -> throw new Altered("is a leaf with an element that is not known");
            }
        }

        private void ledger(JsonParser json) throws Altered {
            require(json.currentToken() == JsonToken.START_OBJECT);
            for (var name = json.nextName(); name != null; name = json.nextName()) {
                field(name, json);
            }
        }

        private void heads(JsonParser json) throws Altered {
            require(json.currentToken() == JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_ARRAY) {
                var stream = text(json);
                require(json.nextToken() == JsonToken.VALUE_NUMBER_INT);
                long sequence = json.getLongValue();
                heads.add(new Head(stream, sequence, text(json)));
                require(json.nextToken() == JsonToken.END_ARRAY);
            }
        }

        private static String text(JsonParser json) throws Altered {
            require(json.nextToken() == JsonToken.VALUE_STRING);
            return json.getString();
        }

        private static void require(boolean asExpected) throws Altered {
            if (!asExpected) {
                throw new Altered("is no leaf of this version");
            }
        }
    }

    /** The hash of a leaf, hexadecimal: what people see as the id of a receipt. */
    static String hashOf(byte[] leaf) {
        return Hex.of(Merkle.leafHash(leaf));
    }
}
