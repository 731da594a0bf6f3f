package org.twinkeep.portal.emergency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.emergency.EmergencyRegister;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;
import tools.jackson.databind.json.JsonMapper;

/**
 * The register of emergencies in the tables of the house: found by HMACs, sealed under house keys, gone with the twin ({@code
 * docs/formats/emergency.md}).
 */
public final class ListedEmergencies implements EmergencyRegister, Sweep, AutoCloseable {
    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS emergency(
          handle bytea PRIMARY KEY, twin bytea NOT NULL, looker bytea NOT NULL, sealed bytea NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS emergency_by ON emergency(looker)",
        "CREATE INDEX IF NOT EXISTS emergency_twin ON emergency(twin)"
    };
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Tables tables;
    private final Secret names;
    private final Secret seals;

    private record Kept(
            String handle,
            String twin,
            String by,
            String name,
            String organisation,
            String role,
            long at,
            long until,
            boolean reviewed,
            int recorded,
            boolean overdueTold) {

        static Kept of(Line line) {
            return new Kept(
                    line.handle().value(),
                    line.twin().toString(),
                    line.by().id(),
                    line.by().name(),
                    line.by().organisation(),
                    line.by().role(),
                    line.at().toEpochMilli(),
                    line.until().toEpochMilli(),
                    line.reviewed(),
                    line.recorded(),
                    line.overdueTold());
        }

        Line line() {
            return new Line(
                    new ConsentHandle(handle),
                    TwinId.of(twin),
                    new Looker(by, name, organisation, role),
                    Instant.ofEpochMilli(at),
                    Instant.ofEpochMilli(until),
                    reviewed,
                    recorded,
                    overdueTold);
        }
    }

    /** @param tables not its own to close */
    public ListedEmergencies(Tables tables, Vault vault) {
        this.tables = tables;
        this.names = vault.houseKey("emergencies-names");
        this.seals = vault.houseKey("emergencies");
        tables.make(TABLES);
    }

    @Override
    public boolean list(Line line) {
        return tables.together(() -> {
            if (of(line.by().id()).stream().anyMatch(other -> other.until().isAfter(line.at()))) {
                return false;
            }
            update(line);
            return true;
        });
    }

    @Override
    public void update(Line line) {
        var handle = handle(line.handle());
        tables.change(
                "INSERT INTO emergency VALUES (?, ?, ?, ?) ON CONFLICT(handle) DO UPDATE SET sealed = excluded.sealed",
                handle,
                name("twin", line.twin().toString()),
                name("looker", line.by().id()),
                Box.seal(seals, handle, JSON.writeValueAsBytes(Kept.of(line))));
    }

    @Override
    public void strike(ConsentHandle handle) {
        tables.change("DELETE FROM emergency WHERE handle = ?", (Object) handle(handle));
    }

    @Override
    public List<Line> all() {
        return lines("SELECT handle, sealed FROM emergency");
    }

    @Override
    public List<Line> of(String lookerId) {
        return lines("SELECT handle, sealed FROM emergency WHERE looker = ?", name("looker", lookerId));
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // An emergency speaks of chapters, never of an entry.
    }

    @Override
    public void twinErased(TwinId twin) {
        tables.change("DELETE FROM emergency WHERE twin = ?", (Object) name("twin", twin.toString()));
        tables.cutLog();
    }

    @Override
    public void close() {
        names.close();
        seals.close();
    }

    private List<Line> lines(String sql, Object... values) {
        return tables
                .all(
                        row -> JSON.readValue(Box.open(seals, row.getBytes(1), row.getBytes(2)), Kept.class)
                                .line(),
                        sql,
                        values)
                .stream()
                .sorted(Comparator.comparing(Line::at).reversed())
                .toList();
    }

    private byte[] handle(ConsentHandle handle) {
        return name("handle", handle.value());
    }

    private byte[] name(String label, String value) {
        return Hmac.sha256(names, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
