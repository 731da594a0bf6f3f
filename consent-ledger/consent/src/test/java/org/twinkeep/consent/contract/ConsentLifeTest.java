package org.twinkeep.consent.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.ConsentLife.Active;
import org.twinkeep.consent.contract.ConsentLife.Expired;
import org.twinkeep.consent.contract.ConsentLife.Revoked;
import org.twinkeep.consent.contract.ConsentLife.Unknown;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.End;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Grant;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.crypto.sign.SigningKey;

class ConsentLifeTest {

    private static final Charter CHARTER = Charter.of(
            "channel",
            "1",
            Map.of(
                    Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.verifyingKey(),
                    Charter.PROVIDER, TestOrganisations.PROVIDER.verifyingKey(),
                    Charter.OVERSIGHT, TestOrganisations.OVERSIGHT.verifyingKey()));
    private static final ConsentHandle HANDLE = new ConsentHandle("0f".repeat(32));
    private static final String COMMITMENT = "c0".repeat(32);
    private static final SigningKey KEY = TestOrganisations.key(42);
    private static final SigningKey STRANGER = TestOrganisations.key(43);
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void what_is_granted_is_active() {
        var life = after(new Unknown(), grant(KEY));
        assertThat(life).isInstanceOfSatisfying(Active.class, active -> {
            assertThat(active.record().step()).isEqualTo(1);
            assertThat(active.record().commitment()).isEqualTo(COMMITMENT);
            assertThat(active.record().previousHash()).isEqualTo("0".repeat(64));
            assertThat(active.record().at()).isEqualTo(AT);
        });
    }

    @Test
    void an_active_consent_is_revoked_by_its_own_key() {
        var active = after(new Unknown(), grant(KEY));
        var life = after(active, revoke(2, KEY));
        assertThat(life).isInstanceOfSatisfying(Revoked.class, revoked -> {
            assertThat(revoked.record().step()).isEqualTo(2);
            assertThat(revoked.record().previousHash())
                    .isEqualTo(active.recorded().orElseThrow().hash());
        });
    }

    @Test
    void the_hash_of_a_record_is_frozen() {
        assertThat(after(new Unknown(), grant(KEY)).recorded().orElseThrow().hash())
                .isEqualTo("62b61dbcab1666bf24f32bbca9e020cdad47285b3adbafcbefbdecb2d73b6a8a");
    }

    @Test
    void what_can_only_narrow_may_be_signed_by_others() {
        var active = after(new Unknown(), grant(KEY));
        assertThat(after(active, end(2, Charter.CUSTODIAN, TestOrganisations.CUSTODIAN)))
                .isInstanceOf(Revoked.class);
        assertThat(after(active, expire(2, Charter.PROVIDER, TestOrganisations.PROVIDER)))
                .isInstanceOf(Expired.class);
    }

    @Test
    void only_the_custodian_stops_a_consent() {
        var active = after(new Unknown(), grant(KEY));
        refused(Why.NO_SUCH_ORGANISATION, active, end(2, Charter.PROVIDER, TestOrganisations.PROVIDER));
        refused(Why.BAD_SIGNATURE, active, end(2, Charter.CUSTODIAN, TestOrganisations.PROVIDER));
    }

    @Test
    void an_organisation_that_the_charter_does_not_name_ends_nothing() {
        refused(Why.NO_SUCH_ORGANISATION, after(new Unknown(), grant(KEY)), expire(2, "Nobody", STRANGER));
    }

    @Test
    void nobody_but_the_key_of_the_consent_grants_or_revokes() {
        refused(Why.BAD_SIGNATURE, new Unknown(), signedBy(STRANGER, grant(KEY)));
        refused(Why.BAD_SIGNATURE, after(new Unknown(), grant(KEY)), revoke(2, STRANGER));
    }

