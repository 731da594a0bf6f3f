package org.twinkeep.portal.emergency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;

/**
 * Who can be found in an emergency: keyed hashes of a whole name and a birth date, nothing that could be listed or searched
 * by a part. They go with the twin ({@code docs/formats/emergency.md}).
 */
public final class Findable implements Sweep, AutoCloseable {
    private static final String[] TABLES = {
        "CREATE TABLE IF NOT EXISTS findable(twin bytea PRIMARY KEY, sealed bytea NOT NULL)",
        "CREATE TABLE IF NOT EXISTS person(person bytea NOT NULL, twin bytea NOT NULL, PRIMARY KEY (person, twin))",
        "CREATE INDEX IF NOT EXISTS person_of ON person(twin)"
    };

    private final Tables tables;
    private final Secret names;
    private final Secret seals;

    /** @param tables not its own to close */
    public Findable(Tables tables, Vault vault) {
        this.tables = tables;
        this.names = vault.houseKey("findable-names");
        this.seals = vault.houseKey("findable");
        tables.make(TABLES);
    }

    /** Somebody as a record names them. @param names whole ones: given names and family name */
    record Person(Set<String> names, LocalDate born) {
        Person {
            names = Set.copyOf(names);
        }

        @Override
        public String toString() {
            return "Person";
        }
    }

    /** The one twin of this whole name and birth date; nothing where there is none, or more than one. */
    Optional<TwinId> exactly(String name, LocalDate born) {
        var twins = tables.all(
                row -> kept(row.getBytes(1), row.getBytes(2)).twin(),
                "SELECT f.twin, f.sealed FROM person p JOIN findable f ON f.twin = p.twin WHERE p.person = ?",
                (Object) person(name, born));
        return twins.size() == 1 ? Optional.of(twins.getFirst()) : Optional.empty();
    }

    /** Whose records were read for this, and how many events of their profile there were then. */
    Map<TwinId, Long> known() {
        return tables.all(row -> kept(row.getBytes(1), row.getBytes(2)), "SELECT twin, sealed FROM findable").stream()
                .collect(Collectors.toUnmodifiableMap(Kept::twin, Kept::events));
    }

    /** Opens every row. @throws org.twinkeep.crypto.Tampered where one does not open */
    public void openAll() {
        known();
    }

    /** By what the twin is found from now on. @param events how many events of its profile were read */
    void remember(TwinId twin, Collection<Person> persons, long events) {
        tables.together(() -> {
            forget(twin);
            for (var person : persons) {
                for (var name : person.names()) {
                    tables.change(
                            "INSERT INTO person VALUES (?, ?) ON CONFLICT DO NOTHING",
                            person(name, person.born()),
                            handle(twin));
                }
            }
            return tables.change(
                    "INSERT INTO findable VALUES (?, ?)",
                    handle(twin),
                    Box.seal(seals, handle(twin), (twin + " " + events).getBytes(UTF_8)));
        });
    }

    /** What was recorded of a person may have changed: they are read anew when somebody is looked for. */
    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        if (entries.containsKey(Chapter.PROFILE)) {
            twinErased(twin);
        }
    }

    @Override
    public void twinErased(TwinId twin) {
        forget(twin);
        tables.cutLog();
    }

    @Override
    public void close() {
        names.close();
        seals.close();
    }

    private void forget(TwinId twin) {
        tables.change("DELETE FROM person WHERE twin = ?", (Object) handle(twin));
        tables.change("DELETE FROM findable WHERE twin = ?", (Object) handle(twin));
    }

    private Kept kept(byte[] handle, byte[] sealed) {
        var words = new String(Box.open(seals, handle, sealed), UTF_8).split(" ");
        return new Kept(TwinId.of(words[0]), Long.parseLong(words[1]));
    }

    private record Kept(TwinId twin, long events) {}

    private byte[] handle(TwinId twin) {
        return of("twin", twin.toString());
    }

    /** Neither case nor accents nor spaces tell people apart. */
    private byte[] person(String name, LocalDate born) {
        var letters = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .strip()
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
        return of("person", letters + "\0" + born);
    }

    private byte[] of(String label, String value) {
        return Hmac.sha256(names, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
