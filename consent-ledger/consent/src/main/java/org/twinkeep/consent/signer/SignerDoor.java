package org.twinkeep.consent.signer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.embedded.Notary;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.json.CanonicalJson;

/** Where a signer answers its house. What is not asked by the house is answered with 403 and no word. */
public final class SignerDoor implements AutoCloseable {

    static final int LARGEST_QUESTION = 16 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Notary notary;
    private final SignerWire wire;

    private SignerDoor(HttpServer server, Notary notary, Secret secret) {
        this.server = server;
        this.notary = notary;
        this.wire = new SignerWire(secret);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /**
     * Opens the door.
     *
     * @param secret that the house shares
     */
    public static SignerDoor open(InetSocketAddress at, Notary notary, Secret secret) throws IOException {
        var door = new SignerDoor(HttpServer.create(at, 0), notary, secret);
        door.server.start();
        return door;
    }

    public String address() {
        var address = server.getAddress();
        return "http://" + address.getHostString() + ":" + address.getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            var nonce = headers.getFirst(SignerWire.NONCE);
            var mac = headers.getFirst(SignerWire.MAC);
            var path = exchange.getRequestURI().getPath();
            var question = exchange.getRequestBody().readNBytes(LARGEST_QUESTION + 1);
            if (!exchange.getRequestMethod().equals("POST")
                    || nonce == null
                    || mac == null
                    || question.length > LARGEST_QUESTION
                    || !SignerWire.same(wire.ofQuestion(path, nonce, question), mac)) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            var answer = CanonicalJson.bytes(answer(path, question));
            exchange.getResponseHeaders().set(SignerWire.MAC, wire.ofAnswer(mac, answer));
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private Map<String, ?> answer(String path, byte[] question) {
        try {
            return switch (path) {
                case SignerWire.ACT -> Map.of("signature", Hex.of(notary.act(question)));
                case SignerWire.BLOCKS -> Map.of("head", notary.take(SignerWire.lines(question)));
                case SignerWire.BLOCK -> block(question);
                default -> Map.of("refused", "there is no such question");
            };
        } catch (LedgerRefused e) {
            return Map.of("why", e.why().name());
        } catch (LedgerUnavailable e) {
            return Map.of("refused", String.valueOf(e.getMessage()));
        } catch (NotCanonical e) {
            return Map.of("refused", "it is no block");
        }
    }

    /** The last line is the one to be signed; those before it are complete. */
    private Map<String, ?> block(byte[] question) {
        var lines = SignerWire.lines(question);
        if (lines.isEmpty()) {
            throw new NotCanonical("no line");
        }
        var before = lines.subList(0, lines.size() - 1);
        if (!before.isEmpty()
                && CanonicalReader.of(before.getFirst()).number("block")
                        <= notary.head().block() + 1) {
            notary.take(before);
        }
        return switch (notary.block(lines.getLast())) {
            case Notary.Reply.Signed(var signature) -> Map.of("signature", Hex.of(signature));
            case Notary.Reply.Promised(var line) -> Map.of("promised", Hex.of(line));
            case Notary.Reply.Behind(var head) -> Map.of("behind", head);
            case Notary.Reply.Refused(var why) -> Map.of("refused", why);
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
