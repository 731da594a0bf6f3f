package org.twinkeep.crypto;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What has a stream and a set of keys of its own within a twin: each chapter, and what the twin keeps for itself. */
public sealed interface KeyScope permits Chapter, KeyScope.Own {

    /** A number that never changes its meaning; it is bound into keys, stream names and envelopes. 0 to 255. */
    int number();

    /** A short stable name. */
    String code();

    /** The scope of this number, or nothing. */
    static Optional<KeyScope> ofNumber(int number) {
        return Stream.<KeyScope[]>of(Chapter.values(), Own.values())
                .flatMap(Arrays::stream)
                .filter(scope -> scope.number() == number)
                .findFirst();
    }

    /** What belongs to the twin and to no chapter. */
    enum Own implements KeyScope {
        /** The life of the twin and the openings of its consents. */
        LIFE(200, "life"),
        /** Who looked: the sealed parts of the trail's leaves. */
        LOOKS(201, "looks");

        private final int number;
        private final String code;

        Own(int number, String code) {
            this.number = number;
            this.code = code;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public String code() {
            return code;
        }
    }
}
