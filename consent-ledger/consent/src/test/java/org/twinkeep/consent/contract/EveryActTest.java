package org.twinkeep.consent.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.contract.EveryAct.AT;
import static org.twinkeep.consent.contract.EveryAct.BOTH;
import static org.twinkeep.consent.contract.EveryAct.IDENTITY;
import static org.twinkeep.consent.contract.EveryAct.KEY;
import static org.twinkeep.consent.contract.EveryAct.handle;
import static org.twinkeep.consent.contract.EveryAct.hash;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts.Both;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Anchor;
import org.twinkeep.consent.ledger.Transaction.Break;
import org.twinkeep.consent.ledger.Transaction.Delegate;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.consent.ledger.Transaction.Propose;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.consent.ledger.Transaction.Review;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.SigningKey;

/** Every act of the contract on a ledger of keys and values: allowed once, refused with its word, said again in vain. */
class EveryActTest {

    private static final Charter CHARTER = Charter.of(
            "house",
            "1",
            Map.of(
                    Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.verifyingKey(),
                    Charter.PROVIDER, TestOrganisations.PROVIDER.verifyingKey(),
                    Charter.OVERSIGHT, TestOrganisations.OVERSIGHT.verifyingKey()));
    private static final SigningKey STRANGER = TestOrganisations.key(43);

    private final Acts acts = new Acts(CHARTER);
    private final Map<String, byte[]> state = new HashMap<>();
    private final KeyedContract contract = new KeyedContract(key -> Optional.ofNullable(state.get(key)));

    EveryActTest() {
        execute(KeyedContract.FOUND, CanonicalJson.bytes(CharterJson.write(CHARTER)));
    }

    @Test
    void every_act_is_allowed_once_and_changes_nothing_when_it_is_said_again() {
        EveryAct.on(CHARTER).forEach((name, transaction) -> {
            assertThat(submit(transaction)).as(name).isTrue();
            var before = Map.copyOf(state);
            assertThat(submit(transaction)).as(name).isFalse();
            assertThat(state).isEqualTo(before);
        });
        assertThat(record(1).kind()).isEqualTo(Kind.SIGNER);
        assertThat(record(1).step()).isEqualTo(2);
        assertThat(record(1).organisations()).containsExactly(Charter.CUSTODIAN, Charter.OVERSIGHT);
        assertThat(record(3).status()).isEqualTo(Status.REVOKED);
        assertThat(record(4).step()).isEqualTo(3);
        assertThat(record(5).kind()).isEqualTo(Kind.DELEGATION);
        assertThat(record(6).key()).isNull();
        assertThat(record(6).status()).isEqualTo(Status.EXPIRED);
        assertThat(record(7).status()).isEqualTo(Status.REVIEWED);
    }

    @Test
    void the_form_of_every_act_and_of_its_record_is_frozen() throws Exception {
        var lines = new ArrayList<String>();
        for (var transaction : EveryAct.on(CHARTER).values()) {
            submit(transaction);
            lines.add(new String(CanonicalJson.bytes(TransactionJson.write(transaction)), StandardCharsets.UTF_8));
            lines.add(new String(record(transaction.handle()).bytes(), StandardCharsets.UTF_8));
        }
        var frozen = Path.of("src/test/resources/org/twinkeep/consent/contract/acts.ndjson");
        assertThat(lines).isEqualTo(Files.readAllLines(frozen));
    }

    @Test
    void no_byte_of_any_act_can_be_changed() {
        EveryAct.on(CHARTER).forEach((name, transaction) -> {
            var json = new HashMap<>(TransactionJson.write(transaction));
            for (var element : List.copyOf(json.keySet())) {
                var other = new HashMap<>(json);
                other.computeIfPresent(element, (_, value) -> changed(value));
                assertThatThrownBy(() -> execute(KeyedContract.SUBMIT, house(), CanonicalJson.bytes(other)))
                        .as(name + " with another " + element)
                        .isInstanceOf(LedgerRefused.class);
            }
            submit(transaction);
        });
    }

    @Test
    void the_script_leaves_no_act_out() {
        assertThat(EveryAct.on(CHARTER).values().stream().map(Object::getClass))
                .containsAll(List.of(Transaction.class.getPermittedSubclasses()));
    }

    @Test
    void every_act_is_refused_with_every_word_that_can_be_said_of_it() {
        var all = EveryAct.on(CHARTER);
        all.forEach((name, transaction) -> {
            var json = TransactionJson.write(transaction);
            refused(name, Why.MALFORMED, with(json, "remark", "more"));
            if (json.containsKey("commitment")) {
                refused(name, Why.MALFORMED, with(json, "commitment", "Observation/17"));
            }
            refused(name, Why.OUT_OF_ORDER, with(json, "step", transaction.step() + 1));
            for (var signature : List.of("signature", "custodian", "oversight")) {
                if (json.containsKey(signature)) {
                    refused(name, Why.BAD_SIGNATURE, with(json, signature, "00".repeat(64)));
                }
            }
            if (json.containsKey("organisation")) {
                refused(name, Why.NO_SUCH_ORGANISATION, with(json, "organisation", "Stranger"));
            }
            if (json.containsKey("custodian")) {
                var swapped = with(json, "custodian", json.get("oversight"));
                swapped.put("oversight", json.get("custodian"));
                refused(name, Why.BAD_SIGNATURE, swapped);
            }
            if (List.of("amend", "revoke", "end", "expire", "review").contains(json.get("act"))) {
                refused(
                        name,
                        Why.UNKNOWN_HANDLE,
                        with(json, "handle", handle(99).value()));
            }
            submit(transaction);
        });
        all.forEach((name, transaction) -> {
            var late =
                    with(TransactionJson.write(transaction), "handle", handle(4).value());
            late.put("step", 4);
            refused(name, Why.ALREADY_ENDED, late);
        });
    }