    @Test
    void a_signature_serves_one_channel_one_handle_one_commitment_and_one_policy() {
        var grant = grant(KEY);
        refused(
                Why.BAD_SIGNATURE,
                new Unknown(),
                new Grant(
                        new ConsentHandle("0e".repeat(32)), 1, COMMITMENT, KEY.verifyingKey(), "1", grant.signature()));
        refused(
                Why.BAD_SIGNATURE,
                new Unknown(),
                new Grant(HANDLE, 1, "c1".repeat(32), KEY.verifyingKey(), "1", grant.signature()));
        refused(
                Why.BAD_SIGNATURE,
                new Unknown(),
                new Grant(HANDLE, 1, COMMITMENT, STRANGER.verifyingKey(), "1", grant.signature()));
        var otherChannel = Charter.of("other", "1", CHARTER.organisations());
        refused(Why.BAD_SIGNATURE, () -> new Unknown().decide(grant, otherChannel, AT));
        var otherPolicy = Charter.of("channel", "2", CHARTER.organisations());
        refused(Why.OTHER_POLICY, () -> new Unknown().decide(grant, otherPolicy, AT));
    }

    @Test
    void a_grants_signature_does_not_revoke() {
        var active = after(new Unknown(), grant(KEY));
        refused(Why.BAD_SIGNATURE, active, new Revoke(HANDLE, 2, grant(KEY).signature()));
    }

    @Test
    void out_of_order_is_said_before_the_signature_is_looked_at() {
        var active = after(new Unknown(), grant(KEY));
        refused(Why.OUT_OF_ORDER, active, revoke(3, STRANGER));
        refused(Why.OUT_OF_ORDER, active, revoke(1, STRANGER));
        refused(Why.OUT_OF_ORDER, new Unknown(), grant(2, KEY));
        refused(Why.OUT_OF_ORDER, active, end(7, Charter.CUSTODIAN, STRANGER));
        refused(Why.OUT_OF_ORDER, active, expire(7, Charter.CUSTODIAN, STRANGER));
        refused(Why.OUT_OF_ORDER, active, new Grant(HANDLE, 1, "c1".repeat(32), KEY.verifyingKey(), "1", new byte[64]));
    }

    @Test
    void a_consent_that_was_never_granted_cannot_end() {
        refused(Why.UNKNOWN_HANDLE, new Unknown(), revoke(1, KEY));
        refused(Why.UNKNOWN_HANDLE, new Unknown(), end(1, Charter.CUSTODIAN, TestOrganisations.CUSTODIAN));
    }

    @Test
    void a_commitment_that_is_no_hash_is_refused() {
        refused(
                Why.MALFORMED,
                new Unknown(),
                new Grant(HANDLE, 1, "Observation/17", KEY.verifyingKey(), "1", new byte[64]));
    }

    @Test
    void said_again_it_changes_nothing_and_is_no_error() {
        var active = after(new Unknown(), grant(KEY));
        assertThat(active.decide(grant(KEY), CHARTER, AT)).isEmpty();
        var revoked = after(active, revoke(2, KEY));
        assertThat(revoked.decide(revoke(2, KEY), CHARTER, AT)).isEmpty();
        refused(Why.BAD_SIGNATURE, revoked, revoke(2, STRANGER));
        var expired = after(active, expire(2, Charter.OVERSIGHT, TestOrganisations.OVERSIGHT));
        assertThat(expired.decide(expire(2, Charter.OVERSIGHT, TestOrganisations.OVERSIGHT), CHARTER, AT))
                .isEmpty();
    }

    @Test
    void a_refusal_quotes_nothing_of_the_request() {
        assertThatThrownBy(() -> new Unknown().decide(revoke(1, KEY), CHARTER, AT))
                .hasMessage("unknown handle");
    }

