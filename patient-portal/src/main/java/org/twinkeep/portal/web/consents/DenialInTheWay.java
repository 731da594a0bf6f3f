package org.twinkeep.portal.web.consents;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.Terms;
import org.twinkeep.projections.reading.Beside;

/** An older denial closes something of what is to be granted, and the patient has not said which of the two gives way. */
final class DenialInTheWay extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Terms terms;
    private final transient Beside beside;
    private final transient List<InTheWay> denials;
    private final boolean narrowable;

    /** @param consent null where it cannot be read at all */
    record InTheWay(@Nullable OtherConsent consent, Beside.Closed closed) {}

    DenialInTheWay(Terms terms, Beside beside, List<InTheWay> denials, boolean narrowable) {
        super("a denial is in the way", null, false, false);
        this.terms = terms;
        this.beside = beside;
        this.denials = denials;
        this.narrowable = narrowable;
    }

    Terms terms() {
        return terms;
    }

    Beside beside() {
        return beside;
    }

    List<InTheWay> denials() {
        return denials;
    }

    /** Whether every one of the denials can be narrowed here. */
    boolean narrowable() {
        return narrowable;
    }
}
