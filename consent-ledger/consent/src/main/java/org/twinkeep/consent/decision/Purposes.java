package org.twinkeep.consent.decision;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** HL7 v3-ActReason, the codes below PurposeOfUse (docs/formats/consent-decision.md, 7). */
final class Purposes {

    static final String SYSTEM = Code.V3 + "ActReason";

    static final CodeTree TREE = new CodeTree("""
            PurposeOfUse(HMARKT
             HOPERAT(CAREMGT DONAT FRAUD GOV HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HOUTCOMS HPRGRP HQUALIMP
              HSYSADMIN(LABELING METAMGT) MEMADMIN MILCDM PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV(HTEST) TRAIN)
             HPAYMT(CLMATTCH COVAUTH COVERAGE(ELIGDTRM ELIGVER ENROLLM MILDCRG) REMITADV)
             HRESCH(BIORCH CLINTRCH(CLINTRCHNPC CLINTRCHPC PRECLINTRCH) DSRCH POARCH TRANSRCH)
             PATRQT(FAMRQT PWATRNY SUPNWK)
             PUBHLTH(DISASTER THREAT)
             TREAT(CLINTRL COC ETREAT(BTG ERTREAT) POPHLTH))
            """);

    private static final int EMERGENCY = number("ETREAT");
    private static final int BREAKING_THE_GLASS = number("BTG");
    private static final int TREATMENT = number("TREAT");

    private Purposes() {}

    /** @param denied what a deny states that matches this purpose: it or any above @param permitted what a permit states */
    record Asked(int number, Bits denied, Bits permitted) {

        boolean isTreatment() {
            return has(permitted, TREATMENT);
        }

        boolean isEmergency() {
            return has(denied, EMERGENCY);
        }

        boolean isBreakingTheGlass() {
            return number == BREAKING_THE_GLASS;
        }
    }

    static Optional<Integer> numberOf(Code code) {
        return code.system().equals(SYSTEM) ? TREE.number(code.code()) : Optional.empty();
    }

    static Optional<Asked> asked(@Nullable Code purpose) {
        return purpose == null ? Optional.empty() : numberOf(purpose).map(Purposes::asked);
    }

    /** Who granted treatment was not asked about emergencies: a permit does not reach down into them. */
    private static Asked asked(int number) {
        var denied = Bits.NONE;
        var permitted = Bits.NONE;
        boolean reaches = true;
        for (int at = number; at != CodeTree.NO_PARENT; at = TREE.parent(at)) {
            denied = denied.with(at);
            permitted = reaches ? permitted.with(at) : permitted;
            reaches = reaches && at != EMERGENCY && at != BREAKING_THE_GLASS;
        }
        return new Asked(number, denied, permitted);
    }

    private static boolean has(Bits bits, int number) {
        return (bits.low() & Bits.NONE.with(number).low()) != 0
                || (bits.high() & Bits.NONE.with(number).high()) != 0;
    }

    private static int number(String code) {
        return TREE.number(code).orElseThrow();
    }
}
