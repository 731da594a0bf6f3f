package org.twinkeep.consent.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.contract.EveryAct.IDENTITY;
import static org.twinkeep.consent.contract.EveryAct.KEY;
import static org.twinkeep.consent.contract.EveryAct.handle;
import static org.twinkeep.consent.contract.EveryAct.hash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.contract.EveryAct;
import org.twinkeep.consent.contract.SignedBytes;
import org.twinkeep.consent.durable.Bytes;
import org.twinkeep.consent.embedded.Notary.Reply;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/** A signer is no blind oracle: what it reads and does not understand, or does not follow, it does not sign. */
class NotaryTest {

    private static final Charter CHARTER = TestOrganisations.three().charter();

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-03-01T10:00:00Z");
    private final Acts acts = new Acts(CHARTER);
    private final Block genesis = whole(Block.genesis(CHARTER, clock.instant()));
    private Notary oversight;

    @BeforeEach
    void start() {
        oversight = open(Charter.OVERSIGHT, Set.of());
        oversight.take(List.of(genesis.line()));
    }

    @AfterEach
    void stop() {
        oversight.close();
    }

    @Test
    void a_block_that_follows_is_signed_and_the_same_one_again() {
        var block = byCustodian(after(genesis, grant(1)));
        var signed = (Reply.Signed) oversight.block(block.line());
        assertThat(TestOrganisations.OVERSIGHT.verifyingKey().verifies(block.header(), signed.signature()))
                .isTrue();
        assertThat(oversight.block(block.line())).isInstanceOf(Reply.Signed.class);
    }

    @Test
    void of_one_number_it_signs_one_block_also_after_a_restart() {
        var first = byCustodian(after(genesis, grant(1)));
        oversight.block(first.line());
        var other = byCustodian(after(genesis, grant(2)));
        for (int i = 0; i < 2; i++) {
            assertThat(oversight.block(other.line()))
                    .isInstanceOfSatisfying(
                            Reply.Promised.class,
                            promised -> assertThat(Block.read(promised.line()).position())
                                    .isEqualTo(first.position()));
            stop();
            oversight = open(Charter.OVERSIGHT, Set.of());
        }
        assertThatThrownBy(() -> oversight.take(List.of(whole(other.unsigned()).line())))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("another one than this organisation signed");
        oversight.take(List.of(whole(first.unsigned()).line()));
        assertThat(oversight.head()).isEqualTo(first.position());
    }

    @Test
    void what_does_not_follow_is_refused() {
        var forged = (Transaction.Grant) grant(1);
        var otherKey = IDENTITY.verifyingKey();
        refused(
                "contract refuses: bad signature",
                byCustodian(after(
                        genesis,
                        new Transaction.Grant(
                                handle(1), 1, hash(1), otherKey, forged.policyVersion(), forged.signature()))));
        refused(
                "contract refuses: unknown handle",
                byCustodian(after(genesis, new Revoke(handle(1), 2, new byte[64]))));
        refused("not signed by the organisations before", after(genesis, grant(1)));
        var byStranger = after(genesis, grant(1))
                .with(Charter.CUSTODIAN, TestOrganisations.key(99).sign(new byte[1]));
        refused("not signed by the organisations before", byStranger);
        refused("holds no transactions", byCustodian(Block.after(genesis.position(), clock.instant(), List.of())));
        var otherPast = new Position(0, "ab".repeat(32));
        refused("does not follow", byCustodian(Block.after(otherPast, clock.instant(), List.of(grant(1)))));
        var tomorrow = clock.instant().plusSeconds(121);
        refused("has not come", byCustodian(Block.after(genesis.position(), tomorrow, List.of(grant(1)))));
        var before = clock.instant().minusSeconds(1);
        refused("older than", byCustodian(Block.after(genesis.position(), before, List.of(grant(1)))));
        refused("shorter than what was signed", genesis);
        assertThat(oversight.block("a blank sheet".getBytes(UTF_8))).isEqualTo(new Reply.Refused("it is no block"));
        var late = new Position(7, "ab".repeat(32));
        assertThat(oversight.block(byCustodian(Block.after(late, clock.instant(), List.of(grant(1))))
                        .line()))
                .isEqualTo(new Reply.Behind(0));
        // Nothing of this was promised.
        assertThat(oversight.block(byCustodian(after(genesis, grant(1))).line()))
                .isInstanceOf(Reply.Signed.class);
    }

    @Test
    void of_a_ledger_with_another_key_of_its_name_it_keeps_a_copy_and_signs_nothing() {
        try (var other =
                Notary.open(Charter.OVERSIGHT, TestOrganisations.key(9), folder.resolve("other"), Set.of(), clock)) {
            assertThat(other.block(Block.genesis(CHARTER, clock.instant()).line()))
                    .isInstanceOf(Reply.Refused.class);
            assertThat(other.take(List.of(genesis.line()))).isZero();
            assertThat(other.block(byCustodian(after(genesis, grant(1))).line()))
                    .isInstanceOf(Reply.Refused.class);
            assertThatThrownBy(() -> other.act(bytes(EveryAct.on(CHARTER).get("review"))))
                    .isInstanceOf(LedgerRefused.class);
        }
    }

    @Test
    void a_copy_that_was_altered_signs_nothing() throws Exception {
        stop();
        var file = folder.resolve(Charter.OVERSIGHT).resolve("blocks.ndjson");
        var bytes = Files.readAllBytes(file);
        Bytes.write(file, Bytes.flipped(bytes, bytes.length / 2, 0));
        assertThatThrownBy(() -> open(Charter.OVERSIGHT, Set.of())).isInstanceOf(LedgerUnavailable.class);
        Files.write(file, bytes);
        start();
    }

