package org.twinkeep.integrations.fhir;

import org.jspecify.annotations.Nullable;

/** Who listens while a file is read, piece by piece and in order. */
interface Heard {
    Heard NOBODY = new Heard() {
        @Override
        public void resource(Piece piece) {}

        @Override
        public void refused(String where, String why) {}

        @Override
        public void bundle(@Nullable String kind, boolean paged) {}
    };

    /** A resource, whole. */
    void resource(Piece piece);

    /** Something that was not taken in, and why. */
    void refused(String where, String why);

    /** A bundle came to its end. @param kind its type, or null; @param paged whether it is one page of several */
    void bundle(@Nullable String kind, boolean paged);

    /**
     * One resource as it stands in a file.
     *
     * @param where for people: the entry's number or the line
     * @param source the source that our own export noted beside it
     * @param converted whether it was XML
     * @param guessed how many elements of the XML FHIR does not know
     * @param json the resource's own text without white space between tokens
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Piece(
            String where,
            @Nullable String fullUrl,
            @Nullable String source,
            @Nullable String searchMode,
            boolean converted,
            int guessed,
            byte[] json) {
        @Override
        public String toString() {
            return "Piece " + where;
        }
    }
}