    @Test
    void once_ended_it_stays_ended_and_steps_only_go_up() {
        qt().withFixedSeed(6)
                .forAll(lists().of(integers().between(0, 11)).ofSizeBetween(1, 12))
                .checkAssert(choices -> {
                    ConsentLife life = new Unknown();
                    var ended = false;
                    for (int choice : choices) {
                        var before = life;
                        life = tried(life, anyTransaction(choice, life));
                        assertThat(step(life)).isBetween(step(before), step(before) + 1);
                        assertThat(ended && life instanceof Active).isFalse();
                        ended |= life instanceof Revoked || life instanceof Expired;
                        if (before instanceof Revoked || before instanceof Expired) {
                            assertThat(life).isEqualTo(before);
                        }
                    }
                });
    }

    @Test
    void a_state_is_the_same_when_it_comes_back_from_a_record() {
        var active = after(new Unknown(), grant(KEY));
        var revoked = after(active, revoke(2, KEY));
        for (var life : List.of(new Unknown(), active, revoked)) {
            assertThat(ConsentLife.of(life.recorded())).isEqualTo(life);
        }
        assertThat(revoked.recorded().map(ConsentRecord::status)).contains(Status.REVOKED);
    }

    private static Transaction anyTransaction(int choice, ConsentLife life) {
        int next = step(life) + 1;
        return switch (choice) {
            case 0, 1 -> grant(KEY);
            case 2 -> grant(next, KEY);
            case 3 -> revoke(next, KEY);
            case 4 -> revoke(next, STRANGER);
            case 5 -> revoke(2, KEY);
            case 6 -> end(next, Charter.CUSTODIAN, TestOrganisations.CUSTODIAN);
            case 7 -> end(next, Charter.PROVIDER, TestOrganisations.PROVIDER);
            case 8 -> expire(next, Charter.OVERSIGHT, TestOrganisations.OVERSIGHT);
            case 9 -> expire(next + 1, Charter.OVERSIGHT, TestOrganisations.OVERSIGHT);
            case 10 -> signedBy(STRANGER, grant(KEY));
            default -> grant(STRANGER);
        };
    }

    private static ConsentLife tried(ConsentLife life, Transaction transaction) {
        try {
            return after(life, transaction);
        } catch (LedgerRefused e) {
            return life;
        }
    }

    private static int step(ConsentLife life) {
        return life.recorded().map(ConsentRecord::step).orElse(0);
    }

    private static ConsentLife after(ConsentLife life, Transaction transaction) {
        var now = life;
        for (var event : life.decide(transaction, CHARTER, AT)) {
            now = now.evolve(event);
        }
        return now;
    }

    private static void refused(Why why, ConsentLife life, Transaction transaction) {
        refused(why, () -> life.decide(transaction, CHARTER, AT));
    }

    private static void refused(Why why, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(
                        LedgerRefused.class,
                        refusal -> assertThat(refusal.why()).isEqualTo(why));
    }

    private static Grant grant(SigningKey key) {
        return grant(1, key);
    }

    private static Grant grant(int step, SigningKey key) {
        return signedBy(key, new Grant(HANDLE, step, COMMITMENT, key.verifyingKey(), "1", new byte[0]));
    }

    private static Grant signedBy(SigningKey signer, Grant grant) {
        var signed = SignedBytes.of("channel", grant, Optional.empty());
        return new Grant(HANDLE, grant.step(), COMMITMENT, grant.key(), "1", signer.sign(signed));
    }

    private static Revoke revoke(int step, SigningKey key) {
        return new Revoke(HANDLE, step, key.sign(signed(new Revoke(HANDLE, step, new byte[0]))));
    }

    private static End end(int step, String organisation, SigningKey key) {
        return new End(HANDLE, step, organisation, key.sign(signed(new End(HANDLE, step, organisation, new byte[0]))));
    }

    private static Expire expire(int step, String organisation, SigningKey key) {
        var signed = signed(new Expire(HANDLE, step, organisation, new byte[0]));
        return new Expire(HANDLE, step, organisation, key.sign(signed));
    }

    /** On top of the grant, whose commitment it binds. */
    private static byte[] signed(Transaction transaction) {
        return SignedBytes.of(
                "channel", transaction, after(new Unknown(), grant(KEY)).recorded());
    }
}
