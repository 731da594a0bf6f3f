package org.twinkeep.consent.embedded;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * One block as it stands in the file, one line of canonical JSON (docs/formats/consent-ledger.md).
 *
 * @param charter in the genesis block, and in one that hands the key of an organisation over: then it holds nothing else
 */
record Block(
        long number,
        String previous,
        Instant at,
        @Nullable Charter charter,
        List<Transaction> transactions,
        SortedMap<String, String> signatures) {

    /** Under this name, beside the organisations, signs the key that is handed over to. */
    static final String NEW_KEY = "new";

    private static final String FORMAT = "twinkeep-block-1";

    /** Not signed yet. */
    static Block genesis(Charter charter, Instant at) {
        return new Block(0, "", at, charter, List.of(), new TreeMap<>());
    }

    /** Not signed yet. */
    static Block after(Position head, Instant at, List<Transaction> transactions) {
        return new Block(head.block() + 1, head.hash(), at, null, transactions, new TreeMap<>());
    }

    /** Not signed yet. */
    static Block handingOver(Position head, Instant at, Charter charter) {
        return new Block(head.block() + 1, head.hash(), at, charter, List.of(), new TreeMap<>());
    }

    /** Signed by this one too. */
    Block with(String organisation, byte[] signature) {
        var all = new TreeMap<>(signatures);
        all.put(organisation, Hex.of(signature));
        return new Block(number, previous, at, charter, transactions, all);
    }

    Block unsigned() {
        return new Block(number, previous, at, charter, transactions, new TreeMap<>());
    }

    Position position() {
        return new Position(number, Hex.of(Sha256.of(header())));
    }

    /** Whether exactly these organisations signed it, none of them where there are none. */
    boolean isSignedBy(SortedMap<String, VerifyingKey> organisations) {
        var header = header();
        return signatures.keySet().equals(organisations.keySet())
                && organisations.entrySet().stream()
                        .allMatch(organisation -> isSignedBy(header, organisation.getKey(), organisation.getValue()));
    }

    private boolean isSignedBy(byte[] header, String organisation, VerifyingKey key) {
        return key.verifies(header, Hex.parse(signatures.getOrDefault(organisation, "")));
    }

    /** What is hashed and signed: it binds the content by its hash. */
    byte[] header() {
        var header = new LinkedHashMap<String, Object>();
        header.put("format", FORMAT);
        header.put("block", number);
        header.put("previous", previous);
        header.put("at", at.toEpochMilli());
        header.put("data", Hex.of(Sha256.of(CanonicalJson.bytes(content()))));
        return CanonicalJson.bytes(header);
    }

    private Map<String, Object> content() {
        return charter == null
                ? Map.of(
                        "transactions",
                        transactions.stream().map(TransactionJson::write).toList())
                : Map.of("charter", CharterJson.write(charter));
    }

    /** The line, without its end. */
    byte[] line() {
        var line = new LinkedHashMap<String, Object>();
        line.put("block", number);
        line.put("previous", previous);
        line.put("at", at.toEpochMilli());
        line.put("signatures", signatures);
        line.putAll(content());
        return CanonicalJson.bytes(line);
    }

    /** @throws NotCanonical when it is not, to the last byte, a line that {@link #line} writes */
    static Block read(byte[] line) {
        var json = CanonicalReader.of(line);
        var hasCharter = json.has("charter");
        var block = new Block(
                json.number("block"),
                json.text("previous"),
                Instant.ofEpochMilli(json.number("at")),
                hasCharter ? CharterJson.read(json.object("charter")) : null,
                hasCharter
                        ? List.of()
                        : json.objects("transactions").stream()
                                .map(TransactionJson::read)
                                .toList(),
                texts(json.object("signatures")));
        if (!Arrays.equals(block.line(), line)) {
            throw new NotCanonical("an element that is not known");
        }
        return block;
    }

    private static SortedMap<String, String> texts(CanonicalReader json) {
        var texts = new TreeMap<String, String>();
        json.map().keySet().forEach(name -> texts.put(name, json.text(name)));
        return texts;
    }
}
