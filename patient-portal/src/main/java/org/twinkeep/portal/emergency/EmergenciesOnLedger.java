package org.twinkeep.portal.emergency;

import java.time.Instant;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.contract.Acts.Signature;
import org.twinkeep.consent.emergency.EmergencyDelivery;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.LedgerUnavailable;

/** Writes emergencies down on the consent ledger: the provider signs that the glass was broken, oversight that it was reviewed. */
public final class EmergenciesOnLedger implements EmergencyDelivery {
    private final ConsentLedger ledger;
    private final Signature provider;
    private final Signature oversight;

    public EmergenciesOnLedger(ConsentLedger ledger, Signature provider, Signature oversight) {
        this.ledger = ledger;
        this.provider = provider;
        this.oversight = oversight;
    }

    @Override
    public void broken(ConsentHandle handle, String commitment, Instant until) {
        if (ledger.get(handle).isEmpty()) {
            ledger.submit(new Acts(ledger.charter()).breakGlass(handle, commitment, until, provider));
        }
    }

    @Override
    public void reviewed(ConsentHandle handle, String commitment) {
        var glass = ledger.get(handle)
                .orElseThrow(() -> new LedgerUnavailable("an emergency is not on the ledger yet", null));
        if (glass.step() == 1) {
            ledger.submit(new Acts(ledger.charter()).review(glass, commitment, oversight));
        }
    }
}
