package org.twinkeep.consent.signer;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.embedded.Organisation;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * An organisation whose key lies with its own signer.
 *
 * <p>Failure: {@link LedgerUnavailable} within seconds where the signer is out of reach, answers what is not its own, or
 * refuses a block.
 */
public final class FarOrganisation implements Organisation, AutoCloseable {

    private static final Duration TO_REACH = Duration.ofSeconds(2);
    private static final Duration TO_ANSWER = Duration.ofSeconds(10);
    private static final int BYTES_AT_ONCE = 4 << 20;

    private final String name;
    private final SignerAccess access;
    private final SignerWire wire;
    private final SecureRandom random;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TO_REACH).build();

    /** @param name the organisation's, for messages */
    public FarOrganisation(String name, SignerAccess access, SecureRandom random) {
        this.name = name;
        this.access = access;
        this.wire = new SignerWire(access.secret());
        this.random = random;
    }

    @Override
    public VerifyingKey verifyingKey() {
        return access.key();
    }

    @Override
    public String where() {
        return access.address().toString();
    }

    @Override
    public byte[] signAct(byte[] act) {
        var answer = ask(SignerWire.ACT, act);
        if (answer.has("why")) {
            throw new LedgerRefused(LedgerRefused.Why.valueOf(answer.text("why")));
        }
        return signature(answer);
    }

    @Override
    public Answer signBlock(Draft draft) {
        var answer = ask(SignerWire.BLOCK, question(draft, draft.before().apply(draft.number() - 2)));
        if (answer.has("behind")) {
            bring(draft.before().apply(answer.number("behind")));
            answer = ask(SignerWire.BLOCK, question(draft, List.of()));
        }
        return answer.has("promised")
                ? new Answer.Promised(answer.hex("promised"))
                : new Answer.Signed(signature(answer));
    }

    @Override
    public void bringUpToDate(LongFunction<List<byte[]>> blocksAfter) {
        bring(blocksAfter.apply(take(List.of())));
    }

    /** With the block before it, which the signer has not seen complete. */
    private static byte[] question(Draft draft, List<byte[]> before) {
        var lines = new ArrayList<>(before);
        lines.add(draft.line());
        return SignerWire.joined(lines);
    }

    /** Brings the blocks that the signer does not have. */
    private void bring(List<byte[]> lines) {
        var batch = new ArrayList<byte[]>();
        int bytes = 0;
        for (var line : lines) {
            if (bytes + line.length > BYTES_AT_ONCE && !batch.isEmpty()) {
                take(batch);
                batch.clear();
                bytes = 0;
            }
            batch.add(line);
            bytes += line.length;
        }
        take(batch);
    }

    /** @return the last block that the signer has then */
    private long take(List<byte[]> batch) {
        var answer = ask(SignerWire.BLOCKS, SignerWire.joined(batch));
        if (!answer.has("head")) {
            throw refused(answer);
        }
        return answer.number("head");
    }

    private byte[] signature(CanonicalReader answer) {
        if (!answer.has("signature")) {
            throw refused(answer);
        }
        return answer.hex("signature");
    }

    private LedgerUnavailable refused(CanonicalReader answer) {
        var why = answer.has("refused") ? answer.text("refused") : "it did not say why";
        return new LedgerUnavailable("The signer of " + name + " does not sign: " + why + ".", null);
    }

    private CanonicalReader ask(String path, byte[] question) {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        var nonce = Hex.of(bytes);
        var mac = wire.ofQuestion(path, nonce, question);
        var request = HttpRequest.newBuilder(access.address().resolve(path))
                .timeout(TO_ANSWER)
                .header(SignerWire.NONCE, nonce)
                .header(SignerWire.MAC, mac)
                .POST(BodyPublishers.ofByteArray(question))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200 || !isItsOwn(answer, mac)) {
                throw new LedgerUnavailable(
                        "The signer of " + name + " does not know this house: do both have the same secret?", null);
            }
            return CanonicalReader.of(answer.body());
        } catch (IOException | NotCanonical e) {
            throw new LedgerUnavailable(
                    "The signer of " + name + " is out of reach. Is it running, and is its address right?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailable("Asking the signer of " + name + " was interrupted.", e);
        }
    }

    private boolean isItsOwn(HttpResponse<byte[]> answer, String question) {
        var given = answer.headers().firstValue(SignerWire.MAC).orElse("");
        return SignerWire.same(wire.ofAnswer(question, answer.body()), given);
    }

    @Override
    public void close() {
        http.close();
    }
}
