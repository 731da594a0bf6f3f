package org.twinkeep.consent.contract;

import static org.twinkeep.consent.ledger.LedgerRefused.Why.MALFORMED;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.OUT_OF_ORDER;
import static org.twinkeep.consent.ledger.LedgerRefused.Why.UNKNOWN_HANDLE;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * The contract on a ledger that keeps values by key (docs/formats/consent-fabric.md): one key for the charter of each
 * house, one for each of its consents. Pure: the same state, arguments and time make the same bytes, so that peers endorse
 * it and whoever follows the blocks executes it again.
 */
public final class KeyedContract {

    /** Founds the ledger of a house; argument: its charter. */
    public static final String FOUND = "found";

    /** Records a transaction; arguments: the house's channel, the transaction. */
    public static final String SUBMIT = "submit";

    private static final Set<String> ORGANISATIONS = Set.of(Charter.CUSTODIAN, Charter.PROVIDER, Charter.OVERSIGHT);

    /**
     * What a transaction writes.
     *
     * @param first whether nothing was there before
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Write(String key, byte[] value, boolean first) {}

    private final Function<String, Optional<byte[]>> state;

    /** @param state the value of a key */
    public KeyedContract(Function<String, Optional<byte[]>> state) {
        this.state = state;
    }

    /**
     * Executes one call.
     *
     * @param at the time of the transaction; a consent's record is never older than the one before it
     * @return the write, or nothing when all of it is recorded already
     * @throws LedgerRefused for everything that the contract does not allow
     */
    public Optional<Write> execute(String function, List<byte[]> arguments, Instant at) {
        try {
            return switch (function) {
                case FOUND -> found(argument(arguments, 0, 1));
                case SUBMIT ->
                    submit(
                            new String(argument(arguments, 0, 2), StandardCharsets.UTF_8),
                            argument(arguments, 1, 2),
                            at);
                default -> throw new LedgerRefused(MALFORMED);
            };
        } catch (NotCanonical e) {
            throw new LedgerRefused(MALFORMED);
        }
    }

    public static String charterKey(String channel) {
        return "charter/" + channel;
    }

    /** What the keys of all that a house records begin with. */
    public static String consentKeys(String channel) {
        return "consent/" + channel + "/";
    }

    public static String consentKey(String channel, ConsentHandle handle) {
        return consentKeys(channel) + handle.value();
    }

    private Optional<Write> found(byte[] bytes) {
        var charter = CharterJson.read(CanonicalReader.of(bytes));
        requireChannel(charter.channel());
        if (!charter.organisations().keySet().equals(ORGANISATIONS)
                || !Arrays.equals(CanonicalJson.bytes(CharterJson.write(charter)), bytes)) {
            throw new LedgerRefused(MALFORMED);
        }
        var key = charterKey(charter.channel());
        var founded = state.apply(key);
        if (founded.isEmpty()) {
            return Optional.of(new Write(key, bytes, true));
        }
        if (!Arrays.equals(founded.get(), bytes)) {
            throw new LedgerRefused(OUT_OF_ORDER);
        }
        return Optional.empty();
    }

    private Optional<Write> submit(String channel, byte[] bytes, Instant at) {
        requireChannel(channel);
        Transaction transaction = TransactionJson.read(CanonicalReader.of(bytes));
        var charter = state.apply(charterKey(channel))
                .map(founded -> CharterJson.read(CanonicalReader.of(founded)))
                .orElseThrow(() -> new LedgerRefused(UNKNOWN_HANDLE));
        var key = consentKey(channel, transaction.handle());
        var recorded = state.apply(key).map(ConsentRecord::read);
        var time = recorded.map(ConsentRecord::at).filter(at::isBefore).orElse(at);
        var life = ConsentLife.of(recorded);
        var events = life.decide(transaction, charter, time);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        for (var event : events) {
            life = life.evolve(event);
        }
        return life.recorded().map(record -> new Write(key, record.bytes(), recorded.isEmpty()));
    }

    /** A name that stands inside keys. */
    private static void requireChannel(String channel) {
        if (!channel.matches("[0-9A-Za-z.-]{1,64}")) {
            throw new LedgerRefused(MALFORMED);
        }
    }

    private static byte[] argument(List<byte[]> arguments, int index, int count) {
        if (arguments.size() != count) {
            throw new LedgerRefused(MALFORMED);
        }
        return arguments.get(index);
    }
}
