package org.twinkeep.twin.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.twin.TestTwins.NOON;
import static org.twinkeep.twin.TestTwins.PATIENT;
import static org.twinkeep.twin.TestTwins.body;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.keys.LeafRange;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.erasure.LedgeredErasure.Rooms;
import org.twinkeep.twin.erasure.LedgeredErasure.Step;
import org.twinkeep.twin.sqlite.KeysDatabase;
import org.twinkeep.twin.sqlite.SqliteIdentities;
import org.twinkeep.twin.sqlite.StoreCheck;
import org.twinkeep.twin.store.ChainCheck;

class LedgeredErasureTest {

    private static final SigningKey CUSTODIAN = new SigningKey(Secret.copyOf(new byte[32]));
    private static final Clock CLOCK = Clock.fixed(NOON.plus(Duration.ofHours(1)), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private TestTwins twins;
    private KeysDatabase database;
    private Identities identities;
    private final Swept swept = new Swept();

    @BeforeEach
    void open() {
        twins = TestTwins.in(folder);
        database = KeysDatabase.open(folder.resolve("keys.db"));
        identities = new SqliteIdentities(database, Secret.copyOf(new byte[32]));
    }

    @AfterEach
    void close() {
        twins.close();
        database.close();
    }

    @Test
    void an_erased_entry_is_closed_in_every_version_and_statement_and_the_others_open() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var receipt = erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        assertThat(List.of(0L, 2L, 3L))
                .allMatch(sequence -> twins.says(twin, Chapter.LABS, sequence).equals("erased"));
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("other");
        assertThat(twins.history.entries(twin, Chapter.LABS).getFirst().erased())
                .isTrue();
        assertThat(receipt.events()).isEqualTo(3);
        assertThat(swept.entries).containsExactly(Map.of(Chapter.LABS, List.of(lab)));
    }

