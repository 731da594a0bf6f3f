package org.twinkeep.consent.decision;

import java.time.Instant;

/**
 * Consents asked one question, one after the other: the rules of docs/formats/consent-decision.md, 4, over the numbers of
 * {@link Layout}. Every provision is visited at most twice, so the steps are bounded by the size of the consents.
 */
final class Evaluation {

    /** What a provision says, in the lowest two bits of a result; above them, where it stands. */
    private static final int SAYS_NOTHING = 0;

    private static final int SAYS_PERMIT = 1;
    private static final int SAYS_DENY = 2;
    private static final int SAYS = 3;
    private static final int SAYS_BITS = 2;

    private static final int FEW = 8;

    private final int[] heads;
    private final int[] numbers;
    private final Question question;
    private int start;
    private int flags;
    private long steps;

    Evaluation(CompiledConsents consents, Question question) {
        this.heads = consents.heads();
        this.numbers = consents.numbers();
        this.question = question;
    }

    /** How many provisions were visited and values compared. */
    long steps() {
        return steps;
    }

    /** @return an outcome, and above its bits the place of the provision that says it; 0 where it is none */
    int outcome(int consent) {
        int said = whole(consent);
        if (said == 0 || !is(Layout.DENIES_ONLY)) {
            return said;
        }
        return switch (Outcome.of(said)) {
            case PERMIT, ALLOWED -> Outcome.NONE.at(0);
            case NONE, DENY, WITHHELD -> said;
        };
    }

    private int whole(int consent) {
        int head = turnTo(consent);
        if (is(Layout.UNREAD)) {
            return Outcome.DENY.at(0);
        }
        if (is(Layout.SILENT) || isOutOfTerm(head)) {
            return Outcome.NONE.at(0);
        }
        int gate = heads[head + Layout.GATE];
        if (gate != Vocabulary.UNSAID && !isOneOf(gate, question.actors)) {
            return base();
        }
        return is(Layout.R5) ? alternating() : typed();
    }

    /** Whether it permits by default, or has a permit whose request side matches; items are not looked at. */
    boolean mayPermit(int consent) {
        int head = turnTo(consent);
        if (is(Layout.SILENT) || is(Layout.UNREAD) || is(Layout.DENIES_ONLY) || isOutOfTerm(head)) {
            return false;
        }
        boolean may = is(Layout.BASE_PERMITS);
        for (int at = number(Layout.TREE); !may && at < number(Layout.LENGTH); at = firstBelow(at)) {
            may = permits(at) && matches(at, number(at + Layout.KIND), Attribute.REQUEST_SIDE);
        }
        return may;
    }

    /** Whether it denies every item to this request, expressly and whatever the item is; a no that hangs on items is none. */
    boolean deniesAll(int consent) {
        int head = turnTo(consent);
        if (is(Layout.UNREAD)) {
            return true;
        }
        if (is(Layout.SILENT) || isOutOfTerm(head)) {
            return false;
        }
        if (is(Layout.HAS_BASE) && !is(Layout.BASE_PERMITS) && !is(Layout.GRANTS)) {
            return true;
        }
        int tree = number(Layout.TREE);
        if (is(Layout.CONTAINER)) {
            return anyDeniesAll(firstBelow(tree), number(tree + Layout.END));
        }
        return anyDeniesAll(tree, number(Layout.LENGTH));
    }

    /** Among siblings deny overrides: one that denies whatever it is, without exceptions, is enough. */
    private boolean anyDeniesAll(int from, int to) {
        for (int at = from; at < to; at = number(at + Layout.END)) {
            int kind = number(at + Layout.KIND);
            boolean hasExceptions = number(at + Layout.EXCEPTIONS) != number(at + Layout.END);
            boolean hangsOnItems = (kind >>> Layout.STATED_SHIFT & ~Attribute.REQUEST_SIDE) != 0;
            if (!permits(at) && !hangsOnItems && !hasExceptions && matches(at, kind, ~0)) {
                return true;
            }
        }
        return false;
    }

    private int alternating() {
        int said = children(number(Layout.TREE), number(Layout.LENGTH), SAYS_NOTHING);
        return said == SAYS_NOTHING ? base() : express(said);
    }

