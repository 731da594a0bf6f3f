package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.twinkeep.twin.postgresql.SharedDatabase;

/**
 * Where a house keeps what is neither event nor ledger nor trail: slots and rows of keys, identities, accounts, sessions
 * and the directory. {@code house.json} says it; {@code twinkeep.views} (or {@code TWINKEEP_VIEWS}) chooses for a new
 * house. How the database is reached may be secret and stands in no argument: in {@code TWINKEEP_POSTGRESQL}, or in the
 * file that {@code twinkeep.postgresql.file} (or {@code TWINKEEP_POSTGRESQL_FILE}) names.
 */
public enum ViewStore {
    /** Files in the data folder, for one process. */
    EMBEDDED,
    /** A PostgreSQL database, for several servers on one folder. */
    POSTGRESQL;

    /** As it is written in {@code house.json} and chosen by people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws HouseRefused when there is none of this name */
    static ViewStore of(String word) {
        for (var store : values()) {
            if (store.word().equals(word)) {
                return store;
            }
        }
        throw new HouseRefused("Keys, accounts and sessions lie embedded or in postgresql: set twinkeep.views to one of"
                + " these words.");
    }

    /** What somebody chose for this run. */
    static Optional<ViewStore> chosen() {
        return EventStore.setting("twinkeep.views", "TWINKEEP_VIEWS").map(ViewStore::of);
    }

    static SharedDatabase connect() {
        return SharedDatabase.open(address());
    }

    private static String address() {
        var file = EventStore.setting("twinkeep.postgresql.file", "TWINKEEP_POSTGRESQL_FILE");
        if (file.isPresent()) {
            try {
                return Files.readString(Path.of(file.get())).strip();
            } catch (IOException e) {
                throw new HouseRefused("The file with the address of the PostgreSQL cannot be read.", e);
            }
        }
        return Optional.ofNullable(System.getenv("TWINKEEP_POSTGRESQL"))
                .filter(said -> !said.isBlank())
                .orElseThrow(
                        () -> new HouseRefused("Keys and accounts of this house lie in a PostgreSQL and nothing says"
                                + " where: put its JDBC address into TWINKEEP_POSTGRESQL, or into a file and its name into"
                                + " TWINKEEP_POSTGRESQL_FILE."));
    }
}
