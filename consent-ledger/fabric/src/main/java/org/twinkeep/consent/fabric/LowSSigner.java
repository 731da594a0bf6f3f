package org.twinkeep.consent.fabric;

import java.io.IOException;
import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.hyperledger.fabric.client.identity.Signer;

/**
 * Signs a digest with ECDSA on P-256 by Bouncy Castle's own arithmetic, several times as fast as the JDK's. Deterministic
 * (RFC 6979), and always the smaller of the two valid values of s, which Fabric demands.
 */
final class LowSSigner implements Signer {

    private static final ECDomainParameters P256 = new ECDomainParameters(SECNamedCurves.getByName("secp256r1"));
    private static final BigInteger HALF = P256.getN().shiftRight(1);

    private final ECPrivateKeyParameters key;

    LowSSigner(ECPrivateKey key) {
        this.key = new ECPrivateKeyParameters(key.getS(), P256);
    }

    @Override
    public byte[] sign(byte[] digest) {
        var ecdsa = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        ecdsa.init(true, key);
        var signature = ecdsa.generateSignature(digest);
        var s = signature[1].compareTo(HALF) > 0 ? P256.getN().subtract(signature[1]) : signature[1];
        try {
            return new DERSequence(new ASN1Integer[] {new ASN1Integer(signature[0]), new ASN1Integer(s)}).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("two numbers always have an encoding", e);
        }
    }

    @Override
    public String toString() {
        return "LowSSigner";
    }
}
