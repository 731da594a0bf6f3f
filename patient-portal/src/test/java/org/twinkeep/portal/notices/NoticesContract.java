package org.twinkeep.portal.notices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.TestClock;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.InMemoryVault;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notice.Word;
import org.twinkeep.portal.tables.Tables;

/** What notices do, wherever their tables lie. An adapter extends it and says where. */
abstract class NoticesContract {
    private static final TwinId TWIN = new TwinId(UUID.fromString("7e0f6f2a-0000-4000-8000-00000000aaaa"));
    private static final TwinId OTHER = new TwinId(UUID.fromString("7e0f6f2a-0000-4000-8000-00000000bbbb"));

    private final SecureRandom random = new SecureRandom();
    private final InMemoryVault vault = new InMemoryVault(Secret.random(random));
    private final TestClock clock = new TestClock("2026-11-21T08:00:00Z");
    private Tables tables;
    private Accounts accounts;
    private Notices notices;
    private AccountId ada;
    private AccountId oak;

    /** The tables that they lie in: at first empty ones, then the same again. */
    protected abstract Tables tables() throws Exception;

    /** Every byte of the store. */
    protected abstract String stored() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        open();
        ada = account(Role.PATIENT, "ada", "Ada Quill", TWIN);
        oak = account(Role.CLINICIAN, "oak", "Dr Rowan Oak", null);
    }

    private AccountId account(Role role, String signIn, String name, @Nullable TwinId twin) {
        var person = new Person(name, "", ZoneOffset.UTC, Locale.ENGLISH);
        return accounts.open(role, signIn, person, twin, "seven slow herons".toCharArray())
                .account()
                .id();
    }

    private void open() throws Exception {
        tables = tables();
        accounts = new Accounts(tables, vault, clock, random);
        notices = new Notices(tables, accounts, vault, clock);
    }

    @AfterEach
    void close() {
        notices.close();
        accounts.close();
        tables.close();
    }

    @Test
    void what_was_told_waits_newest_first_until_it_is_read_also_after_a_restart() throws Exception {
        notices.tell(ada, ended("Dr Oak"));
        clock.pass(Duration.ofMinutes(1));
        notices.tell(TWIN, ended("Dr Elm"));
        close();
        open();

        assertThat(notices.unread(ada)).isEqualTo(2);
        assertThat(notices.unread(oak)).isZero();
        var told = notices.list(ada, 0, 10);
        assertThat(told).extracting(Told::at).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(told).extracting(one -> one.notice().words()).containsExactly(words("Dr Elm"), words("Dr Oak"));
        assertThat(told).allMatch(Told::unread);

        var read = notices.read(ada, told.getFirst().number()).orElseThrow();
        assertThat(read.notice().link()).isEqualTo("/consents");
        assertThat(notices.unread(ada)).isEqualTo(1);
        assertThat(notices.list(ada, 0, 1)).noneMatch(Told::unread);
        assertThat(notices.list(ada, 1, 1)).allMatch(Told::unread);
    }

    @Test
    void reading_up_to_one_leaves_those_that_came_since() {
        notices.tell(ada, ended("Dr Oak"));
        long seen = notices.list(ada, 0, 1).getFirst().number();
        notices.tell(ada, ended("Dr Elm"));

        notices.readUpTo(ada, seen);

        assertThat(notices.unread(ada)).isEqualTo(1);
        assertThat(notices.count(ada)).isEqualTo(2);
    }

    @Test
    void nobody_reads_what_another_was_told() {
        notices.tell(ada, ended("Dr Oak"));

        assertThat(notices.list(oak, 0, 10)).isEmpty();
        assertThat(notices.read(oak, 1)).isEmpty();
        notices.readUpTo(oak, 100);
        assertThat(notices.unread(ada)).isEqualTo(1);
    }

    @Test
    void what_is_told_once_is_told_once_to_each_account() {
        for (int i = 0; i < 3; i++) {
            notices.tell(ada, ended("Dr Oak").once("consent 1"));
            notices.tell(oak, ended("Dr Oak").once("consent 1"));
        }
        notices.tell(ada, ended("Dr Oak").once("consent 2"));

        assertThat(notices.count(ada)).isEqualTo(2);
        assertThat(notices.count(oak)).isEqualTo(1);
    }

    @Test
    void with_a_twin_goes_what_was_told_of_it_to_anybody_and_nothing_else() {
        notices.tell(ada, ended("Dr Oak"));
        notices.tell(oak, ended("Ada Quill").about(TWIN));
        notices.tell(oak, ended("Ben Marrow").about(OTHER));

        notices.twinErased(TWIN);
        accounts.twinErased(TWIN);
        notices.twinErased(TWIN);

        assertThat(notices.count(ada)).isZero();
        assertThat(notices.list(oak, 0, 10))
                .extracting(one -> one.notice().words())
                .containsExactly(words("Ben Marrow"));
        notices.tell(ada, ended("Dr Oak"));
        assertThat(notices.count(ada)).isZero();
    }

    @Test
    void no_word_stands_in_the_store_nor_who_was_told() throws Exception {
        notices.tell(
                oak,
                Notice.of(
                                Kind.CONSENT_ENDS_SOON,
                                "/consents",
                                Word.purpose("TREAT"),
                                Word.text("Ada Quill"),
                                Word.day(LocalDate.parse("2027-01-02")))
                        .about(TWIN)
                        .once("a key"));

        assertThat(stored())
                .contains("notice") // the search finds what is there
                .doesNotContain("Quill", "TREAT", "2027-01-02", "/consents", "CONSENT_ENDS", "a key", TWIN.toString());
    }

    @Test
    void a_link_leads_nowhere_but_into_this_portal() {
        for (var link : List.of("https://example.org/", "//example.org", "consents", "/", "/a b", "/\n")) {
            assertThatThrownBy(() -> Notice.of(Kind.CONSENT_ENDED, link)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Notice ended(String who) {
        return Notice.of(Kind.CONSENT_ENDED, "/consents", Word.purpose("TREAT"), Word.text(who));
    }

    private static List<Word> words(String who) {
        return List.of(Word.purpose("TREAT"), Word.text(who));
    }
}