    @Test
    void an_erased_entry_is_not_recorded_again() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        var again = twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"), twins.incoming(twin, 9, "new"));
        assertThat(again.leftOut()).containsExactly(lab);
        assertThat(again.recorded()).hasSize(1);
    }

    @Test
    void an_entry_that_never_was_is_refused_and_nothing_is_written_down() {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        var unknown = twins.twins.entryId(twin, "h", "t", "unknown");
        var erasure = erasure();
        assertThatThrownBy(() -> erasure.eraseEntries(twin, Map.of(Chapter.LABS, List.of(unknown)), PATIENT))
                .isInstanceOf(TwinRefused.class);
        assertThat(folder.resolve("erasures.ndjson")).doesNotExist();
    }

    @Test
    void an_erased_twin_is_gone_from_every_place() throws Exception {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        var other = twins.aTwin();
        identities.link("urn:mrn", "1", twin);
        var stream = twins.keys.ring().streamOf(twin, Chapter.LABS).value();
        var receipt = erasure().eraseTwin(twin, PATIENT);
        assertThat(twins.history.exists(twin)).isFalse();
        assertThat(twins.history.twins()).containsExactly(other);
        assertThat(twins.keys.ring().holds(twin)).isFalse();
        assertThat(identities.find("urn:mrn", "1")).contains(new Identities.Known.Gone());
        assertThat(swept.twins).containsExactly(twin);
        assertThat(receipt.scope()).isEqualTo("twin");
        assertThat(receipt.events()).isEqualTo(5);
        twins.events.close();
        assertThat(new String(Files.readAllBytes(folder.resolve("events.db")), StandardCharsets.ISO_8859_1))
                .doesNotContain(stream);
        twins = TestTwins.in(folder, twins.keys);
    }

    @Test
    void the_receipt_is_signed_and_says_what_changed_and_what_cannot_be_promised() {
        var twin = twins.aTwin();
        var receipt = erasure().eraseTwin(twin, PATIENT);
        assertThat(CUSTODIAN
                        .verifyingKey()
                        .verifies(
                                receipt.document().getBytes(StandardCharsets.UTF_8),
                                Base64.getDecoder().decode(receipt.signature())))
                .isTrue();
        assertThat(receipt.document())
                .contains("\"keysBefore\":", "\"keysAfter\":", "\"medium\":", "\"backupsMayHoldKeysOf\":\"none\"");
        assertThat(erasure().receipts()).containsExactly(receipt);
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void a_crash_after_any_step_of_erasing_a_twin_is_finished_by_resuming(Step crash) {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        identities.link("urn:mrn", "1", twin);
        var copies = twins.keys.ring().streamOf(twin, Chapter.LABS);
        assertThatThrownBy(() -> crashingAfter(crash).eraseTwin(twin, PATIENT)).isInstanceOf(Crash.class);
        restart();
        var erasure = erasure();
        erasure.resume();
        assertThat(erasure.receipts()).hasSize(1);
        assertThat(erasure.receipts().getFirst().events()).isEqualTo(5);
        assertThat(twins.history.exists(twin)).isFalse();
        assertThat(twins.keys.ring().holds(twin)).isFalse();
        assertThat(twins.events.count(List.of(copies))).isZero();
        assertThat(identities.find("urn:mrn", "1")).contains(new Identities.Known.Gone());
        assertThat(swept.twins).contains(twin);
        erasure.resume();
        assertThat(erasure.receipts()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"REQUESTED", "EVENTS", "KEYS", "SWEPT"})
    void a_crash_after_any_step_of_erasing_entries_is_finished_by_resuming(Step crash) {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        assertThatThrownBy(() -> crashingAfter(crash).eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT))
                .isInstanceOf(Crash.class);
        restart();
        var erasure = erasure();
        erasure.resume();
        assertThat(erasure.receipts()).hasSize(1);
        assertThat(erasure.receipts().getFirst().events()).isEqualTo(3);
        assertThat(twins.says(twin, Chapter.LABS, 0)).isEqualTo("erased");
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("other");
        assertThat(swept.entries).isNotEmpty();
        assertThat(twins.history.entries(twin, Chapter.LABS).getFirst().erased())
                .isTrue();
        assertThat(twins.history.heads(twin)).containsEntry(Chapter.LABS, 5L);
    }

    @Test
    void erasing_a_twin_again_after_a_failure_finishes_the_same_erasure() {
        var twin = twins.aTwin();
        assertThatThrownBy(() -> crashingAfter(Step.KEYS).eraseTwin(twin, PATIENT))
                .isInstanceOf(Crash.class);
        var erasure = erasure();
        var receipt = erasure.eraseTwin(twin, PATIENT);
        assertThat(erasure.receipts()).containsExactly(receipt);
        assertThatThrownBy(() -> erasure.eraseTwin(twin, PATIENT)).isInstanceOf(TwinRefused.class);
    }

    @Test
    void an_erased_twin_is_no_cut_stream_for_the_check_and_its_absence_else_is() {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        var known = twins.events.movedSince(0).heads().stream()
                .map(head -> new ChainCheck.KnownHead(
                        head.stream().value(), head.sequence(), HexFormat.of().formatHex(head.hash())))
                .toList();
        erasure().eraseTwin(twin, PATIENT);
        var ledger = folder.resolve("erasures.ndjson");
        var erased = ErasureLedger.erasedStreams(ledger, CUSTODIAN.verifyingKey());
        assertThat(StoreCheck.check(folder.resolve("events.db"), folder.resolve("keys.db"), known, erased)
                        .problems())
                .isEmpty();
        assertThat(StoreCheck.check(folder.resolve("events.db"), folder.resolve("keys.db"), known, List.of())
                        .problems())
                .hasSize(2);
    }

    @Test
    void a_chapter_is_erased_whole_and_no_import_brings_it_back() {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        twins.record(twin, Chapter.VITALS, twins.incoming(twin, 8, "pulse"));
        var receipt = erasure().eraseChapter(twin, Chapter.LABS, PATIENT);
        assertThat(receipt.scope()).isEqualTo("chapter");
        assertThat(receipt.events()).isEqualTo(4);
        assertThat(twins.history.entries(twin, Chapter.LABS)).allMatch(TwinHistory.EntryState::erased);
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("erased");
        assertThat(twins.says(twin, Chapter.VITALS, 0)).isEqualTo("pulse");
        assertThat(twins.record(twin, Chapter.LABS, twins.incoming(twin, 2, "other"))
                        .leftOut())
                .hasSize(1);
        assertThatThrownBy(() -> erasure().eraseChapter(twin, Chapter.LABS, PATIENT))
                .isInstanceOf(TwinRefused.class);
    }

    @Test
    void a_receipt_names_the_keys_that_are_gone_the_trail_and_the_last_backup_of_keys() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        ledger().backingUpKeys(NOON);
        var receipt = erasure().erasePeriod(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        assertThat(receipt.document())
                .contains("\"leaves\":[\"0:0\",\"0:2-3\"]", "\"trail\":\"7 root\"", "\"scope\":\"period\"");
        assertThat(receipt.horizon()).contains(NOON);
        assertThat(erasure().receiptsOf(twin)).containsExactly(receipt);
        assertThat(erasure().receiptsOf(twins.aTwin())).isEmpty();
        var file = CanonicalJson.bytes(Map.of("document", receipt.document(), "signature", receipt.signature()));
        assertThat(ErasureReceipt.parse(file)).isEqualTo(receipt);
        assertThat(receipt.signedBy(CUSTODIAN.verifyingKey())).isTrue();
        assertThat(ErasureLedger.holds(folder.resolve("erasures.ndjson"), CUSTODIAN.verifyingKey(), receipt))
                .isTrue();
    }

    @Test
    void older_keys_are_refused_and_after_erasing_again_what_was_erased_is_closed_and_all_else_opens() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var older = twins.keys.copy();
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        erasure().refuseOlderKeys();
        twins.close();
        twins = TestTwins.in(folder, older);
        assertThat(twins.says(twin, Chapter.LABS, 0)).isEqualTo("a");
        assertThatThrownBy(() -> erasure().refuseOlderKeys())
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("twinkeep restore");
        assertThat(erasure().reapply()).isEqualTo(1);
        erasure().refuseOlderKeys();
        assertThat(List.of(0L, 2L, 3L))
                .allMatch(sequence -> twins.says(twin, Chapter.LABS, sequence).equals("erased"));
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("other");
        assertThat(erasure().reapply()).isZero();
    }

    @Test
    void keys_from_before_a_restore_are_refused_also_when_they_were_rewritten_more_often() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var backup = twins.keys.copy();
        for (int i = 0; i < 20; i++) {
            twins.keys.ring().advance(twin, Chapter.LABS);
        }
        var lost = twins.keys.copy();
        twins.close();
        twins = TestTwins.in(folder, backup);
        erasure().reapply();
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        twins.close();
        twins = TestTwins.in(folder, lost);
        assertThatThrownBy(() -> erasure().refuseOlderKeys()).isInstanceOf(VaultUnavailable.class);
    }

    @Test
    void an_erased_twin_whose_keys_were_put_back_is_refused_and_goes_again() {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        var older = twins.keys.copy();
        erasure().eraseTwin(twin, PATIENT);
        twins.close();
        twins = TestTwins.in(folder, older);
        assertThatThrownBy(() -> erasure().refuseOlderKeys()).isInstanceOf(VaultUnavailable.class);
        assertThat(erasure().reapply()).isEqualTo(1);
        erasure().refuseOlderKeys();
        assertThat(twins.keys.ring().holds(twin)).isFalse();
    }

    @Test
    void an_erasure_that_names_an_epoch_which_older_keys_do_not_have_closes_nothing_that_comes_later()
            throws Exception {
        var twin = twins.aTwin();
        twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "first"));
        var backup = twins.keys.copy();
        twins.close();
        var restored = Files.createDirectory(folder.resolve("restored"));
        Files.copy(folder.resolve("events.db"), restored.resolve("events.db"));
        twins = TestTwins.in(folder, twins.keys);
        twins.keys.ring().advance(twin, Chapter.LABS);
        twins.record(twin, Chapter.LABS, twins.incoming(twin, 2, "second"));
        var second = twins.twins.entryId(twin, "hospital", "Observation", "o2");
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(second)), PATIENT);
        twins.close();
        twins = TestTwins.in(restored, backup);
        erasure().reapply();
        twins.record(twin, Chapter.LABS, twins.incoming(twin, 3, "third"));
        erasure().reapply();
        assertThat(twins.says(twin, Chapter.LABS, 0)).isEqualTo("first");
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("third");
    }

    @Test
    void each_medium_says_what_it_cannot_promise() {
        assertThat(Medium.localFiles().promise()).contains("flash disk", "copies on write");
        assertThat(Medium.postgresql().promise()).contains("write-ahead", "standbys", "backups");
        assertThat(Medium.postgresql().withEventsInKurrentDb().promise())
                .startsWith(Medium.postgresql().promise())
                .contains("tombstone", "scavenged");
    }

    @Test
    void a_scope_that_is_none_is_refused() {
        assertThat(ErasureScope.of("period")).isEqualTo(ErasureScope.PERIOD);
        assertThatThrownBy(() -> ErasureScope.of("everything")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_twin_is_shown_to_nobody_from_the_request_on_whatever_its_keys_do() {
        var twin = twins.aTwin();
        assertThatThrownBy(() -> crashingAfter(Step.EVENTS).eraseTwin(twin, PATIENT))
                .isInstanceOf(Crash.class);
        assertThat(twins.keys.ring().holds(twin)).isTrue();
        assertThat(twins.history.exists(twin)).isFalse();
    }

    @Test
    void a_receipt_names_the_state_of_the_keys_before_and_after() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var before = HexFormat.of().formatHex(twins.keys.ring().stateHash(twin));
        var receipt = erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        var after = HexFormat.of().formatHex(twins.keys.ring().stateHash(twin));
        assertThat(after).isNotEqualTo(before);
        assertThat(receipt.document()).contains("\"keysBefore\":\"" + before + "\"", "\"keysAfter\":\"" + after + "\"");
    }

    @Test
    void a_version_that_comes_while_its_entry_is_erased_is_erased_with_it() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var erasure = new LedgeredErasure(ledger(), rooms(), sweeps(), medium(), CLOCK, step -> {
            if (step == Step.REQUESTED) {
                twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "late"));
            }
        });
        erasure.eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        assertThat(twins.says(twin, Chapter.LABS, 4)).isEqualTo("erased");
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("other");
    }

    /** As many events came as there are entries: the late version stands where one was marked already. */
    @Test
    void a_version_that_comes_beside_an_entry_erased_before_is_erased_with_its_own() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var other = twins.incoming(twin, 2, "b");
        twins.record(twin, Chapter.LABS, other);
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(other.entry())), PATIENT);
        long late = twins.history.heads(twin).get(Chapter.LABS);
        var erasure = new LedgeredErasure(ledger(), rooms(), sweeps(), medium(), CLOCK, step -> {
            if (step == Step.REQUESTED) {
                twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "late"));
            }
        });
        erasure.eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab, other.entry())), PATIENT);
        assertThat(twins.says(twin, Chapter.LABS, late)).isEqualTo("erased");
    }

    @Test
    void the_rows_of_keys_that_an_erasure_replaced_are_swept() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var rows = twins.keys.rows;
        var before = List.copyOf(rows.rowsOf(twin));
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        assertThat(rows.rowsOf(twin)).hasSameSizeAs(before).isNotEqualTo(before);
        erasure().eraseTwin(twin, PATIENT);
        assertThat(rows.rowsOf(twin)).isEmpty();
    }

    @Test
    void an_older_store_learns_anew_what_was_erased_and_an_import_does_not_bring_it_back() throws Exception {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var keys = twins.keys.copy();
        twins.close();
        var restored = Files.createDirectory(folder.resolve("restored"));
        Files.copy(folder.resolve("events.db"), restored.resolve("events.db"));
        twins = TestTwins.in(folder, twins.keys);
        twins.record(twin, Chapter.VITALS, twins.incoming(twin, 8, "pulse"));
        var pulse = twins.twins.entryId(twin, "hospital", "Observation", "o8");
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab), Chapter.VITALS, List.of(pulse)), PATIENT);
        twins.close();
        twins = TestTwins.in(restored, keys);
        assertThat(erasure().reapply()).isEqualTo(1);
        assertThat(twins.history.entries(twin, Chapter.LABS))
                .extracting(TwinHistory.EntryState::erased)
                .containsExactly(true, false);
        assertThat(twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "a"))
                        .leftOut())
                .containsExactly(lab);
    }

    @Test
    void after_a_restore_every_scope_begins_an_epoch_and_versions_begin_where_no_copy_reaches() {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        var ring = twins.keys.ring();
        int epoch = ring.epochOf(twin, Chapter.LABS);
        ledger().backingUpKeys(NOON);
        erasure().reapply();
        assertThat(ring.epochOf(twin, Chapter.LABS)).isEqualTo(epoch + 1);
        assertThat(ring.version(twin)).isEqualTo(1L << 32);
        erasure().reapply();
        assertThat(ring.epochOf(twin, Chapter.LABS)).isEqualTo(epoch + 2);
        assertThat(ring.version(twin)).isEqualTo(2L << 32);
    }

    @Test
    void an_erasure_that_was_asked_for_and_never_finished_is_finished_by_a_restore() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        assertThatThrownBy(() ->
                        crashingAfter(Step.REQUESTED).eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT))
                .isInstanceOf(Crash.class);
        var erasure = erasure();
        erasure.reapply();
        assertThat(erasure.receipts()).hasSize(1);
        assertThat(twins.says(twin, Chapter.LABS, 0)).isEqualTo("erased");
    }

    @Test
    void events_of_an_erased_twin_that_were_put_back_are_deleted_and_counted() throws Exception {
        var twin = twins.aTwin();
        var streams = List.of(twins.keys.ring().streamOf(twin, KeyScope.Own.LIFE));
        twins.close();
        var restored = Files.createDirectory(folder.resolve("restored"));
        Files.copy(folder.resolve("events.db"), restored.resolve("events.db"));
        twins = TestTwins.in(folder, twins.keys);
        erasure().eraseTwin(twin, PATIENT);
        twins.close();
        twins = TestTwins.in(restored, twins.keys);
        assertThat(twins.events.count(streams)).isPositive();
        assertThat(erasure().reapply()).isEqualTo(1);
        assertThat(twins.events.count(streams)).isZero();
        assertThat(erasure().reapply()).isZero();
    }

    @Test
    void keys_of_a_twin_that_was_erased_after_one_of_its_entries_are_not_missed() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(lab)), PATIENT);
        erasure().eraseTwin(twin, PATIENT);
        erasure().refuseOlderKeys();
        assertThat(erasure().receipts())
                .hasSize(2)
                .extracting(ErasureReceipt::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> !id.isEmpty());
    }

    /** As version 1 of the ledger had them: without versions of keys, and without the leaves. */
    @Test
    void older_keys_are_refused_also_where_an_older_ledger_kept_no_versions() {
        var twin = twins.aTwin();
        var lab = aDisputedEntryOfTwoVersions(twin);
        var ledger = ledger();
        var targets = List.of(new ErasureRecord.Target(twins.keys.ring().streamOf(twin, Chapter.LABS), List.of(lab)));
        ledger.append(new ErasureRecord.EntriesRequested(
                "1", NOON, ErasureScope.ENTRIES, "before", twin, targets, List.of()));
        ledger.append(new ErasureRecord.Completed(
                "1", NOON, ErasureScope.ENTRIES, 3, "before", "after", 0, List.of(), "", "medium", Optional.empty()));
        assertThatThrownBy(() -> erasure().refuseOlderKeys()).isInstanceOf(VaultUnavailable.class);
        assertThat(erasure().reapply()).isEqualTo(1);
        assertThat(twins.says(twin, Chapter.LABS, 0)).isEqualTo("erased");
        erasure().refuseOlderKeys();
    }

    @Test
    void an_erasure_that_names_a_stream_of_another_twin_takes_no_key_of_either() {
        var twin = twins.aTwin();
        aDisputedEntryOfTwoVersions(twin);
        var other = twins.aTwin();
        aDisputedEntryOfTwoVersions(other);
        var elsewhere = new ErasureRecord.Punctured(
                twins.keys.ring().streamOf(other, Chapter.LABS), List.of(new LeafRange(0, 0, 3)));
        ledger().append(new ErasureRecord.EntriesRequested(
                "1", NOON, ErasureScope.ENTRIES, "before", twin, List.of(), List.of(elsewhere)));
        erasure().resume();
        assertThat(twins.says(twin, Chapter.LABS, 1)).isEqualTo("other");
        assertThat(twins.says(other, Chapter.LABS, 1)).isEqualTo("other");
    }

    private EntryId aDisputedEntryOfTwoVersions(TwinId twin) {
        var lab = twins.incoming(twin, 1, "a");
        twins.record(twin, Chapter.LABS, lab, twins.incoming(twin, 2, "other"));
        twins.record(twin, Chapter.LABS, twins.incoming(twin, 1, "b"));
        twins.twins.correct(
                new TwinCommand.CorrectEntry(twin, Chapter.LABS, lab.entry(), body("wrong"), NOON, PATIENT));
        return lab.entry();
    }

    private LedgeredErasure erasure() {
        return new LedgeredErasure(ledger(), rooms(), sweeps(), medium(), CLOCK);
    }

    private LedgeredErasure crashingAfter(Step crash) {
        return new LedgeredErasure(ledger(), rooms(), sweeps(), medium(), CLOCK, step -> {
            if (step == crash) {
                throw new Crash();
            }
        });
    }

    private ErasureLedger ledger() {
        return ErasureLedger.open(folder.resolve("erasures.ndjson"), CUSTODIAN);
    }

    private Rooms rooms() {
        return new Rooms(twins.twins, twins.history, twins.events, twins.keys.ring(), identities, () -> "7 root");
    }

    private List<Sweep> sweeps() {
        return List.of(twins.twins, swept);
    }

    private static Medium medium() {
        return Medium.localFiles();
    }

    private void restart() {
        twins.close();
        twins = TestTwins.in(folder, twins.keys);
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Swept implements Sweep {
        final List<Map<Chapter, List<EntryId>>> entries = new ArrayList<>();
        final List<TwinId> twins = new ArrayList<>();

        @Override
        public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> erased) {
            entries.add(new HashMap<>(erased));
        }

        @Override
        public void twinErased(TwinId twin) {
            twins.add(twin);
        }
    }
}
