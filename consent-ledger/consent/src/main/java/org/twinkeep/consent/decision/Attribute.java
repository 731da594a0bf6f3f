package org.twinkeep.consent.decision;

/** What a provision can state, in the order in which it is compared: what the request alone decides comes first. */
enum Attribute {
    ACTOR,
    PURPOSE,
    ACTION,
    PERIOD,
    CLASS,
    DOCUMENT_TYPE,
    RESOURCE_TYPE,
    LABEL,
    CODE,
    DATA_PERIOD,
    DATA,
    CHAPTERS,
    RECORDED;

    static final Attribute[] ALL = values();

    /** The attributes that no item is needed for. */
    static final int REQUEST_SIDE = ACTOR.bit() | PURPOSE.bit() | ACTION.bit() | PERIOD.bit();

    int bit() {
        return 1 << ordinal();
    }
}
