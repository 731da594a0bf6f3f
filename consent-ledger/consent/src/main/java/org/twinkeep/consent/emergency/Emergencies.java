package org.twinkeep.consent.emergency;

import static org.twinkeep.consent.emergency.Emergency.LONGEST;
import static org.twinkeep.consent.emergency.Emergency.LONGEST_TEXT;
import static org.twinkeep.consent.emergency.Emergency.SHORTEST_REASON;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.emergency.EmergencyCommand.BreakGlass;
import org.twinkeep.consent.emergency.EmergencyCommand.CloseGlass;
import org.twinkeep.consent.emergency.EmergencyCommand.Narrow;
import org.twinkeep.consent.emergency.EmergencyCommand.Review;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassBroken;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassClosed;
import org.twinkeep.consent.emergency.EmergencyEvent.Narrowed;
import org.twinkeep.consent.emergency.EmergencyEvent.Reviewed;
import org.twinkeep.consent.emergency.EmergencyRefused.Why;
import org.twinkeep.crypto.Chapter;

/**
 * The emergencies of one twin and what its patient keeps closed to them: the rules of breaking the glass, pure. What no line
 * allows is refused.
 *
 * @param all oldest first
 * @param closed chapters that no emergency opens
 */
public record Emergencies(List<Emergency> all, Set<Chapter> closed) {

    /** The roles of people who may break the glass, and of those who may review it. Nobody has both. */
    public static final String BREAKER = "clinician";

    public static final String REVIEWER = "auditor";

    public static final Emergencies NONE = new Emergencies(List.of(), Set.of());

    public Emergencies {
        all = List.copyOf(all);
        closed = Set.copyOf(closed);
    }

    public static Emergencies of(List<EmergencyEvent> events) {
        var state = NONE;
        for (var event : events) {
            state = state.evolve(event);
        }
        return state;
    }

    /** What of a command may happen. @throws EmergencyRefused for everything that the rules do not allow */
    public EmergencyEvent decide(EmergencyCommand command) {
        return switch (command) {
            case BreakGlass wish -> broken(wish);
            case CloseGlass wish -> closed(wish);
            case Review wish -> reviewed(wish);
            case Narrow(var chapters, var at) -> {
                require(EmergencyChapters.LIST.containsAll(chapters), Why.NOT_A_CHAPTER);
                yield new Narrowed(chapters, at);
            }
        };
    }

    public Emergencies evolve(EmergencyEvent event) {
        return switch (event) {
            case GlassBroken broken -> {
                var more = new ArrayList<>(all);
                more.add(Emergency.of(broken));
                yield new Emergencies(more, closed);
            }
            case GlassClosed(var handle, var at) -> with(handle, emergency -> emergency.closed(at));
            case Reviewed reviewed -> with(reviewed.handle(), emergency -> emergency.reviewed(reviewed));
            case Narrowed(var chapters, var _) ->
                new Emergencies(all.stream().map(each -> each.without(chapters)).toList(), chapters);
        };
    }

    public Optional<Emergency> find(ConsentHandle handle) {
        return all.stream().filter(each -> each.handle().equals(handle)).findFirst();
    }

    /** The emergency by which this person may look now, if it shows anything at all. */
    public Optional<Emergency> live(String looker, Instant at) {
        return by(looker)
                .filter(each -> each.isLive(at) && !each.chapters().isEmpty())
                .findFirst();
    }

    /** When the last emergency of this person ended; nothing while one is live or where there never was one. */
    public Optional<Instant> endedOn(String looker, Instant at) {
        return live(looker, at).isPresent()
                ? Optional.empty()
                : by(looker).map(Emergency::end).filter(end -> !end.isAfter(at)).max(Comparator.naturalOrder());
    }

    /** What an emergency may open now. */
    public Set<Chapter> open() {
        return EmergencyChapters.without(closed);
    }

    /** What of a wish can be refused without knowing of which twin it is. @throws EmergencyRefused */
    public static void requireFit(BreakGlass wish) {
        require(wish.entitled() && wish.by().role().equals(BREAKER), Why.NOT_ENTITLED);
        require(wish.reason().strip().length() >= SHORTEST_REASON, Why.REASON_TOO_SHORT);
        require(wish.reason().strip().length() <= LONGEST_TEXT, Why.REASON_TOO_LONG);
        require(wish.length().isPositive() && wish.length().compareTo(LONGEST) <= 0, Why.TOO_LONG);
        require(!wish.openElsewhere(), Why.OTHER_PATIENT);
    }

    private GlassBroken broken(BreakGlass wish) {
        requireFit(wish);
        require(!open().isEmpty(), Why.ALL_CLOSED);
        return new GlassBroken(
                wish.handle(),
                wish.by(),
                wish.reason().strip(),
                open(),
                wish.at(),
                wish.at().plus(wish.length()));
    }

    private GlassClosed closed(CloseGlass wish) {
        var emergency = known(wish.handle());
        require(emergency.by().id().equals(wish.by().id()), Why.NOT_YOURS);
        require(emergency.isLive(wish.at()), Why.OVER);
        return new GlassClosed(wish.handle(), wish.at());
    }

    private Reviewed reviewed(Review wish) {
        require(wish.by().role().equals(REVIEWER), Why.NOT_A_REVIEWER);
        var emergency = known(wish.handle());
        require(!emergency.by().id().equals(wish.by().id()), Why.OWN_REVIEW);
        require(emergency.reviewed() == null, Why.REVIEWED_ALREADY);
        int length = wish.note().strip().length();
        require(length >= SHORTEST_REASON && length <= LONGEST_TEXT, Why.NOTE_MISSING);
        return new Reviewed(
                wish.handle(), wish.by(), wish.outcome(), wish.note().strip(), wish.at());
    }

    private Emergency known(ConsentHandle handle) {
        return find(handle).orElseThrow(() -> new EmergencyRefused(Why.UNKNOWN));
    }

    private Stream<Emergency> by(String looker) {
        return all.reversed().stream().filter(each -> each.by().id().equals(looker));
    }

    private Emergencies with(ConsentHandle handle, UnaryOperator<Emergency> change) {
        return new Emergencies(
                all.stream()
                        .map(each -> each.handle().equals(handle) ? change.apply(each) : each)
                        .toList(),
                closed);
    }

    private static void require(boolean allowed, Why otherwise) {
        if (!allowed) {
            throw new EmergencyRefused(otherwise);
        }
    }

    @Override
    public String toString() {
        return "Emergencies";
    }
}
