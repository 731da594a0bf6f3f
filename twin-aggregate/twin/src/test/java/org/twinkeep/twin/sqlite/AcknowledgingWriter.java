package org.twinkeep.twin.sqlite;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.twin.store.EventRow;

/** A process that appends one event after the other and says so, each time, once the append has returned. */
public final class AcknowledgingWriter {

    static final String SAYS = "acknowledged ";

    private AcknowledgingWriter() {}

    /** @param arguments the file, how durable, how many */
    public static void main(String[] arguments) throws IOException {
        try (var said = new FileOutputStream(FileDescriptor.out);
                var events = SqliteEvents.open(Path.of(arguments[0]), SynchronousMode.valueOf(arguments[1]))) {
            var previous = new byte[32];
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                var hash = new byte[32];
                hash[0] = (byte) i;
                hash[1] = 1;
                var sealed = new SealedEvent(new byte[100], new byte[512], List.of(), previous, hash);
                events.append(List.of(new EventRow(
                        0, new StreamName("s"), i, UUID.randomUUID().toString(), "type", "1", 0, sealed)));
                said.write((SAYS + i + "\n").getBytes(StandardCharsets.US_ASCII));
                previous = hash;
            }
        }
    }
}
