package org.twinkeep.portal.notices;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was told to whom. Nothing is mailed: a notice waits in the portal.
 *
 * <p>Promise: what {@link #tell} returned from is durable. A notice is sealed under the erasable slot of the patient whose
 * twin it speaks of, or else of its reader; no row says who was told, what, or when. {@code docs/formats/notices.md}.
 */
public final class Notices implements Sweep, AutoCloseable {
    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS notice(
          account bytea NOT NULL, number bigint NOT NULL, unread integer NOT NULL, once bytea UNIQUE,
          about bytea, slot bytea NOT NULL, sealed bytea NOT NULL, PRIMARY KEY (account, number))""",
        "CREATE INDEX IF NOT EXISTS notice_about ON notice(about)",
        "CREATE INDEX IF NOT EXISTS notice_unread ON notice(unread)"
    };
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Kept(Notice.Kind kind, long at, String link, List<Notice.Word> words) {}

    private record Row(long number, boolean unread, byte[] slot, byte[] sealed) {
        static Row from(ResultSet row) throws SQLException {
            return new Row(row.getLong(1), row.getInt(2) == 1, row.getBytes(3), row.getBytes(4));
        }
    }

    private final Tables tables;
    private final Accounts accounts;
    private final Vault vault;
    private final Clock clock;
    private final Secret seals;
    private final Secret names;

    /** @param tables not its own to close */
    public Notices(Tables tables, Accounts accounts, Vault vault, Clock clock) {
        this.tables = tables;
        this.accounts = accounts;
        this.vault = vault;
        this.clock = clock;
        this.seals = vault.houseKey("notices");
        this.names = vault.houseKey("notices-names");
        tables.make(TABLES);
    }

    /** Tells an account. One that is closed is told nothing, and of what it was to know once no second time. */
    public void tell(AccountId to, Notice notice) {
        accounts.find(to).ifPresent(account -> tell(account, notice));
    }

    /** Tells the patient whose twin this is, if somebody signs in for it. */
    public void tell(TwinId twin, Notice notice) {
        accounts.ofTwin(twin).ifPresent(account -> tell(account, notice.about(twin)));
    }

    private void tell(Account to, Notice notice) {
        var about = notice.about() == null ? to.twin() : notice.about();
        var owner = about == null
                ? to.id()
                : accounts.ofTwin(about).map(Account::id).orElse(to.id());
        var slot = vault.read(new SlotId(owner.value())).orElse(null);
        if (slot == null) {
            return;
        }
        var name = name("account", to.id().toString());
        var once = notice.once() == null ? null : name("once", to.id() + " " + notice.kind() + " " + notice.once());
        var kept = JSON.writeValueAsBytes(new Kept(notice.kind(), clock.millis(), notice.link(), notice.words()));
        try (slot) {
            tables.together(() -> {
                long number =
                        tables.one(row -> row.getLong(1), "SELECT max(number) FROM notice WHERE account = ?", (Object)
                                                name)
                                        .orElse(0L)
                                + 1;
                return tables.change(
                        "INSERT INTO notice VALUES (?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        name,
                        number,
                        once,
                        about == null ? null : name("about", about.toString()),
                        Box.seal(seals, bound(name, number), bytes(owner)),
                        Box.seal(slot, bound(name, number), kept));
            });
        }
    }

    /** How many wait to be read. */
    public int unread(AccountId reader) {
        return count("SELECT count(*) FROM notice WHERE account = ? AND unread = 1", reader);
    }

    public int count(AccountId reader) {
        return count("SELECT count(*) FROM notice WHERE account = ?", reader);
    }

    private int count(String sql, AccountId reader) {
        return tables.one(row -> row.getInt(1), sql, (Object) name("account", reader.toString()))
                .orElse(0);
    }

    /** Newest first. */
    public List<Told> list(AccountId reader, int skip, int limit) {
        var name = name("account", reader.toString());
        return tables
                .all(
                        Row::from,
                        "SELECT number, unread, slot, sealed FROM notice WHERE account = ? ORDER BY number DESC LIMIT ? OFFSET ?",
                        name,
                        limit,
                        skip)
                .stream()
                .flatMap(row -> opened(name, row).stream())
                .toList();
    }

    /** Takes one as read. */
    public Optional<Told> read(AccountId reader, long number) {
        var name = name("account", reader.toString());
        tables.change("UPDATE notice SET unread = 0 WHERE account = ? AND number = ?", name, number);
        return tables.one(
                        Row::from,
                        "SELECT number, unread, slot, sealed FROM notice WHERE account = ? AND number = ?",
                        name,
                        number)
                .flatMap(row -> opened(name, row));
    }

    /** Takes all up to this one as read; what came meanwhile still waits. */
    public void readUpTo(AccountId reader, long number) {
        tables.change(
                "UPDATE notice SET unread = 0 WHERE account = ? AND number <= ?",
                name("account", reader.toString()),
                number);
    }

    /** Opens every notice of everybody. @throws org.twinkeep.crypto.Tampered where one does not open */
    public void openAll() {
        record Any(byte[] account, Row row) {}
        tables.all(
                        row -> new Any(
                                row.getBytes(5),
                                new Row(row.getLong(1), row.getInt(2) == 1, row.getBytes(3), row.getBytes(4))),
                        "SELECT number, unread, slot, sealed, account FROM notice")
                .forEach(any -> opened(any.account(), any.row()));
    }

    private Optional<Told> opened(byte[] name, Row row) {
        var bound = bound(name, row.number());
        var owner = UUID.fromString(new String(Box.open(seals, bound, row.slot()), UTF_8));
        return vault.read(new SlotId(owner)).map(slot -> {
            try (slot) {
                var kept = JSON.readValue(Box.open(slot, bound, row.sealed()), Kept.class);
                return new Told(
                        row.number(),
                        new Notice(kept.kind(), kept.link(), kept.words(), null, null),
                        Instant.ofEpochMilli(kept.at()),
                        row.unread());
            }
        });
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // Notices say nothing of entries.
    }

    /** Every notice that speaks of the twin goes, whoever was told. */
    @Override
    public void twinErased(TwinId twin) {
        if (tables.change("DELETE FROM notice WHERE about = ?", (Object) name("about", twin.toString())) > 0) {
            tables.cutLog();
        }
    }

    private byte[] name(String label, String value) {
        return Hmac.sha256(names, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static byte[] bound(byte[] name, long number) {
        return new ByteWriter().raw(name).u64(number).toBytes();
    }

    private static byte[] bytes(AccountId id) {
        return id.toString().getBytes(UTF_8);
    }

    @Override
    public void close() {
        seals.close();
        names.close();
    }
}
