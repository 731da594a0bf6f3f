package org.twinkeep.projections.clinic;

import java.util.Arrays;

/** How closely a thing is kept, from the least to the most: the levels of HL7 v3-Confidentiality. */
public enum Confidentiality {
    U,
    L,
    M,
    N,
    R,
    V;

    /** The level of this code; a code that is none of the six is kept as closely as any. */
    static Confidentiality ofCode(String code) {
        return Arrays.stream(values())
                .filter(c -> c.name().equals(code))
                .findFirst()
                .orElse(V);
    }

    Confidentiality orHigher(Confidentiality other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