    private int typed() {
        if (!is(Layout.HAS_ROOT)) {
            return base();
        }
        int root = number(Layout.TREE);
        int said = decide(root);
        boolean ofRootItself = said >> SAYS_BITS == root;
        if (said != SAYS_NOTHING && !(is(Layout.CONTAINER) && ofRootItself)) {
            return express(said);
        }
        boolean permits = permits(root);
        if (is(Layout.HAS_BASE) && (!is(Layout.BASE_PERMITS) || is(Layout.CONTAINER) || !permits)) {
            return base();
        }
        return permits && requestSideMatches(root) ? Outcome.WITHHELD.at(root) : Outcome.NONE.at(0);
    }

    /** 4.4: a no with exceptions is how one party is granted something; it says nothing expressly to the others. */
    private int base() {
        if (is(Layout.BASE_PERMITS)) {
            return Outcome.ALLOWED.at(0);
        }
        return is(Layout.GRANTS) ? Outcome.WITHHELD.at(0) : Outcome.DENY.at(0);
    }

    private static int express(int said) {
        return ((said & SAYS) == SAYS_DENY ? Outcome.DENY : Outcome.PERMIT).at(said >> SAYS_BITS);
    }

    // --- the tree

    /** 4.1: additions first; then, where it matches or they do, its exceptions; then itself. */
    private int decide(int at) {
        steps++;
        int kind = number(at + Layout.KIND);
        int exceptions = number(at + Layout.EXCEPTIONS);
        int said =
                (kind & Layout.HAS_ADDITIONS) == 0 ? SAYS_NOTHING : children(firstBelow(at), exceptions, SAYS_NOTHING);
        if (said == SAYS_NOTHING && !matches(at, kind, ~0)) {
            return SAYS_NOTHING;
        }
        said = children(exceptions, number(at + Layout.END), said);
        if (said != SAYS_NOTHING) {
            return said;
        }
        return ((kind & Layout.PERMITS) == 0 ? SAYS_DENY : SAYS_PERMIT) | at << SAYS_BITS;
    }

    /** Deny overrides among siblings; their order means nothing. */
    private int children(int from, int to, int said) {
        int strongest = said;
        for (int at = from; at < to; at = number(at + Layout.END)) {
            int child = decide(at);
            if ((child & SAYS) > (strongest & SAYS)) {
                strongest = child;
            }
        }
        return strongest;
    }

