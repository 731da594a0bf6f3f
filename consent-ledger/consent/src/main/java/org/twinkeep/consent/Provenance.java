package org.twinkeep.consent;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.consent.ledger.Transaction.RegisterPolicy;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * Whose consent is it? Answers from the ledger and the opening alone, so that whoever verifies answers the same: the
 * organisations, their keys and every file of a house cannot make a grant that is provably the patient's. What rests on the
 * organisations' word is named as that.
 */
public final class Provenance {

    /** What a ledger registers to say that from then on a grant needs a certificate (decision 0308). */
    public static final String SUBJECT = "signers";

    private static final String VERSION = "1";
    private static final byte[] TEXT =
            "A grant carries the certificate of its patient's identity key, or of a delegate's."
                    .getBytes(StandardCharsets.UTF_8);

    /** How a consent is proved to be its patient's. */
    public enum Proof {
        /** By the first identity key of the patient. */
        PATIENT,
        /** By the key of a delegate whom the patient appointed with that key. */
        CHOSEN,
        /** By the key of somebody for whose right to act both organisations answer: it is, if they are honest. */
        DELEGATE,
        /** By a key that both organisations put in the place of a lost one: it is the patient's if they are honest. */
        RESET,
        /** As one of the two before, where both organisations are one hand: it permits nothing. */
        ONE_HAND,
        /** Granted before a grant needed a certificate, and not confirmed since. */
        BEFORE,
        /** By nothing: it counts for nothing. */
        NONE;

        public boolean counts() {
            return this != NONE && this != ONE_HAND;
        }

        /** What a verifier says of it, in words. */
        public String inWords() {
            return switch (this) {
                case PATIENT -> "signed with the patient's own first key";
                case CHOSEN -> "signed by a delegate whom the patient appointed with the patient's own first key";
                case ONE_HAND ->
                    "not provably the patient's: the keys of both organisations that vouch for it lie in one hand; it"
                            + " permits nothing";
                case DELEGATE -> "signed by a delegate; that the delegate may is the word of both organisations";
                case RESET ->
                    "signed with a key that both organisations put in the place of the patient's first; that it is the"
                            + " patient's is their word";
                case BEFORE -> "granted before grants had to be proved, and not confirmed by the patient since";
                case NONE -> "not provably the patient's: it counts for nothing";
            };
        }
    }

    private final ConsentLedger ledger;
    private final Signers delegates;

    public Provenance(ConsentLedger ledger, Signers delegates) {
        this.ledger = ledger;
        this.delegates = delegates;
    }

    /** From now on a grant needs a certificate on this ledger; nothing changes where it does already. */
    public static void require(ConsentLedger ledger, Acts.Both organisations) {
        if (ledger.get(RegisterPolicy.handleOf(SUBJECT)).isEmpty()) {
            ledger.submit(new Acts(ledger.charter())
                    .policy(SUBJECT, VERSION, Hex.of(Sha256.of(TEXT)), Optional.empty(), organisations));
        }
    }

    /** @param last the consent's last record, whose commitment this opening opens; of one that ended, what it was counts */
    public Proof of(TwinId twin, Opening opening, ConsentRecord last) {
        var record = stood(last);
        var certificate = opening.certificate();
        var key = record.key();
        if (certificate == null || key == null) {
            return key != null && wasGrantedBefore(record) ? Proof.BEFORE : Proof.NONE;
        }
        if (certificate.signer().equals(Enrol.handleOf(twin))) {
            return byPatient(twin, certificate, record, key);
        }
        return chapters(opening)
                .flatMap(chapters -> delegates.mayGrant(twin, certificate.signer(), chapters, record.at()))
                .filter(delegate -> isBy(delegate.key(), certificate, record, key))
                .map(delegate -> byDelegate(twin, delegate))
                .orElse(Proof.NONE);
    }

    /** What somebody who may would sign now for these chapters. */
    Proof byDelegate(TwinId twin, ConsentHandle delegation, Set<Chapter> chapters, Instant at) {
        return delegates
                .mayGrant(twin, delegation, chapters, at)
                .map(delegate -> byDelegate(twin, delegate))
                .orElse(Proof.NONE);
    }

