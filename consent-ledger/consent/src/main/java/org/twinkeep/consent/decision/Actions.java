package org.twinkeep.consent.decision;

import java.util.List;
import java.util.Optional;

/** HL7 consentaction: five codes, none above another. */
final class Actions {

    private static final List<String> CODES = List.of("collect", "access", "use", "disclose", "correct");

    private Actions() {}

    static Optional<Integer> numberOf(Code action) {
        int number = CODES.indexOf(action.code());
        return action.system().equals(Ask.ACTIONS) && number >= 0 ? Optional.of(number) : Optional.empty();
    }
}
