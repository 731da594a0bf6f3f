package org.twinkeep.portal.keeper;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Tampered;

/** The keeper, when it is another server: it is asked at the address that it wrote into the house's folder. */
public final class FarKeeper implements AutoCloseable {

    private static final Duration CONNECTING = Duration.ofSeconds(2);

    /** Erasing much takes its time. */
    private static final Duration ANSWERING = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECTING).build();
    private final Path address;
    private final KeeperWire wire;

    /** @param address the file that the keeper's address stands in */
    public FarKeeper(Path address, KeeperWire wire) {
        this.address = address;
        this.wire = wire;
    }

    /**
     * Asks it.
     *
     * @throws KeeperUnreachable when there was no answer of a keeper
     * @throws RuntimeException what the keeper threw
     */
    public @Nullable Object ask(Class<?> room, Method method, @Nullable Object[] values) {
        var question = wire.question(room, method, values);
        byte[] answer;
        try {
            var request = HttpRequest.newBuilder(
                            URI.create(Files.readString(address).strip()))
                    .timeout(ANSWERING)
                    .POST(BodyPublishers.ofByteArray(question))
                    .build();
            var response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new KeeperUnreachable(null);
            }
            answer = response.body();
        } catch (IOException | IllegalArgumentException e) {
            throw new KeeperUnreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeeperUnreachable(e);
        }
        try {
            return wire.answered(question, answer, method.getGenericReturnType());
        } catch (Tampered e) {
            throw new KeeperUnreachable(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
