package org.twinkeep.consent;

/**
 * What was to be shared would rest on the word of organisations whose keys lie in one hand, and count for nothing: no verifier
 * could tell it from what the holder of that hand made up (decision 0329).
 */
public final class NotProved extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotProved() {
        super("it would not be provably the patient's, and open nothing");
    }
}
