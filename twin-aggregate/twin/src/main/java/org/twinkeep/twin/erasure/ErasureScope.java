package org.twinkeep.twin.erasure;

import java.util.Arrays;

/** What a patient chose to erase. */
public enum ErasureScope {
    ENTRIES("entries"),
    CHAPTER("chapter"),
    PERIOD("period"),
    TWIN("twin");

    private final String code;

    ErasureScope(String code) {
        this.code = code;
    }

    /** The stable name that stands in ledgers and receipts. */
    public String code() {
        return code;
    }

    static ErasureScope of(String code) {
        return Arrays.stream(values())
                .filter(scope -> scope.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no scope of an erasure"));
    }
}
