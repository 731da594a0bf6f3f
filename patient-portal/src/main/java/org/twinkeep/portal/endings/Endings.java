package org.twinkeep.portal.endings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notice.Word;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells patients, and without details those they share with, 14 and 3 days before a consent ends and once it has ended. In the
 * place of a patient who does not sign in, whoever may share for them is told.
 *
 * <p>Promise: once each, whatever crashes; nothing of a consent that was taken back, or that a later one carries on. No
 * row says when a consent ends or whose it is: rows are found by a keyed hash of the day. {@code docs/formats/endings.md}.
 */
public final class Endings implements Sweep, AutoCloseable {
    private static final Duration FIRST = Duration.ofDays(14);
    private static final Duration LAST = Duration.ofDays(3);

    /** How long nobody may have served the house until an end is not told any more. */
    private static final int DAYS_BACK = 400;

    private static final int ENDED = 3;
    private static final String[] TABLES = {"""
        CREATE TABLE IF NOT EXISTS ending(
          consent bytea PRIMARY KEY, day bytea NOT NULL, twin bytea NOT NULL, told integer NOT NULL,
          slot bytea NOT NULL, sealed bytea NOT NULL)""", "CREATE INDEX IF NOT EXISTS ending_day ON ending(day)"};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Kept(String twin, String handle) {}

    private record Row(byte[] consent, int told, byte[] slot, byte[] sealed) {
        static Row from(ResultSet row) throws SQLException {
            return new Row(row.getBytes(1), row.getInt(2), row.getBytes(3), row.getBytes(4));
        }
    }

    private final Tables tables;
    private final Accounts accounts;
    private final Consents consents;
    private final Notices notices;
    private final Delegates delegates;
    private final Vault vault;
    private final Secret seals;
    private final Secret names;
    private final AtomicBoolean allWatched = new AtomicBoolean();

    /**
     * @param tables not its own to close
     * @param delegates who is told for a patient who does not sign in
     */
    public Endings(
            Tables tables, Accounts accounts, Consents consents, Notices notices, Vault vault, Delegates delegates) {
        this.tables = tables;
        this.accounts = accounts;
        this.consents = consents;
        this.notices = notices;
        this.delegates = delegates;
        this.vault = vault;
        this.seals = vault.houseKey("endings");
        this.names = vault.houseKey("endings-names");
        tables.make(TABLES);
    }

    /** From now on its end is told. Saying it again is fine. */
    public void watch(Consent consent) {
        var end = consent.terms().term().end();
        var owner = accounts.ofTwin(consent.twin())
                .map(Account::id)
                .or(() -> grantee(consent.terms().granteeId()));
        if (end.isEmpty() || owner.isEmpty()) {
            return;
        }
        var name = name("consent", consent.handle().value());
        slot(owner.get()).ifPresent(slot -> {
            try (slot) {
                var kept = new Kept(consent.twin().toString(), consent.handle().value());
                tables.change(
                        "INSERT INTO ending VALUES (?, ?, ?, 0, ?, ?) ON CONFLICT (consent) DO UPDATE SET"
                                + " day = excluded.day, told = 0 WHERE ending.day <> excluded.day",
                        name,
                        day(end.get()),
                        name("twin", consent.twin().toString()),
                        Box.seal(seals, name, owner.get().toString().getBytes(UTF_8)),
                        Box.seal(slot, name, JSON.writeValueAsBytes(kept)));
            }
        });
    }

    /** Tells what is due. */
    public void tell(Instant now) {
        if (!allWatched.get()) {
            var ofAccounts = accounts.all().stream()
                    .filter(account -> account.twin() != null && account.state() != Account.State.CLOSED)
                    .map(account -> Objects.requireNonNull(account.twin()));
            Stream.concat(ofAccounts, delegates.everybody().stream())
                    .distinct()
                    .flatMap(twin -> consents.of(twin).stream())
                    .filter(consent -> consent.status() == Status.ACTIVE)
                    .forEach(this::watch);
            allWatched.set(true);
        }
        for (var row : due(now)) {
            opened(row).ifPresent(kept -> tell(row, TwinId.of(kept.twin()), new ConsentHandle(kept.handle()), now));
        }
    }

    private List<Row> due(Instant now) {
        var days = new ArrayList<Object>();
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        for (var at = today.minusDays(DAYS_BACK); !at.isAfter(today.plusDays(FIRST.toDays())); at = at.plusDays(1)) {
            days.add(name("day", at.toString()));
        }
        var places = String.join(",", Collections.nCopies(days.size(), "?"));
        return tables.all(
                Row::from,
                "SELECT consent, told, slot, sealed FROM ending WHERE told < " + ENDED + " AND day IN (" + places + ")",
                days.toArray());
    }

