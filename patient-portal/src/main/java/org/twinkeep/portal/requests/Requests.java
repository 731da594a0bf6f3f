package org.twinkeep.portal.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.purposes.PurposeCatalogue;
import org.twinkeep.consent.research.DataUse;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notice.Word;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.requests.Asked.State;
import org.twinkeep.portal.requests.RequestRefused.Why;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who asked whom for access, and what came of it.
 *
 * <p>Promise: an asker learns nothing from asking. A code that is nobody's is answered, kept, listed and lapses like one
 * that is somebody's; only the patient sees the request and the asker's words. {@code docs/formats/requests.md}.
 */
public final class Requests implements Sweep, AutoCloseable {
    /** How long a patient has to answer. */
    public static final Duration OPEN_FOR = Duration.ofDays(14);

    /** How long an ended request is listed. */
    static final Duration KEPT_FOR = Duration.ofDays(365);

    static final int OPEN_AT_ONCE = 10;
    static final int A_DAY = 20;

    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS request_code(
          patient bytea PRIMARY KEY, code bytea NOT NULL UNIQUE, owner bytea NOT NULL, sealed bytea NOT NULL)""",
        """
        CREATE TABLE IF NOT EXISTS request(
          id text PRIMARY KEY, asker bytea NOT NULL, patient bytea NOT NULL, code bytea NOT NULL, state text NOT NULL,
          until bigint NOT NULL, owners bytea NOT NULL, asked bytea NOT NULL, received bytea NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS request_by_asker ON request(asker)",
        "CREATE INDEX IF NOT EXISTS request_for_patient ON request(patient)",
        "CREATE INDEX IF NOT EXISTS request_until ON request(state, until)",
        "CREATE INDEX IF NOT EXISTS request_code_asked ON request(code)",
        "CREATE TABLE IF NOT EXISTS data_use(patient bytea PRIMARY KEY, sealed bytea NOT NULL)"
    };
    private static final String ROW = "SELECT id, state, until, owners, asked, received FROM request";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @param patient null where the code is nobody's */
    private record Owners(String asker, @Nullable String patient, String proposal) {}

    private record KeptAsked(Draft draft, String codeEnd, long at) {}

    private record KeptReceived(
            Draft draft,
            String asker,
            String name,
            String organisation,
            String role,
            String why,
            String salt,
            long at) {}

    private record Row(String id, State state, Instant until, byte[] owners, byte[] asked, byte[] received) {
        static Row from(ResultSet row) throws SQLException {
            return new Row(
                    row.getString(1),
                    State.valueOf(row.getString(2)),
                    Instant.ofEpochMilli(row.getLong(3)),
                    row.getBytes(4),
                    row.getBytes(5),
                    row.getBytes(6));
        }
    }

    private final Tables tables;
    private final Accounts accounts;
    private final Notices notices;
    private final Proposals proposals;
    private final Vault vault;
    private final Clock clock;
    private final SecureRandom random;
    private final Secret seals;
    private final Secret names;

    /** @param tables not its own to close */
    public Requests(
            Tables tables,
            Accounts accounts,
            Notices notices,
            Proposals proposals,
            Vault vault,
            Clock clock,
            SecureRandom random) {
        this.tables = tables;
        this.accounts = accounts;
        this.notices = notices;
        this.proposals = proposals;
        this.vault = vault;
        this.clock = clock;
        this.random = random;
        this.seals = vault.houseKey("requests");
        this.names = vault.houseKey("requests-names");
        tables.make(TABLES);
    }

    // The patient's code

    /** The code by which this patient can be asked; nothing while nobody can. */
    public Optional<ShareCode> code(Account patient) {
        return patientOf(patient)
                .flatMap(name -> tables.one(
                                row -> row.getBytes(1), "SELECT sealed FROM request_code WHERE patient = ?", (Object)
                                        name)
                        .flatMap(kept -> opened(patient.id(), name, kept))
                        .flatMap(text -> ShareCode.typed(new String(text, UTF_8))));
    }

    /** Makes a code; the one before works no more. */
    public ShareCode newCode(Account patient) {
        var name = patientOf(patient).orElseThrow();
        var code = ShareCode.fresh(random);
        try (var slot = slot(patient.id()).orElseThrow()) {
            var sealed = Box.seal(slot, name, code.characters().getBytes(UTF_8));
            var owner = Box.seal(seals, name, bytes(patient.id()));
            tables.together(() -> {
                tables.change("DELETE FROM request_code WHERE patient = ?", (Object) name);
                return tables.change("INSERT INTO request_code VALUES (?, ?, ?, ?)", name, name(code), owner, sealed);
            });
        }
        return code;
    }

