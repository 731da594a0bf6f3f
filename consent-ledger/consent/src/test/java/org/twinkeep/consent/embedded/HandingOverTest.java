package org.twinkeep.consent.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/** An organisation whose key lay in the house signs with its own from one block on (decision 0310). */
class HandingOverTest {

    private static final SigningKey NEW = TestOrganisations.key(9);
    private static final Charter BEFORE = TestOrganisations.three().charter();
    private static final Charter AFTER = BEFORE.with(Charter.OVERSIGHT, NEW.verifyingKey());

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-03-01T10:00:00Z");
    private final Acts acts = new Acts(BEFORE);
    private Apart oversight;
    private EmbeddedLedger ledger;

    @BeforeEach
    void aLedgerWithAllKeysInTheHouse() {
        oversight = new Apart(Charter.OVERSIGHT, NEW);
        ledger = open(TestOrganisations.three());
        ledger.submit(anchor(1));
    }

    @AfterEach
    void close() {
        ledger.close();
        oversight.notary.close();
    }

    /** A signer that is asked without a wire between. */
    private final class Apart implements Organisation {
        private final SigningKey key;
        private final Notary notary;
        private boolean away;
        private boolean breaksOffOnce;

        Apart(String name, SigningKey key) {
            this.key = key;
            this.notary = Notary.open(name, key, folder.resolve(name), Set.of(), clock);
        }

        @Override
        public VerifyingKey verifyingKey() {
            return key.verifyingKey();
        }

        @Override
        public byte[] signAct(byte[] act) {
            return notary.act(act);
        }

        @Override
        public void bringUpToDate(LongFunction<List<byte[]>> blocksAfter) {
            notary.take(blocksAfter.apply(notary.head().block()));
        }

        @Override
        public Answer signBlock(Draft draft) {
            if (away) {
                throw new LedgerUnavailable("The signer is out of reach.", null);
            }
            if (notary.block(draft.line()) instanceof Notary.Reply.Behind(long head)) {
                notary.take(draft.before().apply(head));
            }
            var reply = notary.block(draft.line());
            if (breaksOffOnce) {
                breaksOffOnce = false;
                throw new LedgerUnavailable("It broke off.", null);
            }
            return switch (reply) {
                case Notary.Reply.Signed(var signature) -> new Answer.Signed(signature);
                case Notary.Reply.Promised(var line) -> new Answer.Promised(line);
                default -> throw new LedgerUnavailable("It does not sign.", null);
            };
        }
    }

