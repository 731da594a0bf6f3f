package org.twinkeep.portal.wiring;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.consent.purposes.PurposeCatalogue;
import org.twinkeep.portal.requests.Proposals;

/** What the organisations of this house sign around requests: proposals, their end, and the catalogue of purposes. */
final class LedgerProposals implements Proposals {
    private final ConsentLedger ledger;
    private final KeyRoom keys;
    private final SecureRandom random;

    LedgerProposals(ConsentLedger ledger, KeyRoom keys, SecureRandom random) {
        this.ledger = ledger;
        this.keys = keys;
        this.random = random;
    }

    @Override
    public ConsentHandle propose(String commitment) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var handle = new ConsentHandle(HexFormat.of().formatHex(bytes));
        ledger.submit(acts().propose(handle, commitment, keys.actsOf(Charter.PROVIDER)));
        return handle;
    }

    @Override
    public void end(ConsentHandle handle) {
        ledger.get(handle)
                .filter(record -> record.status() == Status.PROPOSED)
                .ifPresent(record -> ledger.submit(acts().end(record, keys.actsOf(Charter.CUSTODIAN))));
    }

    /** Names on the ledger the catalogue that this program shows, where it does not stand there yet. */
    void registerPurposes() {
        var catalogue = PurposeCatalogue.current();
        var before = ledger.get(RegisterPolicy.handleOf(PurposeCatalogue.SUBJECT));
        if (before.filter(record -> record.commitment().equals(catalogue.hash()))
                .isEmpty()) {
            ledger.submit(acts().policy(
                            PurposeCatalogue.SUBJECT,
                            catalogue.version(),
                            catalogue.hash(),
                            before,
                            keys.bothOrganisations()));
        }
    }

    private Acts acts() {
        return new Acts(ledger.charter());
    }
}
