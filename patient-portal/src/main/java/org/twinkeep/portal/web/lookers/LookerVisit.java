package org.twinkeep.portal.web.lookers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;

/**
 * What one person did in one go: leaves of the same person, purpose and answer with less than half an hour between them.
 *
 * @param leaves newest first
 */
public record LookerVisit(List<Look> leaves) {
    private static final Duration PAUSE = Duration.ofMinutes(30);

    private record Same(
            String who,
            String purpose,
            boolean permitted,
            @Nullable String why) {}

    /** Puts leaves together, newest first. */
    static List<LookerVisit> of(List<Look> newestFirst) {
        var visits = new ArrayList<List<Look>>();
        var latest = new HashMap<Same, List<Look>>();
        for (var look : newestFirst) {
            var same =
                    new Same(look.who().id(), look.purpose(), look.permitted(), look.permitted() ? null : look.why());
            var visit = latest.get(same);
            if (visit == null
                    || Duration.between(look.at(), visit.getLast().at()).compareTo(PAUSE) > 0) {
                visit = new ArrayList<>();
                latest.put(same, visit);
                visits.add(visit);
            }
            visit.add(look);
        }
        return visits.stream().map(LookerVisit::new).toList();
    }

    public Looker who() {
        return leaves.getFirst().who();
    }

    public String purpose() {
        return leaves.getFirst().purpose();
    }

    public boolean permitted() {
        return leaves.getFirst().permitted();
    }

    /** The reason of a refusal, or the reason that an operator or system actor gave. */
    public @Nullable String why() {
        return leaves.stream()
                .map(Look::why)
                .filter(why -> why != null && !why.isBlank())
                .findFirst()
                .orElse(null);
    }

    public Instant from() {
        return leaves.getLast().at();
    }

    public Instant to() {
        return leaves.getFirst().at();
    }

    /** How many entries were shown, counted each time they were. */
    public int entries() {
        return leaves.stream().mapToInt(Look::entries).sum();
    }

    /** How many pages were answered. */
    public long answers() {
        return leaves.stream().filter(look -> look.verdictLeaf() != null).count();
    }

    /** The consents relied on, by handle. */
    public Set<String> consents() {
        var handles = new TreeSet<String>();
        leaves.forEach(look -> handles.addAll(look.consents()));
        return handles;
    }

    /** The chapters that were open. */
    public List<KeyScope> chapters() {
        return leaves.stream()
                .flatMap(look -> look.scopes().stream())
                .filter(Chapter.class::isInstance)
                .distinct()
                .sorted(Comparator.comparingInt(KeyScope::number))
                .toList();
    }

    /** Whether it was by breaking the glass. */
    public boolean inEmergency() {
        return purpose().equals(Purpose.BREAK_THE_GLASS.code());
    }

    /** Whether the service itself did it, or the people who run it. */
    public boolean bySystem() {
        return who().role().equals("system");
    }

    public boolean byOperator() {
        return who().role().equals("operator");
    }
}
