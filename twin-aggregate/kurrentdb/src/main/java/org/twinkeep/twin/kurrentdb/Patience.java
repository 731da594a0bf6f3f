package org.twinkeep.twin.kurrentdb;

import java.time.Duration;

/**
 * How long the store is waited for.
 *
 * @param answer for one answer
 * @param whole until asking again ends
 */
public record Patience(Duration answer, Duration whole) {

    /** Longer than an election takes, shorter than a person waits. */
    public static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30));
}
