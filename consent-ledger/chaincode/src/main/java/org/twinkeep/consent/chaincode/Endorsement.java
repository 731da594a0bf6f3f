package org.twinkeep.consent.chaincode;

import org.hyperledger.fabric.protos.common.MSPPrincipal;
import org.hyperledger.fabric.protos.common.MSPRole;
import org.hyperledger.fabric.protos.common.SignaturePolicy;
import org.hyperledger.fabric.protos.common.SignaturePolicyEnvelope;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.ledger.Charter;

/**
 * Whose peers must endorse a change of a key, in Fabric's key-level endorsement: of a consent the custodian's and one of the
 * other two; of a charter, which never changes, all three.
 */
final class Endorsement {

    private static final byte[] CONSENT = envelope(outOf(2, signedBy(0), outOf(1, signedBy(1), signedBy(2))));
    private static final byte[] CHARTER = envelope(outOf(3, signedBy(0), signedBy(1), signedBy(2)));

    private Endorsement() {}

    static byte[] of(String key) {
        return (key.startsWith(KeyedContract.charterKey("")) ? CHARTER : CONSENT).clone();
    }

    private static byte[] envelope(SignaturePolicy rule) {
        return SignaturePolicyEnvelope.newBuilder()
                .setVersion(0)
                .setRule(rule)
                .addIdentities(peerOf(Charter.CUSTODIAN))
                .addIdentities(peerOf(Charter.PROVIDER))
                .addIdentities(peerOf(Charter.OVERSIGHT))
                .build()
                .toByteArray();
    }

    private static MSPPrincipal peerOf(String organisation) {
        var role = MSPRole.newBuilder()
                .setMspIdentifier(organisation + "MSP")
                .setRole(MSPRole.MSPRoleType.PEER)
                .build();
        return MSPPrincipal.newBuilder()
                .setPrincipalClassification(MSPPrincipal.Classification.ROLE)
                .setPrincipal(role.toByteString())
                .build();
    }

    private static SignaturePolicy signedBy(int identity) {
        return SignaturePolicy.newBuilder().setSignedBy(identity).build();
    }

    private static SignaturePolicy outOf(int count, SignaturePolicy... rules) {
        var of = SignaturePolicy.NOutOf.newBuilder().setN(count);
        for (var rule : rules) {
            of.addRules(rule);
        }
        return SignaturePolicy.newBuilder().setNOutOf(of).build();
    }
}
