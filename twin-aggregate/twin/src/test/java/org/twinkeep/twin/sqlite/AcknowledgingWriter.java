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
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.store.AppendRefused;
import org.twinkeep.twin.store.EventRow;

/**
 * A process that appends one event after the other and says so, each time, once the append has returned. Where the store
 * fails it tries again with the very same event until that is there: it was kept, or it is refused because it was kept before.
 */
public final class AcknowledgingWriter {

    static final String SAYS = "acknowledged ";
    static final String FAILED = "failed ";
    static final int GAVE_UP = 3;

    private static final int MOST_ATTEMPTS = 50;

    private AcknowledgingWriter() {}

    /** @param arguments the file, how durable, how many */
    public static void main(String[] arguments) throws IOException {
        try (var said = new FileOutputStream(FileDescriptor.out)) {
            write(SqliteEvents.open(Path.of(arguments[0]), SynchronousMode.valueOf(arguments[1])), said, arguments[2]);
        }
    }

    private static void write(SqliteEvents events, FileOutputStream said, String count) throws IOException {
        var previous = new byte[32];
        for (int i = 0; i < Integer.parseInt(count); i++) {
            var hash = new byte[32];
            hash[0] = (byte) i;
            hash[1] = 1;
            var sealed = new SealedEvent(new byte[100], new byte[512], List.of(), previous, hash);
            var row = new EventRow(0, new StreamName("s"), i, UUID.randomUUID().toString(), "type", "1", 0, sealed);
            for (int attempt = 1; !there(events, row); attempt++) {
                said.write((FAILED + i + "\n").getBytes(StandardCharsets.US_ASCII));
                if (attempt == MOST_ATTEMPTS) {
                    System.exit(GAVE_UP);
                }
            }
            said.write((SAYS + i + "\n").getBytes(StandardCharsets.US_ASCII));
            previous = hash;
        }
        events.close();
    }

    private static boolean there(SqliteEvents events, EventRow row) {
        try {
            events.append(List.of(row));
            return true;
        } catch (AppendRefused e) {
            return true;
        } catch (StoreUnavailable e) {
            return false;
        }
    }
}
