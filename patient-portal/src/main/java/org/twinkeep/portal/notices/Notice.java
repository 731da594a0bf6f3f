package org.twinkeep.portal.notices;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/**
 * Something that one account is to know. Its text is the sentence {@code notice.<kind>} with the words filled in, as the
 * reader reads times.
 *
 * @param link a path of this portal where more is to be seen or done
 * @param about the twin that it speaks of, if any: with the twin it goes, whoever was told
 * @param once a key of which an account is told once, however often somebody tries; null: each time
 */
public record Notice(
        Kind kind,
        String link,
        List<Word> words,
        @Nullable TwinId about,
        @Nullable String once) {

    /** What there is to tell. */
    public enum Kind {
        /** Words: what the consent is for, its grantee, its last day. */
        CONSENT_ENDS_SOON,
        /** Words: what the consent was for, its grantee. */
        CONSENT_ENDED,
        /**
         * To whoever may share for a patient who does not sign in, like the next one. Words: what the consent is for, its
         * grantee, the patient, its last day.
         */
        CONSENT_ENDS_SOON_OF,
        /** Words: what the consent was for, its grantee, the patient. */
        CONSENT_ENDED_OF,
        /** Somebody else than the patient ended it. Words: what the consent was for, its grantee, when, the chapters. */
        CONSENT_STOPPED,
        /** The same of what the patient never shows; it holds still. Words: the chapters, or nothing for everything; when. */
        DENIAL_STOPPED,
        /** Whoever refused something for the patient took it back. Words: as before. */
        DENIAL_TAKEN_BACK,
        /** Somebody else ended a consent that somebody else wrote; what it refuses holds still. Words: when. */
        BROUGHT_STOPPED,
        /** The last four to whoever may share for a patient who does not sign in. Words: the patient, and the same. */
        CONSENT_STOPPED_OF,
        DENIAL_STOPPED_OF,
        DENIAL_TAKEN_BACK_OF,
        BROUGHT_STOPPED_OF,
        /** To whom it was given. Words: the last day. */
        GRANT_ENDS_SOON,
        /** To whom it was given: no more than that. */
        GRANT_ENDED,
        /** To a delegate. Of this and the following the first words are the delegate and the patient. */
        DELEGATE_APPOINTED,
        DELEGATION_ASKED,
        DELEGATION_STARTED,
        DELEGATION_REFUSED,
        DELEGATION_CHANGED,
        DELEGATION_ENDED,
        /** And the day on which somebody was to look at it. */
        DELEGATION_REVIEW,
        /** And the birthday from which sensitive chapters are closed to guardians. */
        OWN_DECISIONS,
        /** And the birthday on which guardianship ends. */
        MAJORITY_SOON,
        MAJORITY,
        /** Somebody broke the glass. Words: who, when it ends. */
        GLASS_BROKEN,
        /** To those who review. Words: who, until when. */
        GLASS_TO_REVIEW,
        /** To those who review. Words: who, when it was broken. */
        GLASS_OVERDUE,
        /** Nobody reviewed it in time. Words: who. */
        GLASS_UNREVIEWED,
        /** Words: who broke it. */
        GLASS_JUSTIFIED,
        /** Words: who broke it. */
        GLASS_NOT_JUSTIFIED,
        /** To whoever acts for the patient. Of this and the next one the words are who broke it, and the patient. */
        GLASS_BROKEN_OF,
        GLASS_REVIEWED_OF,
        /** To whoever broke the glass. Words: when. */
        GLASS_REVIEWED,
        /** Words: who asks, of which organisation. */
        REQUEST_ASKED,
        /** To the asker, like the next two. Words: when it was asked. */
        REQUEST_ACCEPTED,
        REQUEST_REFUSED,
        REQUEST_LAPSED;

        /** The key of its sentence. */
        public String sentence() {
            return "notice." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** One word of the sentence. */
    public record Word(Sort sort, String value) {

        /** How it is put into the reader's words. */
        public enum Sort {
            TEXT,
            /** An ISO date, never shifted. */
            DAY,
            /** An instant, in the reader's time zone. */
            MOMENT,
            /** The code of a purpose. */
            PURPOSE,
            /** The codes of chapters with spaces between; empty: everything. */
            CHAPTERS
        }

        public static Word text(String text) {
            return new Word(Sort.TEXT, text);
        }

        public static Word day(LocalDate day) {
            return new Word(Sort.DAY, day.toString());
        }

        public static Word moment(Instant at) {
            return new Word(Sort.MOMENT, at.toString());
        }

        public static Word purpose(String code) {
            return new Word(Sort.PURPOSE, code);
        }

        public static Word chapters(Collection<Chapter> chapters) {
            return new Word(
                    Sort.CHAPTERS, chapters.stream().sorted().map(Chapter::code).collect(Collectors.joining(" ")));
        }

        @Override
        public String toString() {
            return "Word";
        }
    }

    public Notice {
        if (!link.matches("/[A-Za-z0-9][A-Za-z0-9/_?=&.-]*")) {
            throw new IllegalArgumentException("the link of a notice is a path of this portal");
        }
        words = List.copyOf(words);
    }

    /** One that is told each time. */
    public static Notice of(Kind kind, String link, Word... words) {
        return new Notice(kind, link, List.of(words), null, null);
    }

    public Notice about(TwinId twin) {
        return new Notice(kind, link, words, twin, once);
    }

    public Notice once(String key) {
        return new Notice(kind, link, words, about, key);
    }

    @Override
    public String toString() {
        return "Notice " + kind;
    }
}
