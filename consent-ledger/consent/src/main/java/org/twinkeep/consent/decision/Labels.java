package org.twinkeep.consent.decision;

import java.util.Collection;
import java.util.Optional;

/** Security labels: confidentiality and information sensitivity (docs/formats/consent-decision.md, 8). */
final class Labels {

    static final String CONFIDENTIALITY = Code.V3 + "Confidentiality";
    static final String SENSITIVITY = Code.V3 + "ActCode";

    /** From the least to the most confidential. */
    private static final String LEVELS = "ULMNRV";

    private static final int NORMAL = LEVELS.indexOf('N');
    private static final int RESTRICTED = LEVELS.indexOf('R');
    private static final int HIGHEST = LEVELS.length() - 1;

    private static final CodeTree SENSITIVE = new CodeTree("""
            ETH GDIS HIV MST SCA SDV SEX STD TBOO VIO SICKLE DEMO DOB GENDER LIVARG MARST RACE REL B EMPL LOCIS SSP ADOL CEL
            DIA DRGIS EMP PDS PHY PRS SPI(BH(COGN DVD EMOTDIS) MH PSY PSYTHPN SUD(ETHUD OPIOIDUD))
            """);

    private Labels() {}

    /** @param level as a bit of {@link #upTo} @param sensitive what an item has, and all above */
    record OfItem(int level, Bits sensitive) {

        boolean isNormal() {
            return sensitive.isEmpty() && (upTo(NORMAL) & level) != 0;
        }
    }

    static Optional<Integer> level(Code code) {
        int level = code.code().length() == 1 ? LEVELS.indexOf(code.code()) : -1;
        return code.system().equals(CONFIDENTIALITY) && level >= 0 ? Optional.of(level) : Optional.empty();
    }

    static Optional<Integer> sensitivity(Code code) {
        return code.system().equals(SENSITIVITY) ? SENSITIVE.number(code.code()) : Optional.empty();
    }

    /** What a permit of this level reaches. */
    static int upTo(int level) {
        return (2 << level) - 1;
    }

    /** What a deny of this level reaches. */
    static int from(int level) {
        return upTo(HIGHEST) & ~((1 << level) - 1);
    }

    static OfItem of(Collection<Code> labels) {
        int level = -1;
        var sensitive = Bits.NONE;
        for (var label : labels) {
            if (label.system().equals(CONFIDENTIALITY)) {
                level = Math.max(level, level(label).orElse(HIGHEST));
            }
            for (int at = sensitivity(label).orElse(CodeTree.NO_PARENT);
                    at != CodeTree.NO_PARENT;
                    at = SENSITIVE.parent(at)) {
                sensitive = sensitive.with(at);
            }
        }
        int unsaid = sensitive.isEmpty() ? NORMAL : RESTRICTED;
        return new OfItem(1 << (level < 0 ? unsaid : level), sensitive);
    }
}