    private void tell(Row row, TwinId twin, ConsentHandle handle, Instant now) {
        var all = consents.of(twin);
        var found = all.stream().filter(c -> c.handle().equals(handle)).findFirst();
        if (found.isEmpty() || found.get().status() == Status.REVOKED) {
            tables.change("DELETE FROM ending WHERE consent = ?", (Object) row.consent());
            return;
        }
        var consent = found.get();
        var end = consent.terms().term().end().orElseThrow();
        int due = due(now, end);
        if (due <= row.told()) {
            return;
        }
        boolean wasGivenBefore = due == ENDED || consent.grantedAt().isBefore(end.minus(due == 1 ? FIRST : LAST));
        if (wasGivenBefore && all.stream().noneMatch(other -> carriesOn(other, consent))) {
            tell(consent, due);
        }
        tables.change("UPDATE ending SET told = ? WHERE consent = ? AND told < ?", due, row.consent(), due);
    }

    private static int due(Instant now, Instant end) {
        if (!now.isBefore(end)) {
            return ENDED;
        }
        if (!now.isBefore(end.minus(LAST))) {
            return 2;
        }
        return now.isBefore(end.minus(FIRST)) ? 0 : 1;
    }

    /** Whether it gives the same person for the same purpose a longer time. */
    private static boolean carriesOn(Consent other, Consent consent) {
        return other.status() == Status.ACTIVE
                && other.terms().granteeId().equals(consent.terms().granteeId())
                && other.terms().purpose() == consent.terms().purpose()
                && other.terms().chapters().containsAll(consent.terms().chapters())
                && other.terms()
                        .term()
                        .end()
                        .map(later -> later.isAfter(consent.terms().term().end().orElseThrow()))
                        .orElse(true);
    }

    private void tell(Consent consent, int due) {
        var terms = consent.terms();
        var lastDay = Objects.requireNonNull(terms.term().to());
        var once = consent.handle().value() + " " + due + " " + lastDay;
        var purpose = Word.purpose(terms.purpose().code());
        var renew = "/consents/" + consent.handle().value() + "/renew";
        var who = Word.text(terms.granteeName());
        notices.tell(
                consent.twin(),
                (due == ENDED
                                ? Notice.of(Kind.CONSENT_ENDED, renew, purpose, who)
                                : Notice.of(Kind.CONSENT_ENDS_SOON, renew, purpose, who, Word.day(lastDay)))
                        .once(once));
        if (accounts.ofTwin(consent.twin())
                .filter(account -> !account.signIn().isEmpty())
                .isEmpty()) {
            tellWhoeverActs(consent, due, once, purpose, who, Word.day(lastDay));
        }
        grantee(terms.granteeId())
                .ifPresent(grantee -> notices.tell(
                        grantee,
                        (due == ENDED
                                        ? Notice.of(Kind.GRANT_ENDED, "/notices")
                                        : Notice.of(Kind.GRANT_ENDS_SOON, "/notices", Word.day(lastDay)))
                                .about(consent.twin())
                                .once(once)));
    }

    /** Those who could share it for longer, in the place of a patient who reads no notices. */
    private void tellWhoeverActs(Consent consent, int due, String once, Word purpose, Word who, Word lastDay) {
        for (var delegation : delegates.of(consent.twin()).listed()) {
            var appointment = delegation.appointment();
            var delegate = AccountId.of(appointment.delegate());
            var patient = Word.text(appointment.patientName());
            delegates
                    .acting(delegate, consent.twin())
                    .filter(acting -> acting.by().equals(delegation) && acting.may(Power.GRANT))
                    .ifPresent(_ -> notices.tell(
                            delegate,
                            (due == ENDED
                                            ? Notice.of(Kind.CONSENT_ENDED_OF, "/people", purpose, who, patient)
                                            : Notice.of(
                                                    Kind.CONSENT_ENDS_SOON_OF,
                                                    "/people",
                                                    purpose,
                                                    who,
                                                    patient,
                                                    lastDay))
                                    .about(consent.twin())
                                    .once(once)));
        }
    }

    /** A grantee may be of the directory and have no account. */
    private Optional<AccountId> grantee(String id) {
        try {
            return accounts.find(AccountId.of(id)).map(Account::id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Opens every row. @throws org.twinkeep.crypto.Tampered where one does not open */
    public void openAll() {
        tables.all(Row::from, "SELECT consent, told, slot, sealed FROM ending").forEach(this::opened);
    }

    private Optional<Kept> opened(Row row) {
        var owner = AccountId.of(new String(Box.open(seals, row.consent(), row.slot()), UTF_8));
        return slot(owner).map(slot -> {
            try (slot) {
                return JSON.readValue(Box.open(slot, row.consent(), row.sealed()), Kept.class);
            }
        });
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // Consents speak of chapters, never of an entry.
    }

    @Override
    public void twinErased(TwinId twin) {
        if (tables.change("DELETE FROM ending WHERE twin = ?", (Object) name("twin", twin.toString())) > 0) {
            tables.cutLog();
        }
    }

    private Optional<Secret> slot(AccountId owner) {
        return vault.read(new SlotId(owner.value()));
    }

    private byte[] day(Instant end) {
        return name("day", LocalDate.ofInstant(end, ZoneOffset.UTC).toString());
    }

    private byte[] name(String label, String value) {
        return Hmac.sha256(names, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }

    @Override
    public void close() {
        seals.close();
        names.close();
    }
}