    private static Map<String, Object> with(Map<String, Object> json, String element, Object value) {
        var other = new HashMap<>(json);
        other.put(element, value);
        return other;
    }

    private void refused(String name, Why why, Map<String, Object> json) {
        var before = Map.copyOf(state);
        assertThatThrownBy(() -> execute(KeyedContract.SUBMIT, house(), CanonicalJson.bytes(json)))
                .as(name + ": " + why.words())
                .isInstanceOf(LedgerRefused.class)
                .hasMessage(why.words());
        assertThat(state).isEqualTo(before);
    }

    @Test
    void only_the_provider_proposes_and_a_proposal_allows_nothing() {
        refused(Why.BAD_SIGNATURE, acts.propose(handle(1), hash(1), STRANGER::sign));
        refused(Why.NO_SUCH_ORGANISATION, new Propose(handle(1), 1, hash(1), Charter.OVERSIGHT, new byte[64]));
        submit(acts.propose(handle(1), hash(1), TestOrganisations.PROVIDER::sign));
        assertThat(record(1).isActiveConsent()).isFalse();
        refused(Why.OUT_OF_ORDER, acts.grant(handle(1), hash(1), Optional.empty(), KEY));
    }

    @Test
    void a_proposal_that_was_declined_is_never_granted() {
        submit(acts.propose(handle(1), hash(1), TestOrganisations.PROVIDER::sign));
        var proposal = record(1);
        submit(acts.end(proposal, TestOrganisations.CUSTODIAN::sign));
        refused(Why.ALREADY_ENDED, acts.grant(handle(1), hash(1), Optional.of(proposal), KEY));
    }

    @Test
    void only_the_consents_own_key_amends_it_step_by_step() {
        submit(acts.grant(handle(1), hash(1), Optional.empty(), KEY));
        var granted = record(1);
        refused(Why.BAD_SIGNATURE, acts.amend(granted, hash(2), STRANGER));
        var first = acts.amend(granted, hash(2), KEY);
        submit(first);
        refused(Why.OUT_OF_ORDER, acts.amend(granted, hash(3), STRANGER));
        submit(acts.amend(record(1), hash(1), KEY));
        refused(Why.OUT_OF_ORDER, first);
        submit(acts.revoke(record(1), KEY));
        refused(Why.ALREADY_ENDED, acts.amend(record(1), hash(4), KEY));
    }

