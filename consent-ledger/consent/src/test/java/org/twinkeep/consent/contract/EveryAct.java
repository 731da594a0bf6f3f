package org.twinkeep.consent.contract;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts.Both;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.crypto.sign.SigningKey;

/** One transaction of every act that the contract allows, in an order in which it allows them: the same in every run. */
public final class EveryAct {

    public static final SigningKey KEY = TestOrganisations.key(42);
    public static final SigningKey IDENTITY = TestOrganisations.key(44);
    public static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    public static final Both BOTH = new Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.OVERSIGHT::sign);

    private final Acts acts;
    private final Charter charter;
    private final Map<ConsentHandle, ConsentRecord> records = new LinkedHashMap<>();
    private final Map<String, Transaction> all = new LinkedHashMap<>();

    private EveryAct(Charter charter) {
        this.acts = new Acts(charter);
        this.charter = charter;
    }

    /** By name, in order. */
    public static Map<String, Transaction> on(Charter charter) {
        var script = new EveryAct(charter);
        script.run();
        return script.all;
    }

    private void run() {
        add("enrol", acts.enrol(handle(1), hash(1), IDENTITY));
        add("enrol again", acts.enrolAgain(of(1).orElseThrow(), hash(2), KEY, BOTH));
        add("propose", acts.propose(handle(3), hash(3), TestOrganisations.PROVIDER::sign));
        add("grant what was proposed", acts.grant(handle(3), hash(4), of(3), KEY));
        add("grant", acts.grant(handle(4), hash(4), Optional.empty(), KEY));
        add("amend", acts.amend(of(4).orElseThrow(), hash(5), KEY));
        add("revoke", acts.revoke(of(4).orElseThrow(), KEY));
        add("end", acts.end(of(3).orElseThrow(), TestOrganisations.CUSTODIAN::sign));
        add("delegate", acts.delegate(handle(5), hash(6), KEY));
        add("delegate by document", acts.delegate(handle(6), hash(7), BOTH));
        add("expire", acts.expire(of(6).orElseThrow(), Charter.PROVIDER, TestOrganisations.PROVIDER::sign));
        add("break", acts.breakGlass(handle(7), hash(8), AT.plusSeconds(3600), TestOrganisations.PROVIDER::sign));
        add("review", acts.review(of(7).orElseThrow(), hash(9), TestOrganisations.OVERSIGHT::sign));
        add("policy", acts.policy("labels", "1", hash(10), Optional.empty(), BOTH));
        var registered = records.get(Transaction.RegisterPolicy.handleOf("labels"));
        add("policy again", acts.policy("labels", "2", hash(11), Optional.of(registered), BOTH));
        add("anchor", acts.anchor(hash(12), TestOrganisations.CUSTODIAN::sign));
        add("erasure", acts.erasure(hash(13), TestOrganisations.CUSTODIAN::sign));
    }

    private void add(String name, Transaction transaction) {
        all.put(name, transaction);
        var life = ConsentLife.of(Optional.ofNullable(records.get(transaction.handle())));
        for (var event : life.decide(transaction, charter, AT)) {
            life = life.evolve(event);
        }
        records.put(transaction.handle(), life.recorded().orElseThrow());
    }

    private Optional<ConsentRecord> of(int number) {
        return Optional.ofNullable(records.get(handle(number)));
    }

    public static ConsentHandle handle(int number) {
        return new ConsentHandle(String.format("%064x", number));
    }

    public static String hash(int number) {
        return String.format("%064x", 0xc000 + number);
    }
}