    private boolean requestSideMatches(int at) {
        steps++;
        int kind = number(at + Layout.KIND);
        if (matches(at, kind, Attribute.REQUEST_SIDE)) {
            return true;
        }
        for (int child = firstBelow(at); child < number(at + Layout.EXCEPTIONS); child = number(child + Layout.END)) {
            if (requestSideMatches(child)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(int at, int kind, int ofThese) {
        int stated = kind >>> Layout.STATED_SHIFT;
        boolean permits = (kind & Layout.PERMITS) != 0;
        int place = at + Layout.STATED;
        for (int left = stated; left != 0; left &= left - 1) {
            int attribute = Integer.numberOfTrailingZeros(left);
            if ((ofThese & 1 << attribute) != 0 && !matches(Attribute.ALL[attribute], number(place), permits)) {
                return false;
            }
            place++;
        }
        return true;
    }

    private boolean matches(Attribute attribute, int place, boolean permits) {
        steps++;
        return switch (attribute) {
            case ACTOR -> isActing(place);
            case PURPOSE -> isPurpose(place, permits);
            case ACTION -> question.action >= 0 && (numberOf64(place) & 1L << question.action) != 0;
            case PERIOD -> isIn(place, question.at());
            case CLASS, DOCUMENT_TYPE, RESOURCE_TYPE -> isAnyOf(place, question.classes());
            case LABEL -> isLabelled(place);
            case CODE -> isAnyOf(place, question.codes());
            case DATA_PERIOD -> overlaps(place, permits);
            case DATA -> isAnyOf(place, question.data());
            case CHAPTERS -> covers(place);
            case RECORDED -> wasRecordedBy(place);
        };
    }

    // --- what the request says

    private boolean isActing(int place) {
        int count = number(place);
        for (int i = 0; count <= FEW && i < count; i++) {
            steps++;
            if (isOneOf(number(place + 1 + 2 * i), question.actors)
                    && isOneOf(number(place + 2 + 2 * i), question.roles)) {
                return true;
            }
        }
        return count > FEW && isActingAmongMany(place, count);
    }

    private boolean isActingAmongMany(int place, int count) {
        if (isActingAs(place, count, Vocabulary.ANY)) {
            return true;
        }
        for (int actor : question.actors) {
            if (isActingAs(place, count, actor)) {
                return true;
            }
        }
        return false;
    }

    private boolean isActingAs(int place, int count, int actor) {
        if (hasPair(place, count, actor, Vocabulary.ANY)) {
            return true;
        }
        for (int role : question.roles) {
            if (hasPair(place, count, actor, role)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasPair(int place, int count, int actor, int role) {
        long wanted = (long) actor << Integer.SIZE | role;
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            steps++;
            int middle = (low + high) >>> 1;
            long found = numberOf64(place + 1 + 2 * middle);
            if (found == wanted) {
                return true;
            }
            low = found < wanted ? middle + 1 : low;
            high = found < wanted ? high : middle - 1;
        }
        return false;
    }

    private static boolean isOneOf(int stated, int[] asked) {
        if (stated == Vocabulary.ANY) {
            return true;
        }
        for (int each : asked) {
            if (each == stated) {
                return true;
            }
        }
        return false;
    }

    private boolean isPurpose(int place, boolean permits) {
        var purpose = question.purpose;
        return purpose != null && meets(place, permits ? purpose.permitted() : purpose.denied());
    }

    // --- what is said of the item

    private boolean isAnyOf(int place, int[] said) {
        for (int word : said) {
            if (has(place, word)) {
                return true;
            }
        }
        return false;
    }

    private boolean covers(int place) {
        if (question.hasUnknownChapter()) {
            return false;
        }
        for (int chapter : question.chapters()) {
            if (!has(place, chapter)) {
                return false;
            }
        }
        return true;
    }

    private boolean has(int place, int word) {
        int low = place + 1;
        int high = place + number(place);
        while (low <= high) {
            steps++;
            int middle = (low + high) >>> 1;
            int found = number(middle);
            if (found == word) {
                return true;
            }
            low = found < word ? middle + 1 : low;
            high = found < word ? high : middle - 1;
        }
        return false;
    }

    private boolean isLabelled(int place) {
        return (number(place) & question.labels.level()) != 0 || meets(place + 1, question.labels.sensitive());
    }

    private boolean meets(int place, Bits asked) {
        return ((numberOf64(place) & asked.low()) | (numberOf64(place + 2) & asked.high())) != 0;
    }

    /** An undated item is in no period of a permit and in every one of a deny. */
    private boolean overlaps(int place, boolean permits) {
        if (question.isUndated()) {
            return !permits;
        }
        var span = question.span(number(Layout.ZONE));
        return span != null
                && compare(place, span.last()) <= 0
                && compare(place + Layout.SPAN_LENGTH / 2, span.first()) >= 0;
    }

    private boolean wasRecordedBy(int place) {
        var recordedAt = question.recordedAt();
        return recordedAt != null && compare(place, recordedAt) >= 0;
    }

    // --- numbers

    /** @return where its head stands */
    private int turnTo(int consent) {
        int head = consent * Layout.HEAD;
        flags = heads[head + Layout.FLAGS];
        start = heads[head + Layout.START];
        return head;
    }

    private boolean isOutOfTerm(int head) {
        return is(Layout.HAS_TERM) && !isIn(heads, head + Layout.TERM, question.at());
    }

    private boolean isIn(int place, Instant at) {
        return isIn(numbers, start + place, at);
    }

    private static boolean isIn(int[] from, int place, Instant at) {
        return compare(from, place, at) <= 0 && compare(from, place + Layout.SPAN_LENGTH / 2, at) >= 0;
    }

    private int compare(int place, Instant at) {
        return compare(numbers, start + place, at);
    }

    /** The instant that stands there, against this one. */
    private static int compare(int[] from, int place, Instant at) {
        int seconds = Long.compare(numberOf64(from, place), at.getEpochSecond());
        return seconds != 0 ? seconds : Integer.compare(from[place + 2], at.getNano());
    }

    /** Where its first child stands, or else what comes after it. */
    private int firstBelow(int at) {
        return at + Layout.STATED + Integer.bitCount(number(at + Layout.KIND) >>> Layout.STATED_SHIFT);
    }

    private boolean permits(int at) {
        return (number(at + Layout.KIND) & Layout.PERMITS) != 0;
    }

    private boolean is(int flag) {
        return (flags & flag) != 0;
    }

    private int number(int place) {
        return numbers[start + place];
    }

    private long numberOf64(int place) {
        return numberOf64(numbers, start + place);
    }

    private static long numberOf64(int[] from, int place) {
        return (long) from[place] << Integer.SIZE | from[place + 1] & 0xffff_ffffL;
    }
}