    /** From now on nobody can ask this patient; what is open stays open. */
    public void withdrawCode(Account patient) {
        patientOf(patient)
                .ifPresent(name -> tables.change("DELETE FROM request_code WHERE patient = ?", (Object) name));
    }

    private Optional<Account> ownerOf(ShareCode code) {
        return tables.one(
                        row -> Box.open(seals, row.getBytes(1), row.getBytes(2)),
                        "SELECT patient, owner FROM request_code WHERE code = ?",
                        (Object) name(code))
                .flatMap(id -> accounts.find(AccountId.of(new String(id, UTF_8))))
                .filter(account -> account.twin() != null);
    }

    // Asking

    /** Asks. @throws RequestRefused the same for every code */
    public Asked ask(Account asker, ShareCode code, Draft draft, String why) {
        if (!PurposeCatalogue.current().askedBy(asker.role().code()).contains(draft.purpose())) {
            throw new RequestRefused(Why.PURPOSE_NOT_YOURS);
        }
        if (draft.chapters().contains(Chapter.SAFETY)) {
            throw new RequestRefused(Why.CHAPTER_NOT_ASKED);
        }
        var name = name("asker", asker.id().toString());
        checkThrottle(name, name(code));
        var patient = ownerOf(code);
        var salt = randomBytes();
        var proposal = proposals.propose(commitment(salt, draft));
        var at = clock.instant();
        var until = at.plus(OPEN_FOR);
        var id = HexFormat.of().formatHex(randomBytes(), 0, 16);
        var owners = new Owners(
                asker.id().toString(), patient.map(a -> a.id().toString()).orElse(null), proposal.value());
        var received = new KeptReceived(
                draft,
                asker.id().toString(),
                asker.person().name(),
                asker.person().organisation(),
                asker.role().code(),
                why,
                HexFormat.of().formatHex(salt),
                at.toEpochMilli());
        try (var own = slot(asker.id()).orElseThrow();
                var theirs = patient.flatMap(a -> slot(a.id())).orElseGet(() -> Secret.random(random))) {
            int added = tables.together(() -> {
                checkThrottle(name, name(code));
                return tables.change(
                        "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        id,
                        name,
                        patient.flatMap(this::patientOf).orElseGet(this::randomBytes),
                        name(code),
                        State.OPEN.name(),
                        until.toEpochMilli(),
                        Box.seal(seals, id.getBytes(UTF_8), JSON.writeValueAsBytes(owners)),
                        Box.seal(
                                own,
                                id.getBytes(UTF_8),
                                JSON.writeValueAsBytes(new KeptAsked(draft, code.end(), at.toEpochMilli()))),
                        Box.seal(theirs, id.getBytes(UTF_8), JSON.writeValueAsBytes(received)));
            });
            if (added != 1) {
                throw new IllegalStateException("a request has an id of its own");
            }
        }
        patient.ifPresent(account -> tellPatient(account, id, asker));
        return new Asked(id, State.OPEN, draft, code.end(), at, until);
    }

    private void checkThrottle(byte[] asker, byte[] code) {
        long now = clock.millis();
        var open = "SELECT count(*) FROM request WHERE asker = ? AND state = 'OPEN' AND until > ?";
        if (count(open + " AND code = ?", asker, now, code) > 0) {
            throw new RequestRefused(Why.ALREADY_OPEN);
        }
        if (count(open, asker, now) >= OPEN_AT_ONCE) {
            throw new RequestRefused(Why.TOO_MANY_OPEN);
        }
        long askedADayAgo = now + OPEN_FOR.toMillis() - Duration.ofDays(1).toMillis();
        if (count("SELECT count(*) FROM request WHERE asker = ? AND until > ?", asker, askedADayAgo) >= A_DAY) {
            throw new RequestRefused(Why.TOO_MANY_TODAY);
        }
    }

    private int count(String sql, Object... values) {
        return tables.one(row -> row.getInt(1), sql, values).orElse(0);
    }

    /** What somebody asked for, newest first. */
    public List<Asked> askedBy(Account asker) {
        return tables
                .all(Row::from, ROW + " WHERE asker = ?", (Object)
                        name("asker", asker.id().toString()))
                .stream()
                .flatMap(row -> opened(asker.id(), row.id().getBytes(UTF_8), row.asked()).stream()
                        .map(plain -> {
                            var kept = JSON.readValue(plain, KeptAsked.class);
                            return new Asked(
                                    row.id(),
                                    now(row),
                                    kept.draft(),
                                    kept.codeEnd(),
                                    Instant.ofEpochMilli(kept.at()),
                                    row.until());
                        }))
                .sorted(Comparator.comparing(Asked::at).reversed())
                .toList();
    }

