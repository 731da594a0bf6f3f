package org.twinkeep.twin;

/** Wrong on purpose: the twin prints. */
public final class TwinThatPrints {
    void print() {
        System.out.println("printed");
    }
}
