package org.twinkeep.consent.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.contract.SignedBytes;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.crypto.sign.SigningKey;

/** What every ledger does. An adapter's test is this class with {@link #open}. */
public abstract class ConsentLedgerContract {

    protected static final SigningKey KEY = TestOrganisations.key(42);
    protected static final String COMMITMENT = "c0".repeat(32);

    protected ConsentLedger ledger;

    /** The last block before anything was submitted. */
    protected long first;

    /** The ledger under test; opened again, what was acknowledged is there. Its organisations are {@link TestOrganisations}. */
    protected abstract ConsentLedger open();

    @BeforeEach
    void openIt() {
        ledger = open();
        first = ledger.head().block();
    }

    @AfterEach
    void closeIt() {
        ledger.close();
    }

    @Test
    void a_ledger_begins_with_its_charter() {
        assertThat(ledger.head().hash()).isNotEmpty();
        assertThat(ledger.charter().organisations())
                .containsOnlyKeys(Charter.CUSTODIAN, Charter.PROVIDER, Charter.OVERSIGHT);
    }

    @Test
    void a_grant_is_there_once_it_was_submitted() {
        var position = ledger.submit(grant(1));
        assertThat(ledger.head()).isEqualTo(position);
        assertThat(position.block()).isEqualTo(first + 1);
        assertThat(ledger.get(handle(1))).hasValueSatisfying(record -> {
            assertThat(record.status()).isEqualTo(Status.ACTIVE);
            assertThat(record.step()).isEqualTo(1);
            assertThat(record.commitment()).isEqualTo(COMMITMENT);
        });
        assertThat(ledger.get(handle(2))).isEmpty();
        assertThat(ledger.historyOf(handle(2))).isEmpty();
    }

    @Test
    void a_revocation_is_a_second_step_that_points_at_the_first() {
        ledger.submit(grant(1));
        ledger.submit(revoke(1));
        var history = ledger.historyOf(handle(1));
        assertThat(history).extracting(ConsentRecord::status).containsExactly(Status.ACTIVE, Status.REVOKED);
        assertThat(history.get(1).previousHash()).isEqualTo(history.get(0).hash());
        assertThat(ledger.get(handle(1))).contains(history.get(1));
    }

    @Test
    void the_custodian_stops_a_consent() {
        ledger.submit(grant(1));
        ledger.submit(end(1, TestOrganisations.CUSTODIAN));
        assertThat(ledger.get(handle(1)).map(ConsentRecord::status)).contains(Status.REVOKED);
    }

    @Test
    void whether_it_ended_with_its_own_key_is_known() {
        ledger.submit(grant(1));
        ledger.submit(grant(2));
        assertThat(ledger.wasRevoked(handle(1))).isFalse();
        ledger.submit(revoke(1));
        ledger.submit(end(2, TestOrganisations.CUSTODIAN));
        ledger.submit(revoke(2));
        assertThat(ledger.wasRevoked(handle(1))).isTrue();
        assertThat(ledger.wasRevoked(handle(2))).as("it had ended before").isFalse();
        assertThat(ledger.wasRevoked(handle(3))).isFalse();
    }

    @Test
    void what_the_contract_refuses_leaves_no_mark() {
        ledger.submit(grant(1));
        var before = ledger.head();
        refused(Why.UNKNOWN_HANDLE, revoke(2));
        refused(Why.OUT_OF_ORDER, new Revoke(handle(1), 5, new byte[64]));
        refused(Why.BAD_SIGNATURE, new Revoke(handle(1), 2, new byte[64]));
        refused(Why.BAD_SIGNATURE, end(1, TestOrganisations.PROVIDER));
        assertThat(ledger.head()).isEqualTo(before);
        ledger.submit(revoke(1));
        refused(Why.ALREADY_ENDED, grant(1));
    }

    @Test
    void submitted_again_it_changes_nothing() {
        ledger.submit(grant(1));
        var before = ledger.head();
        ledger.submit(grant(1));
        assertThat(ledger.head()).isEqualTo(before);
        assertThat(ledger.historyOf(handle(1))).hasSize(1);
    }

    @Test
    void of_two_revocations_at_once_one_counts_and_none_fails() throws Exception {
        ledger.submit(grant(1));
        atOnce(List.of(() -> ledger.submit(revoke(1)), () -> ledger.submit(revoke(1))));
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
    }

    @Test
    void many_at_once_are_all_there() throws Exception {
        var work = new ArrayList<Callable<Position>>();
        for (int i = 0; i < 100; i++) {
            var grant = grant(i);
            work.add(() -> ledger.submit(grant));
        }
        for (var position : atOnce(work)) {
            assertThat(position.block()).isBetween(first + 1, ledger.head().block());
        }
        for (int i = 0; i < 100; i++) {
            assertThat(ledger.get(handle(i))).isPresent();
        }
    }