    /** Takes an open request back. @return whether it was open, and theirs */
    public boolean withdraw(Account asker, String id) {
        return tables.one(
                        Row::from,
                        ROW + " WHERE id = ? AND asker = ?",
                        id,
                        name("asker", asker.id().toString()))
                .filter(row -> end(row, State.WITHDRAWN))
                .isPresent();
    }

    // Answering

    /** What this patient was asked for, newest first. */
    public List<Received> receivedBy(Account patient) {
        return patientOf(patient)
                .map(name -> tables.all(Row::from, ROW + " WHERE patient = ?", (Object) name).stream()
                        .flatMap(row -> received(patient, row).stream())
                        .sorted(Comparator.comparing(Received::at).reversed())
                        .toList())
                .orElse(List.of());
    }

    public Optional<Received> received(Account patient, String id) {
        return patientOf(patient)
                .flatMap(name -> tables.one(Row::from, ROW + " WHERE id = ? AND patient = ?", id, name))
                .flatMap(row -> received(patient, row));
    }

    private Optional<Received> received(Account patient, Row row) {
        return opened(patient.id(), row.id().getBytes(UTF_8), row.received()).map(plain -> {
            var kept = JSON.readValue(plain, KeptReceived.class);
            return new Received(
                    row.id(),
                    now(row),
                    kept.draft(),
                    AccountId.of(kept.asker()),
                    kept.name(),
                    kept.organisation(),
                    kept.role(),
                    kept.why(),
                    new ConsentHandle(owners(row).proposal()),
                    Instant.ofEpochMilli(kept.at()),
                    row.until());
        });
    }

    /** The patient granted it, whole or narrowed: the asker is told that, and no more. @return whether it was open */
    public boolean accepted(Account patient, String id) {
        return answered(patient, id, State.ACCEPTED, Kind.REQUEST_ACCEPTED);
    }

    /** The patient says no; a reason is not asked for. @return whether it was open */
    public boolean refuse(Account patient, String id) {
        return answered(patient, id, State.REFUSED, Kind.REQUEST_REFUSED);
    }

    private boolean answered(Account patient, String id, State state, Kind kind) {
        var row = patientOf(patient)
                .flatMap(name -> tables.one(Row::from, ROW + " WHERE id = ? AND patient = ?", id, name));
        if (row.isEmpty() || !end(row.get(), state)) {
            return false;
        }
        tellAsker(row.get(), kind);
        return true;
    }

    // Time

    /** Lets what was not answered lapse, and tells patients what a crash may have kept from being told. */
    public void lapse(Instant now) {
        for (var row : tables.all(Row::from, ROW + " WHERE state = 'OPEN' AND until > ?", now.toEpochMilli())) {
            var owners = owners(row);
            if (owners.patient() != null) {
                accounts.find(AccountId.of(owners.patient()))
                        .ifPresent(patient -> accounts.find(AccountId.of(owners.asker()))
                                .ifPresent(asker -> tellPatient(patient, row.id(), asker)));
            }
        }
        for (var row : tables.all(Row::from, ROW + " WHERE state = 'OPEN' AND until <= ?", now.toEpochMilli())) {
            if (end(row, State.LAPSED)) {
                tellAsker(row, Kind.REQUEST_LAPSED);
            }
        }
        tables.change(
                "DELETE FROM request WHERE state <> 'OPEN' AND until < ?",
                now.minus(KEPT_FOR).toEpochMilli());
    }

    private boolean end(Row row, State state) {
        if (now(row) != State.OPEN && state != State.LAPSED) {
            return false;
        }
        int changed =
                tables.change("UPDATE request SET state = ? WHERE id = ? AND state = 'OPEN'", state.name(), row.id());
        if (changed == 1 && state != State.ACCEPTED) {
            proposals.end(new ConsentHandle(owners(row).proposal()));
        }
        return changed == 1;
    }

    /** Time acts before anybody writes it down. */
    private State now(Row row) {
        return row.state() == State.OPEN && !clock.instant().isBefore(row.until()) ? State.LAPSED : row.state();
    }

    private void tellPatient(Account patient, String id, Account asker) {
        notices.tell(
                patient.id(),
                Notice.of(
                                Kind.REQUEST_ASKED,
                                "/requests/" + id,
                                Word.text(asker.person().name()),
                                Word.text(asker.person().organisation()))
                        .once(id));
    }

    private void tellAsker(Row row, Kind kind) {
        var asker = AccountId.of(owners(row).asker());
        notices.tell(
                asker,
                Notice.of(kind, "/asked", Word.moment(row.until().minus(OPEN_FOR)))
                        .once(row.id()));
    }