    /** Of a patient who had no key of their own yet, only the organisations can say who acts. */
    private Proof byDelegate(TwinId twin, Signers.Delegate delegate) {
        if (delegate.byPatient()) {
            return Proof.CHOSEN;
        }
        var first = firstKey(twin).filter(enrolled -> !enrolled.at().isAfter(delegate.since()));
        return first.isPresent() && !ledger.isOversightApart(first.get().at()) ? Proof.ONE_HAND : Proof.DELEGATE;
    }

    /** What the key that is enrolled for the twin now proves. */
    Proof byEnrolled(TwinId twin) {
        return ledger.get(Enrol.handleOf(twin))
                .filter(enrolled -> enrolled.kind() == Kind.SIGNER)
                .map(enrolled -> byEnrolled(twin, enrolled))
                .orElse(Proof.NONE);
    }

    private Proof byEnrolled(TwinId twin, ConsentRecord enrolled) {
        if (enrolled.organisations().isEmpty()) {
            return Proof.PATIENT;
        }
        return firstKey(twin)
                .filter(first -> ledger.isOversightApart(first.at()))
                .map(_ -> Proof.RESET)
                .orElse(Proof.ONE_HAND);
    }

    /** When it was enrolled, oversight was who it was to the patient: a key handed over later is nobody they know (0329). */
    private Optional<ConsentRecord> firstKey(TwinId twin) {
        return ledger.historyOf(Enrol.handleOf(twin)).stream().findFirst();
    }

    /**
     * The consent that the patient, and nobody for the patient, released by this; nothing where it is no such word. Said once
     * it is said, whatever becomes of its own record.
     */
    public Optional<ConsentHandle> released(TwinId twin, Opening opening, ConsentRecord record) {
        return Release.read(opening.consent())
                .filter(release -> release.handle().equals(record.handle())
                        && release.twin().equals(twin)
                        && opening.certificate() != null
                        && of(twin, opening, record).counts())
                .map(Release::released);
    }

    /** What a delegate's consent speaks of: a grant, or a denial that names its chapters. Nothing where it is neither. */
    private static Optional<Set<Chapter>> chapters(Opening opening) {
        return FhirConsent.read(opening.consent())
                .map(consent -> consent.terms().chapters())
                .or(() -> KeptConsent.read(opening.consent())
                        .flatMap(Denial::of)
                        .map(Denial::chapters)
                        .filter(chapters -> !chapters.isEmpty()));
    }

    private ConsentRecord stood(ConsentRecord last) {
        return last.isActiveConsent()
                ? last
                : ledger.historyOf(last.handle()).reversed().stream()
                        .filter(ConsentRecord::isActiveConsent)
                        .findFirst()
                        .orElse(last);
    }

    private Proof byPatient(TwinId twin, Certificate certificate, ConsentRecord record, VerifyingKey key) {
        var enrolled = ledger.historyOf(certificate.signer());
        for (int i = 0; i < enrolled.size(); i++) {
            var signer = enrolled.get(i);
            var replaced = i + 1 < enrolled.size() ? enrolled.get(i + 1).at() : Instant.MAX;
            boolean inForce = !signer.at().isAfter(record.at()) && !record.at().isAfter(replaced);
            if (signer.kind() == Kind.SIGNER
                    && inForce
                    && isBy(Objects.requireNonNull(signer.key()), certificate, record, key)) {
                return byEnrolled(twin, signer);
            }
        }
        return Proof.NONE;
    }

    private boolean isBy(VerifyingKey identity, Certificate certificate, ConsentRecord record, VerifyingKey key) {
        return certificate.isBy(identity, ledger.charter().channel(), record.handle(), key);
    }

    private boolean wasGrantedBefore(ConsentRecord record) {
        var required = ledger.historyOf(RegisterPolicy.handleOf(SUBJECT)).stream()
                .map(ConsentRecord::at)
                .findFirst();
        return required.isEmpty() || record.at().isBefore(required.get());
    }

    /** What an enrolment commits to. */
    static String commitment(TwinId twin, VerifyingKey identity) {
        return Hex.of(Sha256.of(List.of("twinkeep-signer-1", twin.value().toString(), Hex.of(identity.bytes())).stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new)));
    }
}
