package org.twinkeep.consent.decision;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.twinkeep.consent.decision.Condition.Acting;
import org.twinkeep.consent.decision.Condition.Covered;
import org.twinkeep.consent.decision.Condition.During;
import org.twinkeep.consent.decision.Condition.Labelled;
import org.twinkeep.consent.decision.Condition.Listed;
import org.twinkeep.consent.decision.Condition.RecordedByGrant;
import org.twinkeep.consent.decision.Condition.Said;
import org.twinkeep.consent.decision.Reading.Alternating;
import org.twinkeep.consent.decision.Reading.Silent;
import org.twinkeep.consent.decision.Reading.Typed;
import org.twinkeep.consent.decision.Reading.Unread;

/** Writes what was read as numbers ({@link Layout}). */
final class Compiler {

    private static final int NO_PARENT = 0;

    private final Vocabulary vocabulary;
    private final Instant grantedAt;
    private final Map<Condition, Integer> places = new IdentityHashMap<>();
    private int[] out = new int[64];
    private int length;

    private Compiler(Vocabulary vocabulary, Instant grantedAt) {
        this.vocabulary = vocabulary;
        this.grantedAt = grantedAt;
    }

    static int[] compile(Reading reading, Vocabulary vocabulary, Instant grantedAt) {
        var compiler = new Compiler(vocabulary, grantedAt);
        switch (reading) {
            case Silent() -> compiler.head(Layout.SILENT, Vocabulary.UNSAID, Span.ALWAYS);
            case Unread(String path) -> compiler.unread(path);
            case Alternating alternating -> compiler.alternating(alternating);
            case Typed typed -> compiler.typed(typed);
        }
        return compiler.done();
    }

    private void unread(String path) {
        head(Layout.UNREAD, Vocabulary.UNSAID, Span.ALWAYS);
        add(path.length());
        path.chars().forEach(this::add);
    }

    private void alternating(Alternating consent) {
        int flags = Layout.R5
                | Layout.HAS_BASE
                | (consent.basePermits() ? Layout.BASE_PERMITS : 0)
                | (consent.exceptions().isEmpty() ? 0 : Layout.GRANTS);
        beginning(flags, consent.zone(), consent.term(), consent.exceptions());
        conditions(consent.exceptions());
        out[Layout.TREE] = length;
        consent.exceptions().forEach(exception -> provision(exception, NO_PARENT));
    }

    private void typed(Typed consent) {
        var base = consent.basePermits();
        var root = consent.root();
        int flags = (base == null ? 0 : Layout.HAS_BASE)
                | (base != null && base ? Layout.BASE_PERMITS : 0)
                | (root == null ? 0 : Layout.HAS_ROOT)
                | (consent.container() ? Layout.CONTAINER : 0)
                | (root != null && root.hasPermit() ? Layout.GRANTS : 0);
        beginning(flags, consent.zone(), consent.term(), consent.container() && root != null ? below(root) : List.of());
        var provisions = root == null ? List.<Provision>of() : List.of(root);
        conditions(provisions);
        out[Layout.TREE] = length;
        provisions.forEach(provision -> provision(provision, NO_PARENT));
    }

    private void beginning(int flags, ZoneId zone, Span term, List<Provision> first) {
        var gate = new HashSet<Word>();
        boolean gated = first.stream().allMatch(provision -> isGatedBy(provision, gate));
        head(
                flags | (term.equals(Span.ALWAYS) ? 0 : Layout.HAS_TERM),
                gated && gate.size() == 1 ? vocabulary.learn(gate.iterator().next()) : Vocabulary.UNSAID,
                term);
        add(0);
        add(vocabulary.learn(zone));
        add(0);
    }

    private void head(int flags, int gate, Span term) {
        add(flags);
        add(gate);
        span(term);
        add(0);
    }

    private static List<Provision> below(Provision container) {
        var all = new ArrayList<>(container.additions());
        all.addAll(container.exceptions());
        return all;
    }

    /** Whether it matches nobody but those references; exceptions are asked only where it, or an addition to it, matches. */
    private static boolean isGatedBy(Provision provision, Set<Word> references) {
        if (!(provision.conditions().get(Attribute.ACTOR) instanceof Acting(var actors))) {
            return false;
        }
        actors.forEach(actor -> references.add(actor.reference()));
        return references.size() == 1
                && !references.contains(Word.ANY)
                && provision.additions().stream().allMatch(addition -> isGatedBy(addition, references));
    }

    private void conditions(Collection<Provision> provisions) {
        for (var provision : provisions) {
            provision.conditions().values().forEach(this::condition);
            conditions(provision.additions());
            conditions(provision.exceptions());
        }
    }

    private void condition(Condition condition) {
        if (places.putIfAbsent(condition, length) != null) {
            return;
        }
        switch (condition) {
            case During(Span span) -> span(span);
            case Listed(Bits numbers) -> bits(numbers);
            case Labelled(int levels, Bits sensitive) -> {
                add(levels);
                bits(sensitive);
            }
            case Acting(var actors) -> actors(actors);
            case Said(var words) -> words(words);
            case Covered(var chapters) -> words(chapters);
            case RecordedByGrant() -> instant(grantedAt);
        }
    }

    private void actors(List<Condition.Actor> actors) {
        var pairs = actors.stream()
                .map(actor -> new int[] {vocabulary.learn(actor.reference()), vocabulary.learn(actor.role())})
                .sorted(Comparator.<int[]>comparingInt(pair -> pair[0]).thenComparingInt(pair -> pair[1]))
                .toList();
        add(pairs.size());
        for (var pair : pairs) {
            add(pair[0]);
            add(pair[1]);
        }
    }

    private void words(Collection<Word> words) {
        add(words.size());
        words.stream().mapToInt(vocabulary::learn).sorted().forEach(this::add);
    }

    private void provision(Provision provision, int parent) {
        int at = length;
        int stated = 0;
        for (var attribute : provision.conditions().keySet()) {
            stated |= attribute.bit();
        }
        add((provision.permits() ? Layout.PERMITS : 0)
                | (provision.additions().isEmpty() ? 0 : Layout.HAS_ADDITIONS)
                | stated << Layout.STATED_SHIFT);
        add(0);
        add(provision.index());
        add(parent);
        add(0);
        for (var attribute : Attribute.ALL) {
            var condition = provision.conditions().get(attribute);
            if (condition != null) {
                add(places.getOrDefault(condition, 0));
            }
        }
        provision.additions().forEach(child -> provision(child, at));
        out[at + Layout.EXCEPTIONS] = length;
        provision.exceptions().forEach(child -> provision(child, at));
        out[at + Layout.END] = length;
    }

    private void span(Span span) {
        instant(span.first());
        instant(span.last());
    }

    private void instant(Instant instant) {
        number(instant.getEpochSecond());
        add(instant.getNano());
    }

    private void bits(Bits bits) {
        number(bits.low());
        number(bits.high());
    }

    private void number(long number) {
        add((int) (number >>> Integer.SIZE));
        add((int) number);
    }

    private void add(int number) {
        if (length == out.length) {
            out = Arrays.copyOf(out, 2 * length);
        }
        out[length++] = number;
    }

    private int[] done() {
        if ((out[Layout.FLAGS] & (Layout.SILENT | Layout.UNREAD)) == 0) {
            out[Layout.LENGTH] = length;
        }
        return Arrays.copyOf(out, length);
    }
}
