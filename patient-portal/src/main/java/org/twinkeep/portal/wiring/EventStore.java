package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.twinkeep.twin.kurrentdb.KurrentEvents;
import org.twinkeep.twin.kurrentdb.Patience;
import org.twinkeep.twin.sqlite.SqliteEvents;
import org.twinkeep.twin.store.EventLog;

/**
 * Where a house keeps its events. {@code house.json} says it, so that no house is opened over the wrong store;
 * {@code twinkeep.events} (or {@code TWINKEEP_EVENTS}) chooses for a new one. How a cluster is reached may be secret and
 * stands in no argument: in {@code TWINKEEP_KURRENTDB}, or in the file that {@code twinkeep.kurrentdb.file} (or {@code
 * TWINKEEP_KURRENTDB_FILE}) names.
 */
public enum EventStore {
    /** SQLite in the data folder. */
    EMBEDDED,
    /** A KurrentDB or EventStoreDB cluster. */
    KURRENTDB;

    /** As it is written in {@code house.json} and chosen by people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws HouseRefused when there is none of this name */
    static EventStore of(String word) {
        for (var store : values()) {
            if (store.word().equals(word)) {
                return store;
            }
        }
        throw new HouseRefused("Events lie embedded or in a kurrentdb: set twinkeep.events to one of these words.");
    }

    /** What somebody chose for this run. */
    static Optional<EventStore> chosen() {
        return setting("twinkeep.events", "TWINKEEP_EVENTS").map(EventStore::of);
    }

    /** Takes the store for a house that is being made, or moves there. @throws HouseRefused when it is another's */
    public void claim(HouseFile paper) {
        if (this == KURRENTDB) {
            try (var events = connect()) {
                if (!events.claim(paper.tenant())) {
                    throw new HouseRefused("This KurrentDB holds the events of another house. Every house needs a"
                            + " database of its own: name an empty one.");
                }
            }
        }
    }

    /** @throws HouseRefused when the store is not this house's */
    public EventLog open(DataFolder folder, HouseFile paper) {
        if (this == EMBEDDED) {
            return SqliteEvents.open(folder.events());
        }
        var events = connect();
        try {
            if (!events.house().equals(Optional.of(paper.tenant()))) {
                throw new HouseRefused("The KurrentDB that is named does not hold the events of this house. Nothing was"
                        + " done. Name the right one.");
            }
            return events;
        } catch (RuntimeException e) {
            events.close();
            throw e;
        }
    }

    private static KurrentEvents connect() {
        return KurrentEvents.open(connectionString(), Patience.USUAL);
    }

    private static String connectionString() {
        var file = setting("twinkeep.kurrentdb.file", "TWINKEEP_KURRENTDB_FILE");
        if (file.isPresent()) {
            try {
                return Files.readString(Path.of(file.get())).strip();
            } catch (IOException e) {
                throw new HouseRefused("The file with the connection string of the KurrentDB cannot be read.", e);
            }
        }
        return Optional.ofNullable(System.getenv("TWINKEEP_KURRENTDB"))
                .filter(said -> !said.isBlank())
                .orElseThrow(() -> new HouseRefused("Events lie in a KurrentDB and nothing says where: put its"
                        + " connection string into TWINKEEP_KURRENTDB, or into a file and its name into"
                        + " TWINKEEP_KURRENTDB_FILE."));
    }

    static Optional<String> setting(String property, String variable) {
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(said -> !said.isBlank());
    }
}
