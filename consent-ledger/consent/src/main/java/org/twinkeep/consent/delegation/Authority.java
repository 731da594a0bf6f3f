package org.twinkeep.consent.delegation;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By what right somebody acts for the patient.
 *
 * @param document SHA-256 of the document that says so, hexadecimal; null where the patient's own signature says it. The
 *     document itself is not kept
 */
public record Authority(Kind kind, @Nullable String document) {

    /** Where the right comes from. */
    public enum Kind {
        /** The patient chose them, and they act at once. */
        CHOSEN("chosen", false),
        /** The patient chose them in advance, for when the patient can no longer decide. */
        ADVANCE("advance", false),
        /** They have parental responsibility for a child. */
        PARENT("parent", true),
        /** A court or an authority made them the guardian of a child. */
        GUARDIAN("guardian", true),
        /** A court or an authority made them the representative of an adult who cannot decide. */
        REPRESENTATIVE("representative", true);

        private final String code;
        private final boolean byDocument;

        Kind(String code, boolean byDocument) {
            this.code = code;
            this.byDocument = byDocument;
        }

        public String code() {
            return code;
        }

        /** Whether a document says so and two people check it, because the patient cannot sign. */
        public boolean byDocument() {
            return byDocument;
        }

        /** Whether it ends because a child grows up. */
        public boolean ofAChild() {
            return this == PARENT || this == GUARDIAN;
        }

        public static Optional<Kind> ofCode(String code) {
            return Arrays.stream(values()).filter(k -> k.code.equals(code)).findFirst();
        }
    }

    public Authority {
        if (kind.byDocument() != (document != null)) {
            throw new DelegationRefused(DelegationRefused.Why.DOCUMENT);
        }
        requireHash(document);
    }

    static void requireHash(@Nullable String document) {
        if (document != null && !document.matches("[0-9a-f]{64}")) {
            throw new DelegationRefused(DelegationRefused.Why.DOCUMENT);
        }
    }
}
