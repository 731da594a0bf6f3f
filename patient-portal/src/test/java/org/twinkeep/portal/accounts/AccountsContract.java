package org.twinkeep.portal.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.InMemoryVault;
import org.twinkeep.portal.accounts.Account.State;
import org.twinkeep.portal.accounts.AccountRefused.Why;
import org.twinkeep.portal.tables.Tables;

/** What accounts do, wherever their tables lie. An adapter extends it and says where. */
abstract class AccountsContract {
    private static final Person ADA =
            new Person("Ada Quill", "", ZoneId.of("Pacific/Auckland"), Locale.forLanguageTag("en-NZ"));
    private static final Person DR_OAK = new Person("Dr Rowan Oak", "Harbour Clinic", ZoneOffset.UTC, Locale.ENGLISH);
    private static final String PASSWORD = "seven slow herons";
    private static final TwinId TWIN = new TwinId(UUID.fromString("7e0f6f2a-0000-4000-8000-00000000aaaa"));

    protected final SecureRandom random = new SecureRandom();
    protected final InMemoryVault vault = new InMemoryVault(Secret.random(random));
    protected final MovingClock clock = new MovingClock();
    private Tables tables;
    private Accounts accounts;

    /** The tables that they lie in: at first empty ones, then the same again. */
    protected abstract Tables tables() throws Exception;

    /** Every byte of the store. */
    protected abstract String stored() throws Exception;

    @BeforeEach
    void open() throws Exception {
        tables = tables();
        accounts = new Accounts(tables, vault, clock, random);
    }

    @AfterEach
    void close() {
        accounts.close();
        tables.close();
    }

    @Test
    void a_patient_signs_in_with_the_same_seed_each_time_and_keeps_it_over_a_change_of_password() {
        var seed = seed(ada());
        assertThat(seed(accounts.signIn(" ADA ", PASSWORD.toCharArray(), "::1").orElseThrow()))
                .isEqualTo(seed);

        var account = accounts.bySignIn("ada").orElseThrow();
        var changed = accounts.changePassword(account.id(), PASSWORD.toCharArray(), "eight quick herons".toCharArray());

        assertThat(changed.generation()).isGreaterThan(account.generation());
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isEmpty();
        assertThat(seed(accounts.signIn("ada", "eight quick herons".toCharArray(), "::1")
                        .orElseThrow()))
                .isEqualTo(seed);
    }

    @Test
    void a_clinician_has_no_seed_and_no_recovery_code() {
        var opened = oak();

        assertThat(opened.seed()).isNull();
        assertThat(opened.recoveryCode()).isNull();
        assertThat(accounts.signIn("oak", PASSWORD.toCharArray(), "::1")
                        .orElseThrow()
                        .seed())
                .isNull();
        refuses(Why.NO_SEED, () -> accounts.newRecoveryCode(opened.account().id(), PASSWORD.toCharArray()));
    }

    @Test
    void a_wrong_password_an_unknown_name_and_an_account_without_password_are_answered_alike() {
        ada();
        accounts.invite(Role.AUDITOR, DR_OAK, null);

        assertThat(accounts.signIn("ada", "seven slow heronz".toCharArray(), "::1"))
                .isEmpty();
        assertThat(accounts.signIn("nobody", PASSWORD.toCharArray(), "::1")).isEmpty();
        assertThat(accounts.signIn("", PASSWORD.toCharArray(), "::1")).isEmpty();
    }

    @Test
    void an_unknown_name_takes_as_long_as_a_wrong_password() {
        ada();
        var known = Long.MAX_VALUE;
        var unknown = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            known = Math.min(known, took("ada", i));
            unknown = Math.min(unknown, took("somebody-else", i));
        }

