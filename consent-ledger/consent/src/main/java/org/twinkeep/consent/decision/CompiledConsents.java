package org.twinkeep.consent.decision;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The consents of one patient, compiled: their heads and their bodies as numbers, in the order in which they were added
 * ({@link Layout}). Immutable; it holds no text that a person wrote, but what it holds is as private as the consents.
 */
public final class CompiledConsents {

    private static final int[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final int[] heads;
    private final int[] numbers;

    private CompiledConsents(Vocabulary vocabulary, int[] heads, int[] numbers) {
        this.vocabulary = vocabulary;
        this.heads = heads;
        this.numbers = numbers;
    }

    public static CompiledConsents none(Vocabulary vocabulary) {
        return new CompiledConsents(vocabulary, NOTHING, NOTHING);
    }

    /**
     * And this one. A consent that cannot be understood is added too: it denies everything, see {@link #notUnderstood}.
     *
     * @param grantedAt when it was recorded; read by consents of our own shape alone
     */
    public CompiledConsents with(Dialect dialect, byte[] json, Instant grantedAt) {
        return with(dialect, json, grantedAt, dialect == Dialect.OURS ? Layout.OURS : 0);
    }

    /** And what this one denies: it ended, and not by its patient (docs/formats/consent-decision.md, 4.6). */
    public CompiledConsents withDenialsOf(Dialect dialect, byte[] json) {
        return with(dialect, json, Instant.EPOCH, Layout.DENIES_ONLY);
    }

    private CompiledConsents with(Dialect dialect, byte[] json, Instant grantedAt, int flags) {
        var compiled = Compiler.compile(Readings.of(dialect, json), vocabulary, grantedAt);
        boolean isSilent = (compiled[Layout.FLAGS] & Layout.SILENT) != 0;
        compiled[Layout.FLAGS] |= isSilent ? 0 : flags;
        return with(compiled, 0, compiled, Layout.HEAD, compiled.length);
    }

    /** And all of these. */
    public CompiledConsents with(CompiledConsents more) {
        requireSame(more.vocabulary);
        var all = this;
        for (int i = 0; i < more.count(); i++) {
            all = all.with(more, i);
        }
        return all;
    }

    /** But the one of this number: those behind it move up. */
    public CompiledConsents without(int number) {
        var left = none(vocabulary);
        for (int i = 0; i < count(); i++) {
            left = i == number ? left : left.with(this, i);
        }
        return left;
    }

    /** This one alone. */
    public CompiledConsents only(int number) {
        return none(vocabulary).with(this, number);
    }

    public int count() {
        return heads.length / Layout.HEAD;
    }

    /** The path of the first element that is not understood; nothing when all are. */
    public Optional<String> notUnderstood(int number) {
        return isUnread(number) ? Optional.of(unreadPath(number)) : Optional.empty();
    }

    /** Whether it ended, and only what it denies counts still. */
    public boolean deniesOnly(int number) {
        return has(number, Layout.DENIES_ONLY);
    }

    /** Whether it is of our own shape, and understood: then nothing of it is left once it ended. */
    boolean isOurs(int number) {
        return has(number, Layout.OURS) && !isUnread(number);
    }

    /** What it takes in memory, without the vocabulary. */
    public long bytes() {
        return 2 * 16L + 24 + 4L * (heads.length + numbers.length);
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    void requireSame(Vocabulary other) {
        if (other != vocabulary) {
            throw new IllegalArgumentException("consents are decided on under the vocabulary they were compiled with");
        }
    }

    int[] heads() {
        return heads;
    }

    int[] numbers() {
        return numbers;
    }

    /** The path of a provision; of the base decision where there is none at that place. */
    String path(int consent, int place) {
        int start = head(consent, Layout.START);
        int flags = head(consent, Layout.FLAGS);
        if ((flags & Layout.UNREAD) != 0) {
            return unreadPath(consent);
        }
        boolean alternating = (flags & Layout.R5) != 0;
        if (place == 0) {
            return alternating ? "Consent.decision" : "Consent.policyRule";
        }
        var path = new StringBuilder();
        for (int at = place; at != 0; at = numbers[start + at + Layout.PARENT]) {
            int index = numbers[start + at + Layout.INDEX];
            path.insert(0, index < 0 ? ".provision" : ".provision[" + index + "]");
        }
        return path.insert(0, "Consent").toString();
    }

    private CompiledConsents with(CompiledConsents from, int number) {
        return with(from.heads, number * Layout.HEAD, from.numbers, from.body(number), from.end(number));
    }

    private CompiledConsents with(int[] head, int headAt, int[] body, int start, int end) {
        var more = Arrays.copyOf(numbers, numbers.length + end - start);
        System.arraycopy(body, start, more, numbers.length, end - start);
        var all = Arrays.copyOf(heads, heads.length + Layout.HEAD);
        System.arraycopy(head, headAt, all, heads.length, Layout.HEAD);
        all[heads.length + Layout.START] = numbers.length - Layout.HEAD;
        return new CompiledConsents(vocabulary, all, more);
    }

    private int body(int number) {
        return head(number, Layout.START) + Layout.HEAD;
    }

    private int end(int number) {
        return number + 1 < count() ? body(number + 1) : numbers.length;
    }

    private int head(int number, int place) {
        return heads[number * Layout.HEAD + place];
    }

    private boolean isUnread(int number) {
        return has(number, Layout.UNREAD);
    }

    private boolean has(int number, int flag) {
        return (head(number, Layout.FLAGS) & flag) != 0;
    }

    private String unreadPath(int number) {
        int start = head(number, Layout.START);
        var path = new StringBuilder();
        for (int i = 0; i < numbers[start + Layout.PATH_LENGTH]; i++) {
            path.append((char) numbers[start + Layout.PATH + i]);
        }
        return path.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CompiledConsents that
                && vocabulary == that.vocabulary
                && Arrays.equals(heads, that.heads)
                && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        return "CompiledConsents";
    }
}
