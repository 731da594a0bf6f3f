package org.twinkeep.consent.research;

import java.util.Arrays;
import java.util.Optional;

/**
 * The 25 terms of the GA4GH Data Use Ontology: ids, shorthands and labels of {@code duo.csv} (EBISPOT/DUO, release of
 * 2021-02-23; CC BY 4.0). Obsolete terms are not among them.
 */
public enum Duo {
    DATA_USE_PERMISSION(1, "", "data use permission", Kind.PERMISSION),
    NRES(4, "NRES", "no restriction", Kind.PERMISSION),
    HMB(6, "HMB", "health or medical or biomedical research", Kind.PERMISSION),
    DS(7, "DS", "disease specific research", Kind.PERMISSION),
    POA(11, "POA", "population origins or ancestry research only", Kind.PERMISSION),
    RS(12, "RS", "research specific restrictions", Kind.MODIFIER),
    NMDS(15, "NMDS", "no general methods research", Kind.MODIFIER),
    GSO(16, "GSO", "genetic studies only", Kind.MODIFIER),
    DATA_USE_MODIFIER(17, "", "data use modifier", Kind.MODIFIER),
    NPUNCU(18, "NPUNCU", "not for profit, non commercial use only", Kind.MODIFIER),
    PUB(19, "PUB", "publication required", Kind.MODIFIER),
    COL(20, "COL", "collaboration required", Kind.MODIFIER),
    IRB(21, "IRB", "ethics approval required", Kind.MODIFIER),
    GS(22, "GS", "geographical restriction", Kind.MODIFIER),
    MOR(24, "MOR", "publication moratorium", Kind.MODIFIER),
    TS(25, "TS", "time limit on use", Kind.MODIFIER),
    US(26, "US", "user specific restriction", Kind.MODIFIER),
    PS(27, "PS", "project specific restriction", Kind.MODIFIER),
    IS(28, "IS", "institution specific restriction", Kind.MODIFIER),
    RTN(29, "RTN", "return to database or resource", Kind.MODIFIER),
    GRU(42, "GRU", "general research use", Kind.PERMISSION),
    CC(43, "CC", "clinical care use", Kind.MODIFIER),
    NPOA(44, "NPOA", "population origins or ancestry research prohibited", Kind.MODIFIER),
    NPU(45, "NPU", "not for profit organisation use only", Kind.MODIFIER),
    NCU(46, "NCU", "non-commercial use only", Kind.MODIFIER);

    /** A permission says what the data may be used for, a modifier adds a condition. */
    public enum Kind {
        PERMISSION,
        MODIFIER
    }

    private final String id;
    private final String shorthand;
    private final String label;
    private final Kind kind;

    Duo(int number, String shorthand, String label, Kind kind) {
        this.id = "DUO:%07d".formatted(number);
        this.shorthand = shorthand;
        this.label = label;
        this.kind = kind;
    }

    /** As {@code DUO:0000042}. */
    public String id() {
        return id;
    }

    /** Empty for the two terms that only head the others. */
    public String shorthand() {
        return shorthand;
    }

    public String label() {
        return label;
    }

    public Kind kind() {
        return kind;
    }

    public static Optional<Duo> ofId(String id) {
        return Arrays.stream(values()).filter(term -> term.id.equals(id)).findFirst();
    }
}
