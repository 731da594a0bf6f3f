package org.twinkeep.portal.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.ReceiptPaper;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.erasure.Erasure;
import org.twinkeep.twin.erasure.ErasureReceipt;

class KeeperDoorTest {

    private static final TwinId TWIN = TwinId.of("00000000-0000-4000-8000-00000000000a");
    private static final Looker LOOKER = new Looker("a", "Dr Oak", "Clinic", "clinician");
    private static final Actor BY = new Actor(Actor.Kind.PATIENT, "p");
    private static final ConsentHandle HANDLE = new ConsentHandle("ab".repeat(32));
    private static final ConsentLedger.Position POSITION = new ConsentLedger.Position(7, "cd");
    private static final Instant AT = Instant.parse("2026-11-21T08:00:00.123456789Z");
    private static final Clock CLOCK = Clock.fixed(AT, ZoneOffset.UTC);
    private static final VerifyingKey KEY = new VerifyingKey(new byte[] {1, 2, 3});

    @TempDir
    private Path temp;

    private final ReceiptAuthority ofKeeper = new ReceiptAuthority();
    private final ReceiptAuthority ofAsker = new ReceiptAuthority();
    private final List<Object> asked = new ArrayList<>();
    private @Nullable Object answer;
    private KeeperDoor door;
    private FarKeeper far;

    @BeforeEach
    void aDoor() throws IOException {
        door = KeeperDoor.open(
                "127.0.0.1",
                wire(1, ofKeeper, CLOCK),
                Map.of(
                        Trail.class,
                        stub(Trail.class),
                        ConsentLedger.class,
                        stub(ConsentLedger.class),
                        Erasure.class,
                        stub(Erasure.class),
                        Bulletin.class,
                        stub(Bulletin.class)));
        Files.writeString(temp.resolve("keeper"), door.address());
        far = new FarKeeper(temp.resolve("keeper"), wire(1, ofAsker, CLOCK));
    }

    @AfterEach
    void away() {
        far.close();
        door.close();
    }

    @Test
    void whatever_may_be_asked_arrives_as_it_was_asked_and_its_answer_too() throws Exception {
        var receipt = new ErasureReceipt("id", "twin", 3, AT, Optional.of(AT), "medium", "{}", "sig");
        same(Erasure.class, "eraseEntries", receipt, TWIN, Map.of(Chapter.LABS, List.of(entry())), BY);
        same(Erasure.class, "erasePeriod", receipt, TWIN, Map.of(Chapter.LABS, List.of(entry())), BY);
        same(Erasure.class, "eraseChapter", receipt, TWIN, Chapter.GENOMICS, BY);
        same(Erasure.class, "eraseTwin", receipt, TWIN, BY);
        same(Erasure.class, "receipts", List.of(receipt));
        same(Erasure.class, "receiptsOf", List.of(receipt), TWIN);
        same(Bulletin.class, "since", new Bulletin.News("k", POSITION, List.of(TWIN)), "k", 2);

        same(Trail.class, "denied", "hash", TWIN, LOOKER, "TREAT", "no", POSITION);
        same(Trail.class, "deniedUnknown", "hash", LOOKER, "TREAT", POSITION);
        same(Trail.class, "ledgerAdvanced", null, POSITION);
        same(Trail.class, "remembersLedger", POSITION);
        same(
                Trail.class,
                "looks",
                List.of(new Look(
                        1, "h", 2, AT, LOOKER, "TREAT", true, null, List.of("c"), Set.of(Chapter.LABS), 3, 9L)),
                TWIN);
        same(Trail.class, "size", 5L);
        same(
                Trail.class,
                "leaves",
                List.of(new Trail.PublicLeaf(1, "h", "verdict", AT, "permit", "t", 2, 3, LOOKER, null, null)),
                1L,
                2);
        same(Trail.class, "checkpointNote", "note\nline\n");
        same(Trail.class, "proof", "proof", 3L);
        same(Trail.class, "verifyingKey", KEY);

        same(ConsentLedger.class, "charter", Charter.of("c", "p", new TreeMap<>(Map.of("Custodian", KEY))));
        same(ConsentLedger.class, "head", POSITION);
        var record = new ConsentRecord(
                HANDLE,
                1,
                ConsentRecord.Kind.DELEGATION,
                2,
                Consent.Status.ACTIVE,
                "c",
                KEY,
                "p",
                List.of("Custodian"),
                AT,
                "0",
                AT);
        same(ConsentLedger.class, "get", Optional.of(record), HANDLE);
        same(ConsentLedger.class, "get", Optional.empty(), HANDLE);
        same(ConsentLedger.class, "historyOf", List.of(record), HANDLE);
        same(ConsentLedger.class, "recordedBy", List.of(record), 3L);
        answer = POSITION;
        var revoke = new Transaction.Revoke(HANDLE, 2, new byte[] {4, 5});
        assertThat(ask(ConsentLedger.class, "submit", revoke)).isEqualTo(POSITION);
        assertThat(asked.getLast()).isInstanceOfSatisfying(Transaction.Revoke.class, arrived -> {
            assertThat(arrived.handle()).isEqualTo(HANDLE);
            assertThat(arrived.signature()).containsExactly(4, 5);
        });
    }