    @Test
    void from_that_block_on_the_new_key_signs_and_the_old_one_signs_nothing() throws Exception {
        var at = ledger.handOver(Charter.OVERSIGHT, oversight);
        assertThat(at.block()).isEqualTo(2);
        assertThat(oversight.notary.head())
                .as("so that the new key signs acts at once")
                .isEqualTo(at);
        ledger.submit(anchor(2));
        ledger.close();
        ledger = open(new Organisations(
                TestOrganisations.CHANNEL,
                Organisation.here(TestOrganisations.CUSTODIAN),
                Organisation.here(TestOrganisations.PROVIDER),
                oversight));
        ledger.submit(anchor(3));
        assertThat(ledger.charter()).isEqualTo(AFTER);
        var check = LedgerCheck.of(folder.resolve("house"), ledger.head());
        assertThat(check.problems()).isEmpty();
        assertThat(check.charter()).isEqualTo(AFTER);

        assertThatThrownBy(() -> ledger.submit(policyBy(TestOrganisations.OVERSIGHT)))
                .isInstanceOf(LedgerRefused.class);
        ledger.submit(policyBy(NEW));
        var forged = signed(Block.after(ledger.head(), clock.instant(), List.of(anchor(4))), TestOrganisations.KEYS);
        Files.write(
                folder.resolve("house/blocks.ndjson"),
                (new String(forged.line(), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.APPEND);
        assertThat(LedgerCheck.of(folder.resolve("house"), Position.NONE).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("not signed by every organisation"));
        assertThatThrownBy(() -> open(TestOrganisations.three())).isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void while_the_new_signer_is_away_nothing_is_handed_over_and_the_house_goes_on_as_before() {
        oversight.away = true;
        assertThatThrownBy(() -> ledger.handOver(Charter.OVERSIGHT, oversight)).isInstanceOf(LedgerUnavailable.class);
        assertThat(ledger.charter()).isEqualTo(BEFORE);
        ledger.submit(anchor(2));
        oversight.away = false;
        ledger.handOver(Charter.OVERSIGHT, oversight);
        ledger.submit(anchor(3));
        assertThat(ledger.charter()).isEqualTo(AFTER);
    }

    @Test
    void broken_off_after_another_signer_promised_it_it_goes_on_and_nothing_else_does() {
        ledger.close();
        var provider = new Apart(Charter.PROVIDER, TestOrganisations.PROVIDER);
        ledger = open(new Organisations(
                TestOrganisations.CHANNEL,
                Organisation.here(TestOrganisations.CUSTODIAN),
                provider,
                Organisation.here(TestOrganisations.OVERSIGHT)));
        provider.breaksOffOnce = true;
        assertThatThrownBy(() -> ledger.handOver(Charter.OVERSIGHT, oversight)).isInstanceOf(LedgerUnavailable.class);
        assertThatThrownBy(() -> ledger.submit(anchor(2)))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("broken off");
        clock.pass(Duration.ofMinutes(1));
        ledger.handOver(Charter.OVERSIGHT, oversight);
        ledger.submit(anchor(2));
        assertThat(LedgerCheck.of(folder.resolve("house"), ledger.head()).problems())
                .isEmpty();
        provider.notary.close();
    }

    @Test
    void nothing_but_one_key_changes_and_never_the_custodians() {
        var genesis = signed(Block.genesis(BEFORE, clock.instant()), TestOrganisations.KEYS);
        var chain = new Chain(genesis);
        for (var other : List.of(
                BEFORE,
                BEFORE.with(Charter.CUSTODIAN, NEW.verifyingKey()),
                BEFORE.with(Charter.OVERSIGHT, TestOrganisations.PROVIDER.verifyingKey()),
                AFTER.with(Charter.PROVIDER, TestOrganisations.key(8).verifyingKey()),
                BEFORE.with("Somebody", NEW.verifyingKey()),
                Charter.of("another", BEFORE.policyVersion(), AFTER.organisations()),
                Charter.of(BEFORE.channel(), "another", AFTER.organisations()))) {
            var block = Block.handingOver(genesis.position(), clock.instant(), other);
            assertThatThrownBy(() -> chain.follows(block)).isInstanceOf(Chain.Broken.class);
        }
    }

    @Test
    void it_needs_every_old_key_and_the_new_one() {
        var genesis = signed(Block.genesis(BEFORE, clock.instant()), TestOrganisations.KEYS);
        var block = signed(Block.handingOver(genesis.position(), clock.instant(), AFTER), TestOrganisations.KEYS);
        assertThatThrownBy(() -> new Chain(genesis).accept(block)).isInstanceOf(Chain.Broken.class);
        var byTheNew = NEW.sign(block.header());
        for (var missing : TestOrganisations.KEYS.keySet()) {
            var all = new TreeMap<>(block.with(Block.NEW_KEY, byTheNew).signatures());
            all.remove(missing);
            var lacking = new Block(block.number(), block.previous(), block.at(), AFTER, List.of(), all);
            assertThatThrownBy(() -> new Chain(genesis).accept(lacking)).isInstanceOf(Chain.Broken.class);
        }
        var chain = new Chain(genesis);
        chain.accept(block.with(Block.NEW_KEY, byTheNew));
        assertThat(chain.charter()).isEqualTo(AFTER);
        assertThat(chain.isHandedOver()).isTrue();
    }

    @Test
    void a_key_that_lies_with_its_signer_is_never_handed_on_by_it() {
        ledger.handOver(Charter.OVERSIGHT, oversight);
        try (var third =
                Notary.open(Charter.OVERSIGHT, TestOrganisations.key(8), folder.resolve("third"), Set.of(), clock)) {
            var another = new Organisation() {
                @Override
                public VerifyingKey verifyingKey() {
                    return TestOrganisations.key(8).verifyingKey();
                }

                @Override
                public byte[] signAct(byte[] act) {
                    return third.act(act);
                }

                @Override
                public Answer signBlock(Draft draft) {
                    return new Answer.Signed(TestOrganisations.key(8).sign(draft.header()));
                }
            };
            assertThatThrownBy(() -> ledger.handOver(Charter.OVERSIGHT, another))
                    .isInstanceOf(LedgerUnavailable.class);
        }
        ledger.submit(anchor(2));
    }

    private EmbeddedLedger open(Organisations organisations) {
        return EmbeddedLedger.open(folder.resolve("house"), organisations, Position.NONE, clock);
    }

    private Transaction anchor(int number) {
        return acts.anchor("%064x".formatted(number), TestOrganisations.CUSTODIAN::sign);
    }

    private Transaction policyBy(SigningKey oversightKey) {
        return acts.policy(
                "a-rule",
                "1",
                "ab".repeat(32),
                Optional.empty(),
                new Acts.Both(TestOrganisations.CUSTODIAN::sign, oversightKey::sign));
    }

    private static Block signed(Block block, Map<String, SigningKey> keys) {
        var signed = block;
        for (var key : keys.entrySet()) {
            signed = signed.with(key.getKey(), key.getValue().sign(block.header()));
        }
        return signed;
    }
}