    @Test
    void who_follows_hears_of_every_block_in_order_before_submit_returns() {
        ledger.submit(grant(1));
        var heard = new ArrayList<Position>();
        ledger.follow(first - 1, heard::add);
        assertThat(heard).extracting(Position::block).containsExactly(first, first + 1);
        var position = ledger.submit(grant(2));
        assertThat(heard).last().isEqualTo(position);
        var later = new ArrayList<Position>();
        ledger.follow(first + 1, later::add);
        assertThat(later).containsExactly(position);
    }

    @Test
    void what_a_block_recorded_and_how_a_consent_stood_then_can_be_asked_for_later() {
        ledger.submit(grant(1));
        ledger.submit(grant(2));
        ledger.submit(revoke(1));
        ledger.close();
        ledger = open();
        assertThat(ledger.recordedBy(first + 1))
                .containsExactlyElementsOf(ledger.historyOf(handle(1)).subList(0, 1));
        assertThat(ledger.recordedBy(first + 3))
                .extracting(ConsentRecord::status)
                .containsExactly(Status.REVOKED);
        assertThat(ledger.recordedBy(first)).isEmpty();
        assertThat(ledger.recordedBy(first + 4)).isEmpty();
        assertThat(ledger.asOf(handle(2), first + 1)).isEmpty();
        assertThat(ledger.asOf(handle(1), first + 2).map(ConsentRecord::status)).contains(Status.ACTIVE);
        assertThat(ledger.asOf(handle(1), first + 3).map(ConsentRecord::status)).contains(Status.REVOKED);
        assertThat(ledger.asOf(handle(9), first + 3)).isEmpty();
    }

    @Test
    void a_follower_that_fails_undoes_nothing_and_is_told_again() {
        var heard = new ArrayList<Long>();
        var failing = new boolean[] {true};
        ledger.follow(first, position -> {
            if (failing[0]) {
                throw new IllegalStateException("not now");
            }
            heard.add(position.block());
        });
        ledger.submit(grant(1));
        assertThat(ledger.get(handle(1))).isPresent();
        failing[0] = false;
        ledger.submit(grant(2));
        assertThat(heard).containsExactly(first + 1, first + 2);
    }

    @Test
    void what_was_acknowledged_is_there_after_a_restart() {
        ledger.submit(grant(1));
        ledger.submit(grant(2));
        ledger.submit(revoke(2));
        var head = ledger.head();
        var history = ledger.historyOf(handle(2));
        ledger.close();
        ledger = open();
        assertThat(ledger.head()).isEqualTo(head);
        assertThat(ledger.historyOf(handle(2))).isEqualTo(history);
        assertThat(ledger.get(handle(1)).map(ConsentRecord::status)).contains(Status.ACTIVE);
        ledger.submit(revoke(1));
    }

    @Test
    void a_closed_ledger_says_that_it_is_not_there() {
        ledger.close();
        assertThatThrownBy(() -> ledger.submit(grant(1))).isInstanceOf(LedgerUnavailable.class);
    }

    protected static ConsentHandle handle(int number) {
        return new ConsentHandle(String.format("%064x", number));
    }

    protected Grant grant(int number) {
        return acts().grant(handle(number), COMMITMENT, Optional.empty(), KEY);
    }

    /** Of what was granted, whether it is revoked by now or not. */
    protected Revoke revoke(int number) {
        var granted = ledger.historyOf(handle(number)).stream().findFirst();
        var unsigned = new Revoke(handle(number), 2, new byte[0]);
        return new Revoke(
                handle(number), 2, KEY.sign(SignedBytes.of(ledger.charter().channel(), unsigned, granted)));
    }

    private End end(int number, SigningKey key) {
        return acts().end(ledger.get(handle(number)).orElseThrow(), key::sign);
    }

    protected Acts acts() {
        return new Acts(ledger.charter());
    }

    private void refused(Why why, Transaction transaction) {
        assertThatThrownBy(() -> ledger.submit(transaction))
                .isInstanceOfSatisfying(
                        LedgerRefused.class,
                        refusal -> assertThat(refusal.why()).isEqualTo(why));
    }

    private static List<Position> atOnce(List<Callable<Position>> work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(16)) {
            var positions = new ArrayList<Position>();
            for (var done : threads.invokeAll(work)) {
                positions.add(done.get());
            }
            return positions;
        }
    }
}
