package org.twinkeep.portal.delegates;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.delegation.Death;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.crypto.TwinId;

/** Something that two people have to confirm: a document that says who acts for whom, a start, or a death. */
public sealed interface Matter {
    TwinId twin();

    ConsentHandle handle();

    String patientName();

    /** SHA-256 of the document, hexadecimal. */
    String document();

    /** Who has said so already. */
    List<Hand> confirmed();

    boolean mayConfirm(Hand hand);

    /** The key of its sentence. */
    String kind();

    record Appointing(TwinId twin, Delegation delegation) implements Matter {
        @Override
        public ConsentHandle handle() {
            return delegation.handle();
        }

        @Override
        public String patientName() {
            return delegation.appointment().patientName();
        }

        @Override
        public String document() {
            return Optional.<String>ofNullable(delegation.asked())
                    .or(() -> Optional.ofNullable(
                            delegation.appointment().authority().document()))
                    .orElseThrow();
        }

        @Override
        public List<Hand> confirmed() {
            return delegation.confirmed();
        }

        @Override
        public boolean mayConfirm(Hand hand) {
            return delegation.mayConfirm(hand);
        }

        @Override
        public String kind() {
            return delegation.state() == Delegation.State.ASKED
                    ? "start"
                    : delegation.appointment().authority().kind().code();
        }

        @Override
        public String toString() {
            return "Matter";
        }
    }

    record Dying(TwinId twin, Death death) implements Matter {
        @Override
        public ConsentHandle handle() {
            return death.handle();
        }

        @Override
        public String patientName() {
            return death.patientName();
        }

        @Override
        public String document() {
            return death.document();
        }

        @Override
        public List<Hand> confirmed() {
            return death.signed();
        }

        @Override
        public boolean mayConfirm(Hand hand) {
            return death.maySign(hand);
        }

        @Override
        public String kind() {
            return "death";
        }

        public LocalDate day() {
            return death.day();
        }

        public Instant filedAt() {
            return death.filedAt();
        }

        @Override
        public String toString() {
            return "Matter";
        }
    }
}
