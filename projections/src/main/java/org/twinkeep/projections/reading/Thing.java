package org.twinkeep.projections.reading;

import org.twinkeep.crypto.Chapter;
import org.twinkeep.twin.EntryId;

/** What a verdict is asked about. */
public sealed interface Thing {

    /** Whether anything of the twin may be seen at all. */
    record WholeTwin() implements Thing {
        @Override
        public String inWords() {
            return "anything";
        }
    }

    /** Whatever stands in one chapter, of any time, and touches no other chapter. */
    record OfChapter(Chapter chapter) implements Thing {
        @Override
        public String inWords() {
            return "all of " + chapter.code();
        }
    }

    /** One entry with all that it touches. */
    record OfEntry(EntryId entry) implements Thing {
        @Override
        public String inWords() {
            return "one entry";
        }
    }

    /** As the patient reads it; it tells nothing of what stands there. */
    String inWords();
}
