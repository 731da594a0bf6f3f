package org.twinkeep.portal.keeper;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.crypto.Tampered;

/** Where the keeper answers the other servers of its house. What is no question of theirs is answered with 403 and no word. */
public final class KeeperDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeeperDoor.class);
    private static final int LARGEST_QUESTION = 16 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final KeeperWire wire;
    private final Map<Class<?>, Object> rooms;

    private KeeperDoor(HttpServer server, KeeperWire wire, Map<Class<?>, Object> rooms) {
        this.server = server;
        this.wire = wire;
        this.rooms = rooms;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /**
     * Opens the door.
     *
     * @param host the address of this machine that the other servers reach
     * @param rooms what may be asked: the object by the interface that it is asked through
     */
    public static KeeperDoor open(String host, KeeperWire wire, Map<Class<?>, Object> rooms) throws IOException {
        var door = new KeeperDoor(HttpServer.create(new InetSocketAddress(host, 0), 0), wire, rooms);
        door.server.start();
        return door;
    }

    public String address() {
        var address = server.getAddress();
        return "http://" + address.getHostString() + ":" + address.getPort() + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var question = exchange.getRequestBody().readNBytes(LARGEST_QUESTION + 1);
            if (!exchange.getRequestMethod().equals("POST") || question.length > LARGEST_QUESTION) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            byte[] answer;
            try {
                answer = answer(question);
            } catch (Tampered e) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private byte[] answer(byte[] sealed) {
        var question = wire.asked(sealed);
        for (var room : rooms.entrySet()) {
            if (room.getKey().getSimpleName().equals(question.room())) {
                var method = method(room.getKey(), question.method());
                try {
                    return wire.answer(
                            sealed,
                            method.invoke(room.getValue(), wire.values(question, method)),
                            method.getGenericReturnType());
                } catch (InvocationTargetException e) {
                    return wire.refusal(sealed, Objects.requireNonNull(e.getCause()));
                } catch (IllegalAccessException | RuntimeException e) {
                    LOG.error(
                            "A question of another server could not be answered ({})",
                            e.getClass().getSimpleName());
                    return wire.refusal(sealed, e);
                }
            }
        }
        throw new Tampered("There is no such room.");
    }

    private static Method method(Class<?> room, String name) {
        return Arrays.stream(room.getMethods())
                .filter(method -> method.getName().equals(name) && !name.equals("close"))
                .findFirst()
                .orElseThrow(() -> new Tampered("Nothing of that name can be asked."));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
