package org.twinkeep.portal.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.IdentityKey;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.portal.accounts.Account.State;
import org.twinkeep.portal.accounts.AccountRefused.Why;
import org.twinkeep.portal.tables.Tables;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.erasure.Sweep;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everybody who may sign in.
 *
 * <p>Names are looked up by an HMAC under a house key; what is personal is sealed under an erasable slot of the account's
 * own, so that it goes for good with the twin. Passwords are kept as Argon2id hashes, sealed. A patient's seed, from which
 * the keys that sign consents derive, is wrapped by the password and by the recovery code only: this file, the vault and
 * its key together do not open it. {@code docs/formats/accounts.md} gives the layout.
 */
public final class Accounts implements Sweep, AutoCloseable {
    private static final Duration LINK_HOLDS = Duration.ofDays(7);
    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS account(
          id text PRIMARY KEY, role text NOT NULL, name bytea UNIQUE, twin bytea UNIQUE,
          access bytea NOT NULL, person bytea NOT NULL)\
        """,
        "CREATE TABLE IF NOT EXISTS link(token bytea PRIMARY KEY, account text NOT NULL UNIQUE, until bigint NOT NULL)",
        "CREATE TABLE IF NOT EXISTS attempt(key bytea PRIMARY KEY, failures integer NOT NULL, last bigint NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS granted(
          consent bytea PRIMARY KEY, grantee bytea NOT NULL, patient bytea NOT NULL, sealed bytea NOT NULL)\
        """,
        "CREATE INDEX IF NOT EXISTS granted_to ON granted(grantee)",
        "CREATE INDEX IF NOT EXISTS account_role ON account(role)",
        "CREATE INDEX IF NOT EXISTS link_until ON link(until)",
        "CREATE INDEX IF NOT EXISTS attempt_last ON attempt(last, failures)"
    };
    private static final String STORED = "SELECT id, role, access, person FROM account";
    private static final Person NOBODY = new Person("", "", ZoneOffset.UTC, Locale.ENGLISH);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What the house keeps about how an account is opened; sealed under the house key. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Access(
            @Nullable String hash,
            byte @Nullable [] seedByPassword,
            byte @Nullable [] seedByCode,
            int generation,
            @Nullable Long resetAt,
            boolean closed,
            @Nullable String receipt,
            @Nullable String identity,
            @Nullable Boolean breaksGlass) {

        static final Access NONE = new Access(null, null, null, 0, null, false, null, null, null);

        Access opens(String hash, byte @Nullable [] seedByPassword, byte @Nullable [] seedByCode) {
            return new Access(
                    hash, seedByPassword, seedByCode, generation + 1, resetAt, closed, receipt, identity, breaksGlass);
        }

        Access reset(long at) {
            return new Access(null, null, null, generation + 1, at, closed, receipt, null, breaksGlass);
        }

        Access close() {
            return new Access(hash, null, null, generation + 1, resetAt, true, receipt, null, breaksGlass);
        }

        Access rehashed(String fresh) {
            return new Access(
                    fresh, seedByPassword, seedByCode, generation, resetAt, closed, receipt, identity, breaksGlass);
        }

        Access withCode(byte[] wrapped) {
            return new Access(
                    hash, seedByPassword, wrapped, generation, resetAt, closed, receipt, identity, breaksGlass);
        }

        Access withReceipt(String id) {
            return new Access(hash, seedByPassword, seedByCode, generation, resetAt, closed, id, identity, breaksGlass);
        }

        Access withIdentity(VerifyingKey key) {
            return new Access(
                    hash,
                    seedByPassword,
                    seedByCode,
                    generation,
                    resetAt,
                    closed,
                    receipt,
                    Hex.of(key.bytes()),
                    breaksGlass);
        }

        Access breaking(boolean may) {
            return new Access(hash, seedByPassword, seedByCode, generation, resetAt, closed, receipt, identity, may);
        }
    }

    /** What goes with the account's slot. */
    private record Kept(
            String signIn,
            String name,
            String organisation,
            String zone,
            String locale,
            @Nullable String twin) {
        Person person() {
            return new Person(name, organisation, ZoneId.of(zone), Locale.forLanguageTag(locale));
        }

        static Kept of(String signIn, Person person, @Nullable TwinId twin) {
            return new Kept(
                    signIn,
                    person.name(),
                    person.organisation(),
                    person.zone().getId(),
                    person.locale().toLanguageTag(),
                    twin == null ? null : twin.toString());
        }
    }

    private record KeptGrant(
            String twin,
            String handle,
            String patient,
            @Nullable String birthDate) {}

    private record Stored(AccountId id, Role role, byte[] access, byte[] person) {}

    private final Tables file;
    private final Vault vault;
    private final Clock clock;
    private final SecureRandom random;
    private final Secret seals;
    private final BlindNames names;
    private final Passwords passwords;
    private final Throttle throttle;
    private final Clients clients;

    /** @param file where they lie; not its own to close */
    public Accounts(Tables file, Vault vault, Clock clock, SecureRandom random) {
        this.file = file;
        file.make(TABLES);
        this.vault = vault;
        this.clock = clock;
        this.random = random;
        this.seals = vault.houseKey("accounts");
        this.names = new BlindNames(vault.houseKey("accounts-names"));
        this.passwords = new Passwords(random);
        this.throttle = new Throttle(file, clock);
        this.clients = new Clients(file, seals, names, throttle, clock, random);
    }

    // Making accounts

    /** Makes an account at once, with a password. @throws AccountRefused */
    public Opened open(Role role, String signIn, Person person, @Nullable TwinId twin, char[] password) {
        var id = add(role, person, twin);
        try {
            return setUp(id, signIn, person, password);
        } catch (AccountRefused e) {
            remove(id);
            throw e;
        }
    }

    /** Makes an account whose owner chooses name and password by the link. */
    public SetUpLink invite(Role role, Person person, @Nullable TwinId twin) {
        return link(add(role, person, twin));
    }

    /** Whose link this is, while it holds. */
    public Optional<Account> invited(String token) {
        return file.one(
                        row -> AccountId.of(row.getString(1)),
                        "SELECT account FROM link WHERE token = ? AND until > ?",
                        hashed(token),
                        clock.millis())
                .flatMap(this::find);
    }

    /** Uses a link, once. A patient gets a fresh seed and recovery code. @throws AccountRefused */
    public Opened accept(String token, String signIn, Person person, char[] password) {
        var account = invited(token).orElseThrow(() -> new AccountRefused(Why.LINK_USED));
        check(signIn, password);
        if (file.change("DELETE FROM link WHERE token = ?", (Object) hashed(token)) != 1) {
            throw new AccountRefused(Why.LINK_USED);
        }
        try {
            return setUp(account.id(), signIn, person, password);
        } catch (AccountRefused e) {
            keep(account.id(), token);
            throw e;
        }
    }

    /**
     * Takes password, recovery code and seed away, ends every session and gives a link for setting up anew. The old seed is
     * gone: consents signed with it can from now on only be narrowed or ended by the house.
     */
    public SetUpLink reset(AccountId id) {
        var account = find(id).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        if (account.state() == State.CLOSED) {
            throw new AccountRefused(Why.CLOSED);
        }
        access(id, access -> access.reset(clock.millis()));
        return link(id);
    }

    /** Links a patient's account to its twin, or says the same again. @throws AccountRefused */
    public void link(AccountId id, TwinId twin) {
        var account = find(id).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        if (account.role() != Role.PATIENT) {
            throw new AccountRefused(Why.NOT_A_PATIENT);
        }
        if (account.twin() != null && !account.twin().equals(twin)) {
            throw new AccountRefused(Why.OTHER_TWIN);
        }
        person(id, account.signIn(), account.person(), twin);
    }

    /** Changes what the account says about its person. */
    public void describe(AccountId id, Person person) {
        var account = find(id).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        if (account.state() == State.CLOSED) {
            throw new AccountRefused(Why.CLOSED);
        }
        person(id, account.signIn(), person, account.twin());
    }

    /** Lets a clinician break the glass in an emergency, or no longer; at once. @throws AccountRefused */
    public void letBreakGlass(AccountId id, boolean may) {
        var account = find(id).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        if (account.role() != Role.CLINICIAN) {
            throw new AccountRefused(Why.NOT_A_CLINICIAN);
        }
        access(id, access -> access.breaking(may));
    }

    /** Whether this account may break the glass, now. */
    public boolean breaksGlass(Looker looker) {
        return looker.role().equals(Role.CLINICIAN.code())
                && find(AccountId.of(looker.id()))
                        .filter(account -> account.breaksGlass() && account.state() == State.OPEN)
                        .isPresent();
    }

    // Finding accounts

    public Optional<Account> find(AccountId id) {
        return stored("id", id.toString()).map(this::account);
    }

    public Optional<Account> bySignIn(String signIn) {
        return stored("name", names.signIn(signIn)).map(this::account);
    }

    public Optional<Account> ofTwin(TwinId twin) {
        return stored("twin", names.twin(twin)).map(this::account);
    }

    /** Everybody, by role and name. */
    public List<Account> all() {
        return file.all(Accounts::stored, STORED).stream()
                .map(this::account)
                .sorted(Comparator.comparing(Account::role).thenComparing(Account::name))
                .toList();
    }

    /** Whom a patient can pick as grantee: clinicians who have set up their account, by name. */
    public List<Account> clinicians() {
        return all().stream()
                .filter(account -> account.role() == Role.CLINICIAN && account.state() == State.OPEN)
                .toList();
    }

    /** The public half of the key that says who signed; nothing where nobody has set the account up, or not since a reset. */
    public Optional<VerifyingKey> identityKey(AccountId id) {
        return stored("id", id.toString())
                .map(this::access)
                .map(Access::identity)
                .map(key -> new VerifyingKey(Hex.parse(key)));
    }

    private static VerifyingKey identity(Secret seed) {
        return IdentityKey.of(seed).verifyingKey();
    }

    // Opening accounts

    /**
     * Signs in. An unknown name, a wrong password and too many attempts are answered alike, the first two in the same time.
     *
     * @param remote the network address that asks
     */
    public Optional<Opened> signIn(String signIn, char[] password, String remote) {
        var name = names.signIn(signIn);
        var address = names.address(remote);
        if (!throttle.enter(Throttle.What.ADDRESS, address) || !throttle.enter(Throttle.What.NAME, name)) {
            return Optional.empty();
        }
        var stored = stored("name", name);
        var access = stored.map(this::access).orElse(Access.NONE);
        if (!passwords.match(password, access.hash())) {
            return Optional.empty();
        }
        throttle.forgive(name);
        throttle.giveBack(address);
        var row = stored.orElseThrow();
        var hash = access.hash();
        if (hash != null && Passwords.outdated(hash)) {
            var fresh = passwords.hash(password);
            access(row.id(), a -> a.rehashed(fresh));
        }
        var wrapped = access.seedByPassword();
        var seed = wrapped == null ? null : passwords.unwrap(row.id(), password, wrapped);
        if (seed != null && access.identity() == null) {
            var identity = identity(seed);
            access(row.id(), a -> a.withIdentity(identity));
        }
        return Optional.of(new Opened(account(row), seed, null));
    }

    /** Opens a patient's account by its recovery code, sets a new password and gives a new code. Answers like {@link #signIn}. */
    public Optional<Opened> recover(String signIn, char[] code, char[] password, String remote) {
        check(signIn, password);
        var name = names.signIn(signIn);
        var address = names.address(remote);
        if (!throttle.enter(Throttle.What.ADDRESS, address) || !throttle.enter(Throttle.What.NAME, name)) {
            return Optional.empty();
        }
        var stored = stored("name", name);
        var wrapped = stored.map(this::access).orElse(Access.NONE).seedByCode();
        var typed = RecoveryCode.asTyped(code);
        try {
            if (wrapped == null) {
                passwords.takeAsLong(typed);
                return Optional.empty();
            }
            var id = stored.orElseThrow().id();
            var seed = passwords.unwrap(id, typed, wrapped);
            throttle.forgive(name);
            throttle.giveBack(address);
            return Optional.of(keyed(id, password, seed));
        } catch (Tampered e) {
            return Optional.empty();
        } finally {
            Arrays.fill(typed, ' ');
        }
    }

    /** Changes the password; every other session ends. The recovery code stays. @throws AccountRefused */
    public Account changePassword(AccountId id, char[] present, char[] fresh) {
        var account = find(id).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        check(account.signIn(), fresh);
        var access = proven(id, present);
        var hash = passwords.hash(fresh);
        var old = access.seedByPassword();
        byte[] wrapped = null;
        if (old != null) {
            try (var seed = passwords.unwrap(id, present, old)) {
                wrapped = passwords.wrap(id, fresh, seed);
            }
        }
        var rewrapped = wrapped;
        access(id, a -> a.opens(hash, rewrapped, a.seedByCode()));
        return find(id).orElseThrow();
    }

    /** Makes a new recovery code; the old one opens nothing from then on. @throws AccountRefused */
    public RecoveryCode newRecoveryCode(AccountId id, char[] password) {
        var wrapped = proven(id, password).seedByPassword();
        if (wrapped == null) {
            throw new AccountRefused(Why.NO_SEED);
        }
        var code = RecoveryCode.fresh(random);
        try (var seed = passwords.unwrap(id, password, wrapped)) {
            var byCode = passwords.wrap(id, code.forStretching(), seed);
            access(id, a -> a.withCode(byCode));
        }
        return code;
    }

    // Who was given what

    /**
     * Remembers that the grantee was given a consent, so that "my patients" needs no search. It lies under the patient's
     * slot and goes with it; under the grantee's own where nobody signs in for the patient. Saying it again is fine.
     */
    public void granted(AccountId grantee, Grant grant) {
        var owner = ofTwin(grant.twin()).map(Account::id).orElse(grantee);
        var slot = vault.read(new SlotId(owner.value())).orElseThrow(() -> new AccountRefused(Why.CLOSED));
        try (slot) {
            var kept =
                    new KeptGrant(grant.twin().toString(), grant.handle().value(), grant.patient(), grant.birthDate());
            file.change(
                    "INSERT INTO granted VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    names.consent(grant.handle()),
                    names.grantee(grantee),
                    Box.seal(seals, names.consent(grant.handle()), bytes(owner.value())),
                    Box.seal(slot, names.consent(grant.handle()), JSON.writeValueAsBytes(kept)));
        }
    }

    /** The consent ended. */
    public void grantEnded(ConsentHandle handle) {
        file.change("DELETE FROM granted WHERE consent = ?", (Object) names.consent(handle));
    }

    /** The consents that somebody was given and that were not taken back; whether they are live, the ledger knows. */
    public List<Grant> grantsTo(AccountId grantee) {
        record Row(byte[] consent, byte[] patient, byte[] sealed) {}
        return file
                .all(
                        row -> new Row(row.getBytes(1), row.getBytes(2), row.getBytes(3)),
                        "SELECT consent, patient, sealed FROM granted WHERE grantee = ?",
                        (Object) names.grantee(grantee))
                .stream()
                .flatMap(row -> vault.read(new SlotId(uuid(Box.open(seals, row.consent(), row.patient())))).stream()
                        .map(slot -> {
                            try (slot) {
                                var kept = JSON.readValue(Box.open(slot, row.consent(), row.sealed()), KeptGrant.class);
                                return new Grant(
                                        TwinId.of(kept.twin()),
                                        new ConsentHandle(kept.handle()),
                                        kept.patient(),
                                        kept.birthDate());
                            }
                        }))
                .toList();
    }

    /** Programs that may ask for decisions. */
    public Clients clients() {
        return clients;
    }

    /** Counts an attempt to find somebody in an emergency. @return whether it may go on */
    public boolean mayLookForSomebody(AccountId finder) {
        return throttle.enter(Throttle.What.FINDER, names.finder(finder));
    }

    /** The attempt found somebody: the count starts anew. */
    public void foundSomebody(AccountId finder) {
        throttle.forgive(names.finder(finder));
    }

    // Erasing

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // Accounts keep nothing of entries.
    }

    /**
     * The account's name, sign-in name, twin and given consents go; its password stays, so that its owner reads the
     * receipt.
     */
    @Override
    public void twinErased(TwinId twin) {
        ofTwin(twin).ifPresent(account -> {
            vault.erase(new SlotId(account.id().value()));
            access(account.id(), Access::close);
            file.change(
                    "UPDATE account SET twin = NULL, person = ? WHERE id = ?",
                    new byte[0],
                    account.id().toString());
            file.change("DELETE FROM link WHERE account = ?", account.id().toString());
            file.cutLog();
        });
    }

    /** Remembers which receipt the owner of a closed account is to read. */
    public void keepReceipt(AccountId id, String receipt) {
        access(id, access -> access.withReceipt(receipt));
    }

    @Override
    public void close() {
        seals.close();
        names.close();
    }

    // Rows

    private AccountId add(Role role, Person person, @Nullable TwinId twin) {
        if (twin != null && role != Role.PATIENT) {
            throw new AccountRefused(Why.NOT_A_PATIENT);
        }
        var id = new AccountId(new UUID(random.nextLong(), random.nextLong()));
        vault.replace(new SlotId(id.value()), Secret.random(random));
        int added = file.change(
                "INSERT INTO account VALUES (?, ?, NULL, ?, ?, ?)",
                id.toString(),
                role.name(),
                twin == null ? null : names.twin(twin),
                sealed(id, Access.NONE),
                sealed(id, Kept.of("", person, twin)));
        if (added < 0) {
            vault.erase(new SlotId(id.value()));
            throw new AccountRefused(Why.TWIN_TAKEN);
        }
        return id;
    }

    private void remove(AccountId id) {
        file.change("DELETE FROM account WHERE id = ?", id.toString());
        vault.erase(new SlotId(id.value()));
    }

    private Opened setUp(AccountId id, String signIn, Person person, char[] password) {
        check(signIn, password);
        var account = find(id).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        person(id, signIn.strip(), person, account.twin());
        if (account.role() == Role.PATIENT) {
            return keyed(id, password, Secret.random(random));
        }
        var hash = passwords.hash(password);
        access(id, a -> a.opens(hash, null, null));
        return new Opened(find(id).orElseThrow(), null, null);
    }

    /** Wraps the seed by this password and a fresh recovery code. */
    private Opened keyed(AccountId id, char[] password, Secret seed) {
        var code = RecoveryCode.fresh(random);
        var hash = passwords.hash(password);
        var byPassword = passwords.wrap(id, password, seed);
        var byCode = passwords.wrap(id, code.forStretching(), seed);
        var identity = identity(seed);
        access(id, a -> a.opens(hash, byPassword, byCode).withIdentity(identity));
        return new Opened(find(id).orElseThrow(), seed, code);
    }

    private SetUpLink link(AccountId id) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new SetUpLink(id, token, keep(id, token));
    }

    private Instant keep(AccountId id, String token) {
        var until = clock.instant().plus(LINK_HOLDS);
        file.together(() -> {
            file.change("DELETE FROM link WHERE account = ?", id.toString());
            return file.change("INSERT INTO link VALUES (?, ?, ?)", hashed(token), id.toString(), until.toEpochMilli());
        });
        return until;
    }

    private void person(AccountId id, String signIn, Person person, @Nullable TwinId twin) {
        int changed = file.change(
                "UPDATE account SET name = ?, twin = ?, person = ? WHERE id = ?",
                signIn.isEmpty() ? null : names.signIn(signIn),
                twin == null ? null : names.twin(twin),
                sealed(id, Kept.of(signIn, person, twin)),
                id.toString());
        if (changed < 0) {
            boolean named =
                    bySignIn(signIn).filter(other -> !other.id().equals(id)).isPresent();
            throw new AccountRefused(named ? Why.NAME_TAKEN : Why.TWIN_TAKEN);
        }
    }

    private void access(AccountId id, UnaryOperator<Access> change) {
        file.together(() -> {
            var row = stored("id", id.toString()).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
            return file.change(
                    "UPDATE account SET access = ? WHERE id = ?", sealed(id, change.apply(access(row))), id.toString());
        });
    }

    private Access proven(AccountId id, char[] password) {
        var access =
                stored("id", id.toString()).map(this::access).orElseThrow(() -> new AccountRefused(Why.NO_ACCOUNT));
        var key = names.present(id);
        if (!throttle.enter(Throttle.What.NAME, key) || !passwords.match(password, access.hash())) {
            throw new AccountRefused(Why.PASSWORD_WRONG);
        }
        throttle.forgive(key);
        return access;
    }

    private Optional<Stored> stored(String column, Object value) {
        return file.one(Accounts::stored, STORED + " WHERE " + column + " = ?", value);
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                AccountId.of(row.getString(1)), Role.valueOf(row.getString(2)), row.getBytes(3), row.getBytes(4));
    }

    private Account account(Stored row) {
        var access = access(row);
        var kept = vault.read(new SlotId(row.id().value())).map(slot -> {
            try (slot) {
                return JSON.readValue(Box.open(slot, bytes(row.id().value()), row.person()), Kept.class);
            }
        });
        var state =
                access.closed() || kept.isEmpty() ? State.CLOSED : access.hash() == null ? State.WAITING : State.OPEN;
        return new Account(
                row.id(),
                row.role(),
                state,
                kept.map(Kept::signIn).orElse(""),
                kept.map(Kept::person).orElse(NOBODY),
                kept.map(Kept::twin).map(TwinId::of).orElse(null),
                access.generation(),
                access.resetAt() == null ? null : Instant.ofEpochMilli(access.resetAt()),
                access.receipt(),
                row.role() == Role.CLINICIAN && Boolean.TRUE.equals(access.breaksGlass()));
    }

    private Access access(Stored row) {
        return JSON.readValue(Box.open(seals, bytes(row.id().value()), row.access()), Access.class);
    }

    private byte[] sealed(AccountId id, Access access) {
        return Box.seal(seals, bytes(id.value()), JSON.writeValueAsBytes(access));
    }

    private byte[] sealed(AccountId id, Kept kept) {
        try (var slot = vault.read(new SlotId(id.value())).orElseThrow(() -> new AccountRefused(Why.CLOSED))) {
            return Box.seal(slot, bytes(id.value()), JSON.writeValueAsBytes(kept));
        }
    }

    private static void check(String signIn, char[] password) {
        var name = BlindNames.normal(signIn);
        if (name.length() < 3 || name.length() > 100 || name.chars().anyMatch(Character::isWhitespace)) {
            throw new AccountRefused(Why.NAME_UNFIT);
        }
        if (password.length < 10) {
            throw new AccountRefused(Why.PASSWORD_SHORT);
        }
        if (password.length > 128) {
            throw new AccountRefused(Why.PASSWORD_LONG);
        }
        if (BlindNames.normal(new String(password)).equals(name)) {
            throw new AccountRefused(Why.PASSWORD_IS_NAME);
        }
    }

    private static byte[] hashed(String token) {
        return Sha2.sha256().digest(token.getBytes(UTF_8));
    }

    private static byte[] bytes(UUID id) {
        return id.toString().getBytes(UTF_8);
    }

    private static UUID uuid(byte[] bytes) {
        return UUID.fromString(new String(bytes, UTF_8));
    }
}
