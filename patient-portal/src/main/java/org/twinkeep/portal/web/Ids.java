package org.twinkeep.portal.web;

import java.util.UUID;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.EntryId;

/**
 * Reads ids out of addresses. What is no id becomes one that nothing has, so that it takes the same way to the same answer
 * as an id of something that is not there.
 */
public final class Ids {
    /** The nil UUID (RFC 9562, section 5.9), which the vault keeps for the house itself. */
    private static final TwinId HOUSE = new TwinId(new UUID(0, 0));

    /** The max UUID (RFC 9562, section 5.10), which no twin is given. */
    private static final TwinId NO_TWIN = new TwinId(new UUID(-1, -1));

    private static final EntryId NO_ENTRY = new EntryId("0".repeat(32));

    private Ids() {}

    public static TwinId twin(String text) {
        try {
            var twin = TwinId.of(text);
            return twin.equals(HOUSE) ? NO_TWIN : twin;
        } catch (IllegalArgumentException e) {
            return NO_TWIN;
        }
    }

    /** An account's id as it is written, or nothing. */
    public static String account(String text) {
        return text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? text : "";
    }

    public static EntryId entry(String text) {
        return text.matches("[0-9a-f]{32}") ? new EntryId(text) : NO_ENTRY;
    }
}