        assertThat((double) unknown / known).isBetween(0.5, 2.0);
    }

    private long took(String name, int attempt) {
        long start = System.nanoTime();
        accounts.signIn(name, "wrong wrong wrong".toCharArray(), "10.0.0." + attempt);
        return System.nanoTime() - start;
    }

    @Test
    void after_five_failures_even_the_right_password_waits_and_waits_longer_each_time_also_after_a_restart()
            throws Exception {
        ada();
        for (int i = 0; i < 5; i++) {
            assertThat(accounts.signIn("ada", "wrong wrong wrong".toCharArray(), "::1"))
                    .isEmpty();
        }
        close();
        open();
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isEmpty();

        clock.pass(Duration.ofMillis(1001));
        assertThat(accounts.signIn("ada", "wrong wrong wrong".toCharArray(), "::1"))
                .isEmpty();
        clock.pass(Duration.ofMillis(1001));
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isEmpty();

        clock.pass(Duration.ofSeconds(1));
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isPresent();
        assertThat(accounts.signIn("ada", "wrong wrong wrong".toCharArray(), "::1"))
                .isEmpty();
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isPresent();
    }

    @Test
    void a_clock_that_was_put_back_keeps_nobody_out_who_never_failed() {
        ada();
        assertThat(accounts.signIn("ada", "wrong wrong wrong".toCharArray(), "::1"))
                .isEmpty();
        clock.pass(Duration.ofHours(-3));
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isPresent();
    }

    @Test
    void an_address_that_tries_many_names_waits_and_an_own_account_frees_no_guesses() {
        var throttle = new Throttle(tables, clock);
        var address = new byte[] {1};
        for (int i = 0; i < 30; i++) {
            assertThat(throttle.enter(Throttle.What.ADDRESS, address)).isTrue();
        }
        assertThat(throttle.enter(Throttle.What.ADDRESS, address)).isFalse();
        throttle.giveBack(address);
        assertThat(throttle.enter(Throttle.What.ADDRESS, address)).isTrue();
        assertThat(throttle.enter(Throttle.What.ADDRESS, address)).isFalse();
        clock.pass(Duration.ofDays(2));
        assertThat(throttle.enter(Throttle.What.ADDRESS, address)).isTrue();
    }

    @Test
    void the_recovery_code_opens_the_same_seed_sets_a_password_and_is_replaced() {
        var opened = ada();
        var code = Objects.requireNonNull(opened.recoveryCode());
        assertThat(code.show()).matches("([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}");
        assertThat(code.toString()).isEqualTo("RecoveryCode");

        var typed = code.show()
                .toLowerCase(Locale.ROOT)
                .replace('-', ' ')
                .replace('0', 'o')
                .replace('1', 'l');
        var recovered = accounts.recover("ada", typed.toCharArray(), "nine small herons".toCharArray(), "::1")
                .orElseThrow();

        assertThat(seed(recovered)).isEqualTo(seed(opened));
        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isEmpty();
        assertThat(accounts.signIn("ada", "nine small herons".toCharArray(), "::1"))
                .isPresent();
        assertThat(accounts.recover("ada", code.show().toCharArray(), "ten small herons".toCharArray(), "::1"))
                .isEmpty();
        var next = Objects.requireNonNull(recovered.recoveryCode());
        assertThat(accounts.recover("ada", next.show().toCharArray(), "ten small herons".toCharArray(), "::1"))
                .isPresent();
    }

    @Test
    void a_wrong_code_an_unknown_name_and_an_account_without_seed_recover_nothing() {
        oak();
        ada();
        var code = "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA".toCharArray();

        assertThat(accounts.recover("ada", code, PASSWORD.toCharArray(), "::1")).isEmpty();
        assertThat(accounts.recover("oak", code, PASSWORD.toCharArray(), "::1")).isEmpty();
        assertThat(accounts.recover("nobody", code, PASSWORD.toCharArray(), "::1"))
                .isEmpty();
    }

    @Test
    void a_set_up_link_works_once_and_for_seven_days() {
        var link = accounts.invite(Role.PATIENT, ADA, TWIN);
        assertThat(accounts.invited(link.token()).orElseThrow().state()).isEqualTo(State.WAITING);
        assertThat(accounts.invited("another")).isEmpty();

        refuses(Why.PASSWORD_SHORT, () -> accounts.accept(link.token(), "ada", ADA, "short".toCharArray()));
        var opened = accounts.accept(link.token(), "ada", ADA, PASSWORD.toCharArray());

        assertThat(opened.account().state()).isEqualTo(State.OPEN);
        assertThat(opened.account().twin()).isEqualTo(TWIN);
        assertThat(accounts.invited(link.token())).isEmpty();
        refuses(Why.LINK_USED, () -> accounts.accept(link.token(), "eve", ADA, PASSWORD.toCharArray()));

        var late = accounts.invite(Role.AUDITOR, DR_OAK, null);
        clock.pass(Duration.ofDays(7));
        assertThat(accounts.invited(late.token())).isEmpty();
    }

    @Test
    void a_taken_name_is_refused_and_the_link_still_works() {
        ada();
        var link = accounts.invite(Role.AUDITOR, DR_OAK, null);

        refuses(Why.NAME_TAKEN, () -> accounts.accept(link.token(), "Ada", DR_OAK, PASSWORD.toCharArray()));
        assertThat(accounts.accept(link.token(), "rowan", DR_OAK, PASSWORD.toCharArray())
                        .account()
                        .signIn())
                .isEqualTo("rowan");
        refuses(Why.NAME_TAKEN, () -> accounts.open(Role.PATIENT, "ada", ADA, null, PASSWORD.toCharArray()));
        assertThat(accounts.all()).hasSize(2);
    }

    @Test
    void names_and_passwords_have_rules() {
        for (var wrong : Map.of(
                        "ab", Why.NAME_UNFIT,
                        "a b c", Why.NAME_UNFIT,
                        "Seven-Slow-Herons", Why.PASSWORD_IS_NAME)
                .entrySet()) {
            refuses(
                    wrong.getValue(),
                    () -> accounts.open(Role.AUDITOR, wrong.getKey(), DR_OAK, null, "seven-slow-herons".toCharArray()));
        }
        refuses(
                Why.PASSWORD_LONG,
                () -> accounts.open(
                        Role.AUDITOR, "long", DR_OAK, null, "x".repeat(129).toCharArray()));
        assertThat(accounts.all()).isEmpty();
    }

    @Test
    void a_reset_takes_password_code_and_seed_away_at_once_and_the_owner_is_told() {
        var before = ada();
        var link = accounts.reset(before.account().id());

        assertThat(accounts.signIn("ada", PASSWORD.toCharArray(), "::1")).isEmpty();
        var code = Objects.requireNonNull(before.recoveryCode()).show().toCharArray();
        assertThat(accounts.recover("ada", code, PASSWORD.toCharArray(), "::1")).isEmpty();

        var after = accounts.accept(link.token(), "ada", ADA, "eleven herons".toCharArray());
        assertThat(seed(after)).isNotEqualTo(seed(before));
        assertThat(after.account().twin()).isEqualTo(TWIN);
        assertThat(after.account().resetAt()).isEqualTo(clock.instant());
        assertThat(after.account().generation()).isGreaterThan(before.account().generation());
    }

    @Test
    void only_a_patient_is_linked_and_to_one_twin_alone() {
        var patient = accounts.open(Role.PATIENT, "ada", ADA, null, PASSWORD.toCharArray())
                .account()
                .id();
        accounts.link(patient, TWIN);
        accounts.link(patient, TWIN);

        assertThat(accounts.ofTwin(TWIN).orElseThrow().id()).isEqualTo(patient);
        refuses(Why.OTHER_TWIN, () -> accounts.link(patient, new TwinId(UUID.randomUUID())));
        refuses(Why.NOT_A_PATIENT, () -> accounts.link(oak().account().id(), TWIN));
        refuses(Why.TWIN_TAKEN, () -> accounts.invite(Role.PATIENT, ADA, TWIN));
    }

    @Test
    void a_grantee_finds_the_patients_who_granted_until_the_grant_ends() {
        ada();
        var oak = oak().account().id();
        var handle = new ConsentHandle("ab".repeat(32));
        var grant = new Grant(TWIN, handle, "Ada Quill", "1971-02-03");

        accounts.granted(oak, grant);
        accounts.granted(oak, grant);
        assertThat(accounts.grantsTo(oak)).containsExactly(grant);
        assertThat(accounts.grantsTo(new AccountId(UUID.randomUUID()))).isEmpty();

        accounts.grantEnded(handle);
        assertThat(accounts.grantsTo(oak)).isEmpty();
    }

    @Test
    void what_is_granted_for_a_patient_without_a_sign_in_is_found_by_the_grantee_as_well() {
        var oak = oak().account().id();
        var grant = new Grant(TWIN, new ConsentHandle("cd".repeat(32)), "A child", "2018-10-13");

        accounts.granted(oak, grant);
        assertThat(accounts.grantsTo(oak)).containsExactly(grant);
        accounts.grantEnded(grant.handle());
        assertThat(accounts.grantsTo(oak)).isEmpty();
    }

    @Test
    void erasing_the_twin_takes_names_seed_and_grants_and_leaves_a_sign_in_to_the_receipt() {
        var ada = ada().account().id();
        var oak = oak().account().id();
        accounts.granted(oak, new Grant(TWIN, new ConsentHandle("ab".repeat(32)), "Ada Quill", null));

        accounts.keepReceipt(ada, "receipt-1");
        accounts.twinErased(TWIN);
        accounts.twinErased(TWIN);

        var opened = accounts.signIn("ada", PASSWORD.toCharArray(), "::1").orElseThrow();
        assertThat(opened.seed()).isNull();
        assertThat(opened.account().state()).isEqualTo(State.CLOSED);
        assertThat(opened.account().name()).isEmpty();
        assertThat(opened.account().twin()).isNull();
        assertThat(opened.account().receipt()).isEqualTo("receipt-1");
        assertThat(accounts.ofTwin(TWIN)).isEmpty();
        assertThat(accounts.grantsTo(oak)).isEmpty();
        refuses(Why.CLOSED, () -> accounts.reset(ada));
    }

    @Test
    void no_name_stands_in_the_store_nor_the_seed() throws Exception {
        var opened = ada();
        oak();
        accounts.granted(
                accounts.bySignIn("oak").orElseThrow().id(),
                new Grant(TWIN, new ConsentHandle("ab".repeat(32)), "Ada Quill", "1971-02-03"));
        var seed = seed(opened);

        assertThat(stored())
                .contains("account") // the search finds what is there
                .doesNotContainIgnoringCase("quill")
                .doesNotContain("Harbour", "1971-02-03", "Auckland", "argon2id", TWIN.toString(), "ab".repeat(32))
                .doesNotContain(new String(seed, StandardCharsets.ISO_8859_1));
    }

    @Test
    void only_clinicians_who_have_set_up_their_account_stand_in_the_directory() {
        ada();
        var oak = oak();
        accounts.invite(
                Role.CLINICIAN, new Person("Dr Not Yet", "Harbour Clinic", ZoneOffset.UTC, Locale.ENGLISH), null);

        assertThat(accounts.clinicians())
                .extracting(Account::id)
                .containsExactly(oak.account().id());
    }

    private Opened ada() {
        return accounts.open(Role.PATIENT, "ada", ADA, TWIN, PASSWORD.toCharArray());
    }

    private Opened oak() {
        return accounts.open(Role.CLINICIAN, "oak", DR_OAK, null, PASSWORD.toCharArray());
    }

    private static byte[] seed(Opened opened) {
        return Objects.requireNonNull(opened.seed()).reveal(KeyAccess.TO_SIGN, byte[]::clone);
    }

    private static void refuses(Why why, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        AccountRefused.class,
                        refused -> assertThat(refused.why()).isEqualTo(why));
    }

    /** A clock that moves only when told. */
    protected static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T08:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