    @Test
    void two_processes_do_not_sign_from_one_folder() {
        assertThatThrownBy(() -> open(Charter.OVERSIGHT, Set.of()))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("in use");
    }

    @Test
    void each_organisation_signs_its_own_acts_and_nobody_signs_a_patients() {
        var signedBy = Map.ofEntries(
                Map.entry("enrol", Set.of()),
                Map.entry("enrol again", Set.of(Charter.CUSTODIAN, Charter.OVERSIGHT)),
                Map.entry("propose", Set.of(Charter.PROVIDER)),
                Map.entry("grant what was proposed", Set.of()),
                Map.entry("grant", Set.of()),
                Map.entry("amend", Set.of()),
                Map.entry("revoke", Set.of()),
                Map.entry("end", Set.of(Charter.CUSTODIAN)),
                Map.entry("delegate", Set.of()),
                Map.entry("delegate by document", Set.of(Charter.CUSTODIAN, Charter.OVERSIGHT)),
                Map.entry("expire", Set.of(Charter.PROVIDER)),
                Map.entry("break", Set.of(Charter.PROVIDER)),
                Map.entry("review", Set.of(Charter.OVERSIGHT)),
                Map.entry("policy", Set.of(Charter.CUSTODIAN, Charter.OVERSIGHT)),
                Map.entry("policy again", Set.of(Charter.CUSTODIAN, Charter.OVERSIGHT)),
                Map.entry("anchor", Set.of(Charter.CUSTODIAN)),
                Map.entry("erasure", Set.of(Charter.CUSTODIAN)));
        var all = EveryAct.on(CHARTER);
        assertThat(signedBy.keySet()).isEqualTo(all.keySet());
        for (var name : TestOrganisations.KEYS.keySet()) {
            try (var notary = name.equals(Charter.OVERSIGHT) ? null : open(name, Set.of())) {
                var asked = notary == null ? oversight : notary;
                asked.take(List.of(genesis.line()));
                all.forEach((act, transaction) -> {
                    var bytes = bytes(transaction);
                    if (signedBy.get(act).contains(name)) {
                        assertThat(TestOrganisations.KEYS
                                        .get(name)
                                        .verifyingKey()
                                        .verifies(bytes, asked.act(bytes)))
                                .as(name + ": " + act)
                                .isTrue();
                    } else {
                        assertThatThrownBy(() -> asked.act(bytes))
                                .as(name + ": " + act)
                                .isInstanceOf(LedgerRefused.class);
                    }
                });
            }
        }
    }

    @Test
    void an_act_in_bad_form_or_of_another_ledger_is_not_signed() {
        var review = EveryAct.on(CHARTER).get("review");
        var elsewhere = SignedBytes.of("another-house", review, Optional.empty());
        actRefused(elsewhere);
        actRefused(new byte[0]);
        actRefused("{}".getBytes(UTF_8));
        var text = new String(bytes(review), UTF_8);
        actRefused(text.replace("}", ",\"zz\":1}").getBytes(UTF_8));
        actRefused(text.replace("twinkeep-consent-1", "twinkeep-block-1").getBytes(UTF_8));
        actRefused(text.replace(hash(9), "x").getBytes(UTF_8));
        // The header of a block is no act.
        actRefused(after(genesis, grant(1)).header());
        try (var provider = open(Charter.PROVIDER, Set.of())) {
            provider.take(List.of(genesis.line()));
            var signed = new ArrayList<byte[]>();
            assertThatThrownBy(() ->
                            acts.breakGlass(handle(7), hash(1), clock.instant().plusSeconds(3601), bytes -> {
                                signed.add(provider.act(bytes));
                                return signed.getLast();
                            }))
                    .isInstanceOf(LedgerRefused.class);
            assertThat(signed).isEmpty();
        }
    }

    @Test
    void an_organisation_may_leave_acts_to_its_people() {
        stop();
        oversight = open(Charter.OVERSIGHT, new TreeSet<>(Set.of("enrol", "delegate")));
        actRefused(bytes(EveryAct.on(CHARTER).get("enrol again")));
        actRefused(bytes(EveryAct.on(CHARTER).get("delegate by document")));
        assertThat(oversight.act(bytes(EveryAct.on(CHARTER).get("policy")))).hasSize(64);
    }

    private Notary open(String name, Set<String> unsigned) {
        return Notary.open(name, TestOrganisations.KEYS.get(name), folder.resolve(name), unsigned, clock);
    }

    private void refused(String why, Block block) {
        assertThat(oversight.block(block.line()))
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    private void actRefused(byte[] act) {
        assertThatThrownBy(() -> oversight.act(act)).isInstanceOf(LedgerRefused.class);
    }

    /** An act without a commitment of its own binds the one that stands; here any. */
    private static byte[] bytes(Transaction transaction) {
        var fields = TransactionJson.unsigned(transaction);
        fields.put("format", "twinkeep-consent-1");
        fields.put("channel", CHARTER.channel());
        fields.putIfAbsent("commitment", hash(1));
        return CanonicalJson.bytes(fields);
    }

    private Transaction grant(int number) {
        return acts.grant(handle(number), hash(number), Optional.empty(), KEY);
    }

    private Block after(Block before, Transaction transaction) {
        return Block.after(before.position(), clock.instant(), List.of(transaction));
    }

    private static Block byCustodian(Block block) {
        return block.with(Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.sign(block.header()));
    }

    private static Block whole(Block block) {
        return TestOrganisations.three().sign(block, _ -> List.of());
    }
}
