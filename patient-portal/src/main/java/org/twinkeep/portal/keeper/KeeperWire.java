package org.twinkeep.portal.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.consent.trail.ReceiptPaper;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinRefused;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Questions and answers between servers of one house, as JSON in a {@link Box} under a key of the house: nobody else reads
 * or makes one. An answer is bound to its question; a question is answered once, and within two minutes of being asked.
 */
public final class KeeperWire implements AutoCloseable {

    private static final Duration FRESH = Duration.ofMinutes(2);
    private static final byte[] QUESTION = "twinkeep.keeper.question.v1".getBytes(UTF_8);

    private final Secret key;
    private final Clock clock;
    private final JsonMapper json;
    private final Set<String> seen = new HashSet<>();
    private final ArrayDeque<Seen> order = new ArrayDeque<>();

    private record Seen(long at, String hash) {}

    /** What is asked. */
    record Question(String room, String method, JsonNode values) {}

    /**
     * Makes the wire of a house.
     *
     * @param key the house's key of the label {@code servers}; it is the wire's to close
     * @param receipts this server's own: a receipt that comes over the wire is issued again here
     */
    public KeeperWire(Secret key, ReceiptAuthority receipts, Clock clock) {
        this.key = key;
        this.clock = clock;
        this.json = JsonMapper.builder().addModule(words(receipts)).build();
    }

    byte[] question(Class<?> room, Method method, @Nullable Object[] values) {
        var asked = json.createObjectNode()
                .put("at", clock.millis())
                .put("room", room.getSimpleName())
                .put("method", method.getName());
        var list = asked.putArray("values");
        var types = method.getGenericParameterTypes();
        for (int i = 0; i < types.length; i++) {
            list.add(tree(values[i], types[i]));
        }
        return Box.seal(key, QUESTION, json.writeValueAsBytes(asked));
    }

    /** @throws Tampered when it is no question of a server of this house, or is not asked now for the first time */
    Question asked(byte[] sealed) {
        try {
            return asked(sealed, json.readTree(Box.open(key, QUESTION, sealed)));
        } catch (JacksonException e) {
            throw new Tampered("A question to the keeper cannot be read.");
        }
    }

    private Question asked(byte[] sealed, JsonNode asked) {
        long now = clock.millis();
        if (Math.abs(now - asked.path("at").longValue(0)) > FRESH.toMillis() || !first(now, hash(sealed))) {
            throw new Tampered("A question to the keeper is not fresh.");
        }
        return new Question(asked.path("room").asString(), asked.path("method").asString(), asked.path("values"));
    }

    private synchronized boolean first(long now, String hash) {
        while (!order.isEmpty() && order.getFirst().at() < now - 3 * FRESH.toMillis()) {
            seen.remove(order.removeFirst().hash());
        }
        order.addLast(new Seen(now, hash));
        return seen.add(hash);
    }

    @Nullable
    Object[] values(Question question, Method method) {
        var types = method.getGenericParameterTypes();
        var values = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = value(question.values().path(i), types[i]);
        }
        return values;
    }

    byte[] answer(byte[] question, @Nullable Object value, Type type) {
        return sealed(question, json.createObjectNode().set("value", tree(value, type)));
    }

    byte[] refusal(byte[] question, Throwable refused) {
        var said = json.createObjectNode()
                .put("refused", refused.getClass().getSimpleName())
                .put("says", String.valueOf(refused.getMessage()));
        if (refused instanceof LedgerRefused ledger) {
            said.put("why", ledger.why().name());
        }
        return sealed(question, said);
    }

    /** @throws RuntimeException what the keeper threw, where callers know it */
    @Nullable
    Object answered(byte[] question, byte[] answer, Type type) {
        var said = json.readTree(Box.open(key, Sha2.sha256().digest(question), answer));
        if (said.has("refused")) {
            throw refusal(said);
        }
        return type == void.class ? null : value(said.path("value"), type);
    }

    private static RuntimeException refusal(JsonNode said) {
        var says = said.path("says").asString();
        return switch (said.path("refused").asString()) {
            case "TwinRefused" -> new TwinRefused(says);
            case "TwinForgotten" -> new TwinForgotten();
            case "LedgerRefused" ->
                new LedgerRefused(LedgerRefused.Why.valueOf(said.path("why").asString()));
            case "LedgerUnavailable" -> new LedgerUnavailable(says, null);
            case "TrailUnwritable" -> new TrailUnwritable(says, null);
            case "IllegalArgumentException" -> new IllegalArgumentException(says);
            default ->
                new StoreUnavailable(
                        "The server that keeps trail and ledger failed; its log says why. Repeating this is"
                                + " safe.");
        };
    }

    private byte[] sealed(byte[] question, JsonNode said) {
        return Box.seal(key, Sha2.sha256().digest(question), json.writeValueAsBytes(said));
    }

    private JsonNode tree(@Nullable Object value, Type type) {
        return type == void.class || value == null
                ? json.nullNode()
                : json.readTree(json.writerFor(json.constructType(type)).writeValueAsBytes(value));
    }

    private @Nullable Object value(JsonNode tree, Type type) {
        return json.readValue(json.writeValueAsBytes(tree), json.constructType(type));
    }

    private static String hash(byte[] sealed) {
        return HexFormat.of().formatHex(Sha2.sha256().digest(sealed));
    }

    private static SimpleModule words(ReceiptAuthority receipts) {
        return new SimpleModule()
                .addSerializer(KeyScope.class, new Writing<>() {
                    @Override
                    public void serialize(KeyScope scope, JsonGenerator out, SerializationContext context) {
                        out.writeNumber(scope.number());
                    }
                })
                .addDeserializer(KeyScope.class, new Reading<>() {
                    @Override
                    public KeyScope deserialize(JsonParser in, DeserializationContext context) {
                        return scope(in);
                    }
                })
                .addDeserializer(Chapter.class, new Reading<>() {
                    @Override
                    public Chapter deserialize(JsonParser in, DeserializationContext context) {
                        // The key of a map is a name.
                        return in.hasToken(JsonToken.VALUE_STRING)
                                ? Chapter.valueOf(in.getString())
                                : (Chapter) scope(in);
                    }
                })
                .addSerializer(Transaction.class, new Writing<>() {
                    @Override
                    public void serialize(Transaction transaction, JsonGenerator out, SerializationContext context) {
                        out.writeString(new String(CanonicalJson.bytes(TransactionJson.write(transaction)), UTF_8));
                    }
                })
                .addDeserializer(Transaction.class, new Reading<>() {
                    @Override
                    public Transaction deserialize(JsonParser in, DeserializationContext context) {
                        return TransactionJson.read(
                                CanonicalReader.of(in.getString().getBytes(UTF_8)));
                    }
                })
                .addSerializer(Receipt.class, new Writing<>() {
                    @Override
                    public void serialize(Receipt receipt, JsonGenerator out, SerializationContext context) {
                        out.writePOJO(ReceiptPaper.of(receipt));
                    }
                })
                .addDeserializer(Receipt.class, new Reading<>() {
                    @Override
                    public Receipt deserialize(JsonParser in, DeserializationContext context) {
                        return in.readValueAs(ReceiptPaper.class).issuedBy(receipts);
                    }
                });
    }

    private static KeyScope scope(JsonParser in) {
        return KeyScope.ofNumber(in.getIntValue()).orElseThrow(() -> new Tampered("No such chapter."));
    }

    private abstract static class Writing<T> extends ValueSerializer<T> {}

    private abstract static class Reading<T> extends ValueDeserializer<T> {}

    @Override
    public void close() {
        key.close();
    }
}
