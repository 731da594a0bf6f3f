package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.twinkeep.portal.wiring.ServedHouse;

/** Serves a house until it is killed; says where. */
final class ServeChild {
    static final String AT = "at ";

    private ServeChild() {}

    /** @param properties how the peer of its Fabric network is reached */
    static Process start(Path data, Path properties) throws IOException {
        return Child.start(
                ServeChild.class,
                List.of("-Dtwinkeep.ledger=fabric", "-Dtwinkeep.fabric.file=" + properties),
                data.toString());
    }

    public static void main(String... arguments) throws IOException {
        try (var house = Houses.open(Path.of(arguments[0]));
                var served = new ServedHouse(house, 0)) {
            System.out.println(AT + served.url());
            while (System.in.read() >= 0) {
                // Until whoever started it is gone.
            }
        }
    }
}