    @Test
    void an_identity_key_is_enrolled_by_itself_and_for_the_second_time_by_both_organisations() {
        var enrol = acts.enrol(handle(1), hash(1), IDENTITY);
        refused(Why.BAD_SIGNATURE, new Enrol(handle(1), 1, hash(1), KEY.verifyingKey(), enrol.signature(), null));
        submit(enrol);
        assertThat(record(1).organisations()).isEmpty();
        refused(Why.OUT_OF_ORDER, acts.enrol(handle(1), hash(1), KEY));
        var alone = new Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.PROVIDER::sign);
        refused(Why.BAD_SIGNATURE, acts.enrolAgain(record(1), hash(1), KEY, alone));
        refused(Why.BAD_SIGNATURE, new Enrol(handle(1), 2, hash(1), KEY.verifyingKey(), new byte[64], null));
        refused(Why.OTHER_KIND, acts.end(record(1), TestOrganisations.CUSTODIAN::sign));
        refused(Why.OTHER_KIND, acts.revoke(record(1), IDENTITY));
    }

    @Test
    void a_delegation_is_signed_by_its_patient_or_by_both_organisations() {
        refused(Why.MALFORMED, new Delegate(handle(1), 1, hash(1), null, null));
        var custodianAlone = new Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.CUSTODIAN::sign);
        refused(Why.BAD_SIGNATURE, acts.delegate(handle(1), hash(1), custodianAlone));
        submit(acts.delegate(handle(1), hash(1), BOTH));
        refused(Why.BAD_SIGNATURE, acts.revoke(record(1), KEY));
        submit(acts.end(record(1), TestOrganisations.CUSTODIAN::sign));
        submit(acts.delegate(handle(2), hash(1), KEY));
        submit(acts.revoke(record(2), KEY));
        assertThat(record(2).status()).isEqualTo(Status.REVOKED);
    }

    @Test
    void an_emergency_lasts_sixty_minutes_and_is_reviewed_by_oversight() {
        var provider = TestOrganisations.PROVIDER;
        refused(Why.TOO_LONG, acts.breakGlass(handle(1), hash(1), AT.plusSeconds(3601), provider::sign));
        refused(
                Why.NO_SUCH_ORGANISATION,
                new Break(handle(1), 1, hash(1), AT.plusSeconds(60), Charter.CUSTODIAN, new byte[64]));
        submit(acts.breakGlass(handle(1), hash(1), AT.plusSeconds(3600), provider::sign));
        refused(Why.OTHER_KIND, acts.end(record(1), TestOrganisations.CUSTODIAN::sign));
        refused(Why.BAD_SIGNATURE, acts.review(record(1), hash(2), provider::sign));
        refused(Why.NO_SUCH_ORGANISATION, new Review(handle(1), 2, hash(2), Charter.PROVIDER, new byte[64]));
        submit(acts.expire(record(1), Charter.PROVIDER, provider::sign));
        submit(acts.review(record(1), hash(2), TestOrganisations.OVERSIGHT::sign));
        refused(Why.ALREADY_ENDED, acts.review(record(1), hash(3), TestOrganisations.OVERSIGHT::sign));
    }

    @Test
    void a_glass_that_was_broken_while_the_ledger_was_away_is_recorded_when_it_is_over() {
        assertThat(submit(acts.breakGlass(handle(1), hash(1), AT.minusSeconds(9000), TestOrganisations.PROVIDER::sign)))
                .isTrue();
    }

    @Test
    void a_policy_is_registered_by_two_organisations_under_the_handle_of_its_subject() {
        var alone = new Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.PROVIDER::sign);
        refused(Why.BAD_SIGNATURE, acts.policy("labels", "1", hash(1), Optional.empty(), alone));
        var policy = acts.policy("labels", "1", hash(1), Optional.empty(), BOTH);
        refused(Why.MALFORMED, new RegisterPolicy(handle(1), 1, hash(1), "labels", "1", policy.both()));
        submit(policy);
        refused(Why.OUT_OF_ORDER, acts.policy("labels", "2", hash(2), Optional.empty(), BOTH));
    }

    @Test
    void an_anchor_and_an_erasure_are_the_custodians_under_handles_of_their_own() {
        refused(Why.BAD_SIGNATURE, acts.anchor(hash(1), STRANGER::sign));
        refused(Why.MALFORMED, new Anchor(handle(1), 1, hash(1), Charter.CUSTODIAN, new byte[64]));
        refused(Why.BAD_SIGNATURE, acts.erasure(hash(1), TestOrganisations.OVERSIGHT::sign));
        assertThat(acts.erasure(hash(1), STRANGER::sign).handle())
                .isNotEqualTo(acts.anchor(hash(1), STRANGER::sign).handle());
    }

    @Test
    void what_is_no_transaction_is_malformed() {
        for (var text : List.of("", "{}", "[]", "{\"act\":\"grant\"}", "{\"act\":\"other\",\"handle\":\"1\"}")) {
            assertThatThrownBy(() -> execute(KeyedContract.SUBMIT, house(), text.getBytes(StandardCharsets.UTF_8)))
                    .hasMessage("malformed");
        }
        var grant =
                new HashMap<>(TransactionJson.write(acts.grant(handle(1), "Observation/17", Optional.empty(), KEY)));
        assertThatThrownBy(() -> execute(KeyedContract.SUBMIT, house(), CanonicalJson.bytes(grant)))
                .hasMessage("malformed");
        grant.put("remark", "more");
        assertThatThrownBy(() -> execute(KeyedContract.SUBMIT, house(), CanonicalJson.bytes(grant)))
                .hasMessage("malformed");
    }

    private static Object changed(Object value) {
        return switch (value) {
            case Integer number -> number + 1;
            case Long number -> number + 1;
            case String text
            when text.matches("[0-9a-f]{64,}") -> (text.charAt(0) == '0' ? "1" : "0") + text.substring(1);
            default -> value + "x";
        };
    }

    private void refused(Why why, Transaction transaction) {
        var before = Map.copyOf(state);
        assertThatThrownBy(() -> submit(transaction))
                .isInstanceOfSatisfying(
                        LedgerRefused.class,
                        refusal -> assertThat(refusal.why()).isEqualTo(why));
        assertThat(state).isEqualTo(before);
    }

    private boolean submit(Transaction transaction) {
        return execute(KeyedContract.SUBMIT, house(), CanonicalJson.bytes(TransactionJson.write(transaction)));
    }

    private boolean execute(String function, byte[]... arguments) {
        var write = contract.execute(function, List.of(arguments), AT);
        write.ifPresent(w -> state.put(w.key(), w.value()));
        return write.isPresent();
    }

    private static byte[] house() {
        return CHARTER.channel().getBytes(StandardCharsets.UTF_8);
    }

    private ConsentRecord record(int number) {
        return record(handle(number));
    }

    private ConsentRecord record(ConsentHandle handle) {
        var bytes = state.get(KeyedContract.consentKey("house", handle));
        assertThat(CanonicalReader.of(bytes).text("handle")).isEqualTo(handle.value());
        return ConsentRecord.read(bytes);
    }
}
