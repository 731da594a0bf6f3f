package org.twinkeep.crypto.sealing;

/** What opening a body answers: it, that it was erased, or that the event never had one. */
public sealed interface OpenedBody {
    record Present(Body body) implements OpenedBody {}

    record Erased() implements OpenedBody {}

    record None() implements OpenedBody {}
}