    @Test
    void a_receipt_is_good_at_the_server_that_asked_and_again_at_the_keeper() throws Exception {
        answer = new ReceiptPaper(TWIN, Set.of(Chapter.LABS), 3, "h", AT).issuedBy(ofKeeper);
        var got = (Receipt) ask(Trail.class, "permitted", TWIN, LOOKER, "TREAT", null, List.of(), scopes(), POSITION);
        ofAsker.check(got, TWIN, Chapter.LABS);
        answer = "hash";
        ask(Trail.class, "disclosed", got, LOOKER, "TREAT", 1, new byte[] {1});
        var back = asked.stream()
                .filter(Receipt.class::isInstance)
                .map(Receipt.class::cast)
                .toList();
        ofKeeper.check(back.getLast(), TWIN, Chapter.LABS);
        assertThat(back.getLast().at()).isEqualTo(AT);
    }

    @Test
    void a_refusal_arrives_as_what_it_is_and_a_bug_says_nothing() {
        answer = new TwinRefused("There is no such entry.");
        assertThatThrownBy(() -> ask(Erasure.class, "eraseTwin", TWIN, BY))
                .isInstanceOf(TwinRefused.class)
                .hasMessage("There is no such entry.");
        answer = new LedgerRefused(LedgerRefused.Why.OUT_OF_ORDER);
        assertThatThrownBy(() -> ask(ConsentLedger.class, "head"))
                .isInstanceOfSatisfying(
                        LedgerRefused.class,
                        refused -> assertThat(refused.why()).isEqualTo(LedgerRefused.Why.OUT_OF_ORDER));
        answer = new IllegalStateException("a value that nobody should read");
        assertThatThrownBy(() -> ask(Trail.class, "size"))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageNotContaining("nobody should read");
    }

    @Test
    void a_stranger_a_repeated_and_an_old_question_are_not_answered() throws Exception {
        answer = 5L;
        var http = HttpClient.newHttpClient();
        var question = wire(1, ofAsker, CLOCK).question(Trail.class, Trail.class.getMethod("size"), new Object[0]);
        assertThat(post(http, question)).isEqualTo(200);
        assertThat(post(http, question)).isEqualTo(403);
        var stranger = wire(2, ofAsker, CLOCK).question(Trail.class, Trail.class.getMethod("size"), new Object[0]);
        assertThat(post(http, stranger)).isEqualTo(403);
        var old = wire(1, ofAsker, Clock.offset(CLOCK, Duration.ofMinutes(-3)))
                .question(Trail.class, Trail.class.getMethod("size"), new Object[0]);
        assertThat(post(http, old)).isEqualTo(403);
        assertThat(post(http, new byte[] {1, 2})).isEqualTo(403);
        assertThat(asked).isEmpty();
        http.close();
    }

    @Test
    void an_answer_to_another_question_is_refused() throws Exception {
        var wire = wire(1, ofAsker, CLOCK);
        var method = Trail.class.getMethod("size");
        var one = wire.question(Trail.class, method, new Object[0]);
        var other = wire.question(Trail.class, method, new Object[0]);
        var answered = wire.answer(one, 5L, long.class);
        assertThat(wire.answered(one, answered, long.class)).isEqualTo(5L);
        assertThatThrownBy(() -> wire.answered(other, answered, long.class)).isInstanceOf(Tampered.class);
    }

    @Test
    void who_is_not_there_is_unreachable() {
        door.close();
        assertThatThrownBy(() -> ask(Trail.class, "size")).isInstanceOf(KeeperUnreachable.class);
    }

    private int post(HttpClient http, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(door.address()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.discarding()).statusCode();
    }

    private void same(Class<?> room, String method, @Nullable Object answered, Object... values) throws Exception {
        asked.clear();
        answer = answered;
        assertThat(ask(room, method, values)).as(method).isEqualTo(answered);
        assertThat(asked).as(method).containsExactly(values);
    }

    private @Nullable Object ask(Class<?> room, String name, @Nullable Object... values) {
        return far.ask(room, method(room, name), values);
    }

    private static Method method(Class<?> room, String name) {
        return Arrays.stream(room.getMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Remembers what it was asked, and answers or throws what the test says. */
    private Object stub(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, _, values) -> {
            if (values != null) {
                asked.addAll(Arrays.asList(values));
            }
            if (answer instanceof RuntimeException refused) {
                throw refused;
            }
            return answer;
        });
    }

    private static EntryId entry() {
        return new EntryId("0123456789abcdef0123456789abcdef");
    }

    private static Set<KeyScope> scopes() {
        return Set.of(Chapter.LABS, KeyScope.Own.LIFE);
    }

    private static KeeperWire wire(int house, ReceiptAuthority receipts, Clock clock) {
        var key = new byte[32];
        key[0] = (byte) house;
        return new KeeperWire(Secret.copyOf(key), receipts, clock);
    }
}