    // What a patient allows researchers

    /** What this patient said that researchers may do; nothing was said: nothing. */
    public Optional<DataUse> dataUse(Account patient) {
        return patientOf(patient)
                .flatMap(name -> tables.one(
                                row -> row.getBytes(1), "SELECT sealed FROM data_use WHERE patient = ?", (Object) name)
                        .flatMap(kept -> opened(patient.id(), name, kept))
                        .map(plain -> JSON.readValue(plain, DataUse.class)));
    }

    public void allow(Account patient, DataUse dataUse) {
        var name = patientOf(patient).orElseThrow();
        try (var slot = slot(patient.id()).orElseThrow()) {
            tables.change(
                    "INSERT INTO data_use VALUES (?, ?) ON CONFLICT(patient) DO UPDATE SET sealed = excluded.sealed",
                    name,
                    Box.seal(slot, name, JSON.writeValueAsBytes(dataUse)));
        }
    }

    // Checking

    /** Opens every row. @throws org.twinkeep.crypto.Tampered where one does not open */
    public void openAll() {
        record Code(byte[] patient, byte[] owner, byte[] sealed) {}
        record Allowed(byte[] patient, byte[] sealed) {}
        for (var row : tables.all(Row::from, ROW)) {
            var owners = owners(row);
            var bound = row.id().getBytes(UTF_8);
            opened(AccountId.of(owners.asker()), bound, row.asked());
            if (owners.patient() != null) {
                opened(AccountId.of(owners.patient()), bound, row.received());
            }
        }
        for (var code : tables.all(
                row -> new Code(row.getBytes(1), row.getBytes(2), row.getBytes(3)),
                "SELECT patient, owner, sealed FROM request_code")) {
            var owner = new String(Box.open(seals, code.patient(), code.owner()), UTF_8);
            opened(AccountId.of(owner), code.patient(), code.sealed());
        }
        var allowed = tables.all(
                row -> new Allowed(row.getBytes(1), row.getBytes(2)), "SELECT patient, sealed FROM data_use");
        for (var account : accounts.all()) {
            patientOf(account)
                    .ifPresent(name -> allowed.stream()
                            .filter(each -> Arrays.equals(each.patient(), name))
                            .forEach(each -> opened(account.id(), name, each.sealed())));
        }
    }

    // Erasing

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // Requests say nothing of entries.
    }

    /** What the patient received goes; what the askers see stays as it is until it lapses, as with a code that is nobody's. */
    @Override
    public void twinErased(TwinId twin) {
        var name = name("twin", twin.toString());
        for (var row : tables.all(Row::from, ROW + " WHERE patient = ?", (Object) name)) {
            var owners = owners(row);
            try (var nobodys = Secret.random(random)) {
                tables.change(
                        "UPDATE request SET patient = ?, owners = ?, received = ? WHERE id = ?",
                        randomBytes(),
                        Box.seal(
                                seals,
                                row.id().getBytes(UTF_8),
                                JSON.writeValueAsBytes(new Owners(owners.asker(), null, owners.proposal()))),
                        Box.seal(nobodys, row.id().getBytes(UTF_8), randomBytes()),
                        row.id());
            }
        }
        tables.change("DELETE FROM request_code WHERE patient = ?", (Object) name);
        tables.change("DELETE FROM data_use WHERE patient = ?", (Object) name);
        tables.cutLog();
    }

    // Rows

    private Owners owners(Row row) {
        return JSON.readValue(Box.open(seals, row.id().getBytes(UTF_8), row.owners()), Owners.class);
    }

    private Optional<byte[]> patientOf(Account patient) {
        return Optional.ofNullable(patient.twin()).map(twin -> name("twin", twin.toString()));
    }

    private Optional<byte[]> opened(AccountId owner, byte[] bound, byte[] sealed) {
        return slot(owner).map(slot -> {
            try (slot) {
                return Box.open(slot, bound, sealed);
            }
        });
    }

    private Optional<Secret> slot(AccountId owner) {
        return vault.read(new SlotId(owner.value()));
    }

    private byte[] name(ShareCode code) {
        return name("code", code.characters());
    }

    private byte[] name(String label, String value) {
        return Hmac.sha256(names, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static String commitment(byte[] salt, Draft draft) {
        var digest = Sha2.sha256();
        digest.update(salt);
        return HexFormat.of().formatHex(digest.digest(JSON.writeValueAsBytes(draft)));
    }

    private static byte[] bytes(AccountId id) {
        return id.toString().getBytes(UTF_8);
    }

    private byte[] randomBytes() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        seals.close();
        names.close();
    }
}
