package org.twinkeep.portal.endings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.Provenance.Proof;
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
 * Tells patients, and without details those they share with, 14 and 3 days before a consent ends and once it has ended; and
 * patients alone when somebody else than they ended something that they share or never show. In the place of a patient who
 * does not sign in, whoever may share for them is told.
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
    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS ending(
          consent bytea PRIMARY KEY, day bytea NOT NULL, twin bytea NOT NULL, told integer NOT NULL,
          slot bytea NOT NULL, sealed bytea NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS ending_day ON ending(day)",
        "CREATE INDEX IF NOT EXISTS ending_twin ON ending(twin, told)",
        """
        CREATE TABLE IF NOT EXISTS ending_read(one integer PRIMARY KEY, block bigint NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS ending_read_block ON ending_read(block)"
    };
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
        long head = consents.position().block();
        tables.change("INSERT INTO ending_read VALUES (0, ?) ON CONFLICT DO NOTHING", head);
        // After a restore the ledger may be shorter than what was read of it.
        tables.change("UPDATE ending_read SET block = ? WHERE block > ?", head, head);
    }

    /** From now on its end is told. Saying it again is fine. */
    public void watch(Consent consent) {
        watch(
                consent.twin(),
                consent.handle(),
                consent.terms().term().end(),
                () -> grantee(consent.terms().granteeId()));
    }

    /** From now on it is told when somebody else than the patient ends it. Saying it again is fine. */
    public void watch(OtherConsent consent) {
        watch(consent.kept().twin(), consent.handle(), Optional.empty(), Optional::empty);
    }

    /** @param end nothing: only that somebody else ended it is told */
    private void watch(
            TwinId twin, ConsentHandle handle, Optional<Instant> end, Supplier<Optional<AccountId>> otherwise) {
        var owner = accounts.ofTwin(twin).map(Account::id).or(otherwise).or(() -> delegateOf(twin));
        if (owner.isEmpty()) {
            return;
        }
        var name = name("consent", handle.value());
        slot(owner.get()).ifPresent(slot -> {
            try (slot) {
                var kept = new Kept(twin.toString(), handle.value());
                tables.change(
                        "INSERT INTO ending VALUES (?, ?, ?, 0, ?, ?) ON CONFLICT (consent) DO UPDATE SET"
                                + " day = excluded.day, told = 0 WHERE ending.day <> excluded.day",
                        name,
                        end.map(this::day).orElseGet(() -> name("no day", handle.value())),
                        name("twin", twin.toString()),
                        Box.seal(seals, name, owner.get().toString().getBytes(UTF_8)),
                        Box.seal(slot, name, JSON.writeValueAsBytes(kept)));
            }
        });
    }

    /** Of a child nobody but those who act for it have an account. */
    private Optional<AccountId> delegateOf(TwinId twin) {
        return delegates.of(twin).listed().stream()
                .map(delegation -> AccountId.of(delegation.appointment().delegate()))
                .findFirst();
    }

    /** The patient is about to end it: that it ends is not told, whoever's key signs it. */
    public void endedByPatient(ConsentHandle handle) {
        tables.change("DELETE FROM ending WHERE consent = ?", (Object) name("consent", handle.value()));
    }

    /** Tells what somebody else than the patient ended, as far as the ledger has it. */
    public void tellStopped() {
        long read = tables.one(row -> row.getLong(1), "SELECT block FROM ending_read")
                .orElseThrow();
        long head = consents.position().block();
        for (long block = read + 1; block <= head; block++) {
            for (var handle : consents.endedIn(block)) {
                row(handle).ifPresent(row -> {
                    opened(row).ifPresent(kept -> tellStopped(TwinId.of(kept.twin()), handle));
                    tables.change("DELETE FROM ending WHERE consent = ?", (Object) row.consent());
                });
            }
            tables.change("UPDATE ending_read SET block = ? WHERE block < ?", block, block);
        }
    }

    private Optional<Row> row(ConsentHandle handle) {
        return tables.one(Row::from, "SELECT consent, told, slot, sealed FROM ending WHERE consent = ?", (Object)
                name("consent", handle.value()));
    }

    private void tellStopped(TwinId twin, ConsentHandle handle) {
        boolean byOthers = consents.wasEndedByOthers(handle);
        var all = consents.of(twin);
        all.stream()
                .filter(consent -> consent.handle().equals(handle))
                .filter(consent -> byOthers || isADelegates(consents.proof(twin, handle)))
                .filter(consent -> isEarly(consent) && all.stream().noneMatch(other -> replaces(other, consent)))
                .findFirst()
                .ifPresent(consent -> tellPatient(
                        twin,
                        handle,
                        Kind.CONSENT_STOPPED,
                        Kind.CONSENT_STOPPED_OF,
                        Word.purpose(consent.terms().purpose().code()),
                        Word.text(consent.terms().granteeName()),
                        moment(consent.endedAt()),
                        Word.chapters(consent.terms().chapters())));
        consents.others(twin).stream()
                .filter(consent -> consent.handle().equals(handle))
                .filter(consent -> byOthers || consent.delegation() != null)
                .findFirst()
                .ifPresent(consent -> tellPatient(twin, consent, byOthers));
    }

    private void tellPatient(TwinId twin, OtherConsent consent, boolean byOthers) {
        var when = moment(consent.endedAt());
        var chapters = consent.denial().map(denial -> Word.chapters(denial.chapters()));
        if (chapters.isEmpty()) {
            tellPatient(twin, consent.handle(), Kind.BROUGHT_STOPPED, Kind.BROUGHT_STOPPED_OF, when);
        } else if (byOthers) {
            tellPatient(twin, consent.handle(), Kind.DENIAL_STOPPED, Kind.DENIAL_STOPPED_OF, chapters.get(), when);
        } else {
            tellPatient(
                    twin, consent.handle(), Kind.DENIAL_TAKEN_BACK, Kind.DENIAL_TAKEN_BACK_OF, chapters.get(), when);
        }
    }

    /** Its own key is a delegate's then, and not the patient's. */
    private static boolean isADelegates(Proof proof) {
        return proof == Proof.CHOSEN || proof == Proof.DELEGATE;
    }

    private static Word moment(@Nullable Instant endedAt) {
        return Word.moment(Objects.requireNonNull(endedAt));
    }

    /** Whether it was ended before its own last day was over. */
    private static boolean isEarly(Consent consent) {
        return consent.terms()
                .term()
                .end()
                .filter(end -> !Objects.requireNonNull(consent.endedAt()).isBefore(end))
                .isEmpty();
    }

    private void tellPatient(TwinId twin, ConsentHandle handle, Kind kind, Kind ofPatient, Word... words) {
        notices.tell(twin, Notice.of(kind, "/consents", words).once(handle.value()));
        if (!signsIn(twin)) {
            acting(twin, (delegate, patient) -> {
                var all =
                        Stream.concat(Stream.of(patient), Arrays.stream(words)).toArray(Word[]::new);
                notices.tell(
                        delegate,
                        Notice.of(ofPatient, "/people", all).about(twin).once(handle.value()));
            });
        }
    }

    private boolean signsIn(TwinId twin) {
        return accounts.ofTwin(twin)
                .filter(account -> !account.signIn().isEmpty())
                .isPresent();
    }

    /** Those who could share for the patient now. */
    private void acting(TwinId twin, BiConsumer<AccountId, Word> each) {
        for (var delegation : delegates.of(twin).listed()) {
            var delegate = AccountId.of(delegation.appointment().delegate());
            delegates
                    .acting(delegate, twin)
                    .filter(acting -> acting.by().equals(delegation) && acting.may(Power.GRANT))
                    .ifPresent(_ -> each.accept(
                            delegate, Word.text(delegation.appointment().patientName())));
        }
    }

    /** Tells what is due. */
    public void tell(Instant now) {
        if (!allWatched.get()) {
            var ofAccounts = accounts.all().stream()
                    .filter(account -> account.twin() != null && account.state() != Account.State.CLOSED)
                    .map(account -> Objects.requireNonNull(account.twin()));
            Stream.concat(ofAccounts, delegates.everybody().stream()).distinct().forEach(this::watchAll);
            allWatched.set(true);
        }
        tellStopped();
        for (var row : due(now)) {
            opened(row).ifPresent(kept -> tell(row, TwinId.of(kept.twin()), new ConsentHandle(kept.handle()), now));
        }
    }

    private void watchAll(TwinId twin) {
        consents.of(twin).stream()
                .filter(consent -> consent.status() == Status.ACTIVE)
                .forEach(this::watch);
        consents.others(twin).stream()
                .filter(consent -> consent.status() == Status.ACTIVE)
                .forEach(this::watch);
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

    /** Whether it gives the same person for the same purpose what an ended one gave. */
    private static boolean replaces(Consent other, Consent ended) {
        return other.status() == Status.ACTIVE
                && other.terms().granteeId().equals(ended.terms().granteeId())
                && other.terms().purpose() == ended.terms().purpose()
                && other.terms().chapters().containsAll(ended.terms().chapters());
    }

    /** Whether it gives the same person for the same purpose a longer time. */
    private static boolean carriesOn(Consent other, Consent consent) {
        return replaces(other, consent)
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
        if (!signsIn(consent.twin())) {
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
        acting(
                consent.twin(),
                (delegate, patient) -> notices.tell(
                        delegate,
                        (due == ENDED
                                        ? Notice.of(Kind.CONSENT_ENDED_OF, "/people", purpose, who, patient)
                                        : Notice.of(
                                                Kind.CONSENT_ENDS_SOON_OF, "/people", purpose, who, patient, lastDay))
                                .about(consent.twin())
                                .once(once)));
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
