package org.twinkeep.portal.authzen;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.projections.reading.Judge;
import org.twinkeep.projections.reading.Opinion;
import org.twinkeep.projections.reading.Thing;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

/**
 * This house as a decision point, for one caller. What it decides by of a subject is this house's own knowledge of the
 * account, never what the caller says of it; and it decides as of now.
 *
 * <p>Whatever is denied is denied in the same words, be it never granted, closed, expired or not there. The patient reads
 * who asked, about whom, and the true reason.
 */
public final class HouseDecisions implements DecisionPoint {

    /** The one action: to look. */
    public static final String ACCESS = "access";

    private static final String USER = "user";
    private static final String TWIN = "twin";
    private static final String CHAPTER = "chapter";
    private static final String ENTRY = "entry";
    private static final Set<String> RESOURCES = Set.of(TWIN, CHAPTER, ENTRY);

    private static final Looker UNKNOWN = new Looker("unknown", "somebody who has no account here", "", "unknown");

    private final Judge judge;
    private final Accounts accounts;
    private final Looker caller;

    public HouseDecisions(Judge judge, Accounts accounts, Looker caller) {
        this.judge = judge;
        this.accounts = accounts;
        this.caller = caller;
    }

    private record Place(TwinId twin, Thing thing) {}

    @Override
    public Decision evaluate(Question question) {
        var purpose = purpose(question);
        var place = place(question.resource());
        if (place.isEmpty()) {
            return denied(judge.tellNothing(caller, purpose));
        }
        var reach =
                judge.reach(subject(question.subject()), purpose, place.get().twin(), carriedOut(question.context()));
        var opinion = reach.on(place.get().thing());
        if (!asksForAccess(question) && opinion.refused() != Reason.UNKNOWN_TWIN) {
            opinion = opinion.refused(Reason.UNKNOWN_ACTION);
        }
        var leaf = judge.tell(caller, opinion, null);
        return opinion.permitted() ? permitted(leaf, opinion) : denied(leaf);
    }

    @Override
    public void denyUnread() {
        judge.tellNothing(caller, null);
    }

    @Override
    public Found search(Sought sought, Question question) {
        return switch (sought) {
            case SUBJECT -> subjects(question);
            case RESOURCE -> resources(question);
            case ACTION -> actions(question);
        };
    }

    private Found subjects(Question question) {
        var place = place(question.resource());
        if (place.isEmpty() || !question.subject().type().equals(USER) || !asksForAccess(question)) {
            return nothing(question);
        }
        var purpose = purpose(question);
        var carriedOut = carriedOut(question.context());
        var permitted = new LinkedHashMap<Named, Opinion>();
        @Nullable Opinion any = null;
        for (var account : accounts.all()) {
            if (account.state() != Account.State.OPEN) {
                continue;
            }
            var opinion = judge.reach(account.looker(), purpose, place.get().twin(), carriedOut)
                    .on(place.get().thing());
            any = opinion;
            if (opinion.permitted()) {
                permitted.put(new Named(USER, account.id().toString()), opinion);
            }
        }
        var last = any;
        return new Found(List.copyOf(permitted.keySet()), named -> {
            var first = named.isEmpty() ? last : permitted.get(named.getFirst());
            if (first == null) {
                judge.tellNothing(caller, purpose);
            } else {
                judge.tellSearch(
                        caller,
                        named.isEmpty() ? first : first.relyingOn(handles(named, permitted)),
                        "asked who may see " + place.get().thing().inWords() + ": " + named.size() + " named");
            }
        });
    }

    private static List<String> handles(List<Named> named, Map<Named, Opinion> permitted) {
        var handles = new TreeSet<String>();
        named.forEach(each ->
                Optional.ofNullable(permitted.get(each)).ifPresent(opinion -> handles.addAll(opinion.consents())));
        return List.copyOf(handles);
    }

    /** Of what patients here granted to the subject. */
    private Found resources(Question question) {
        var type = question.resource().type();
        var account = account(question.subject());
        if (account.isEmpty() || !RESOURCES.contains(type) || !asksForAccess(question)) {
            return nothing(question);
        }
        var purpose = purpose(question);
        var only = question.resource().properties().get(TWIN);
        var permitted = new LinkedHashMap<Named, Opinion>();
        accounts.grantsTo(account.get().id()).stream()
                .map(Grant::twin)
                .distinct()
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .filter(twin ->
                        only == null || (only.isString() && only.stringValue().equals(twin.toString())))
                .forEach(twin -> {
                    var reach = judge.reach(account.get().looker(), purpose, twin, carriedOut(question.context()));
                    for (var thing : things(reach, type)) {
                        var opinion = reach.on(thing);
                        if (opinion.permitted()) {
                            permitted.put(new Named(type, id(twin, thing)), opinion);
                        }
                    }
                });
        return new Found(List.copyOf(permitted.keySet()), named -> tellResources(named, permitted, purpose));
    }

    private void tellResources(List<Named> named, Map<Named, Opinion> permitted, @Nullable Purpose purpose) {
        var byTwin = new LinkedHashMap<TwinId, List<Opinion>>();
        named.forEach(each -> Optional.ofNullable(permitted.get(each))
                .ifPresent(opinion -> byTwin.computeIfAbsent(opinion.twin(), _ -> new ArrayList<>())
                        .add(opinion)));
        byTwin.values()
                .forEach(opinions -> judge.tellSearch(
                        caller,
                        opinions.getFirst(),
                        "asked what " + opinions.getFirst().whom().name() + " may see: " + opinions.size() + " named"));
        if (byTwin.isEmpty()) {
            judge.tellNothing(caller, purpose);
        }
    }

    private static List<Thing> things(Judge.Reach reach, String type) {
        return switch (type) {
            case TWIN -> List.of(new Thing.WholeTwin());
            case CHAPTER -> reach.chapters();
            default -> reach.entries();
        };
    }

    private Found actions(Question question) {
        var place = place(question.resource());
        if (place.isEmpty()) {
            return nothing(question);
        }
        var opinion = judge.reach(
                        subject(question.subject()),
                        purpose(question),
                        place.get().twin(),
                        carriedOut(question.context()))
                .on(place.get().thing());
        var all = opinion.permitted() ? List.of(new Named("", ACCESS)) : List.<Named>of();
        return new Found(all, _ -> judge.tell(caller, opinion, null));
    }

    private Found nothing(Question question) {
        return new Found(List.of(), _ -> judge.tellNothing(caller, purpose(question)));
    }

    // --- reading the question

    private Looker subject(Question.Entity subject) {
        return account(subject).map(Account::looker).orElse(UNKNOWN);
    }

    private Optional<Account> account(Question.Entity subject) {
        try {
            return Optional.ofNullable(subject.type().equals(USER) ? subject.id() : null)
                    .map(AccountId::of)
                    .flatMap(accounts::find)
                    .filter(account -> account.state() == Account.State.OPEN);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Place> place(Question.Entity resource) {
        var id = resource.id();
        if (id == null) {
            return Optional.empty();
        }
        var parts = id.split("/", -1);
        if (parts.length != (resource.type().equals(TWIN) ? 1 : 2)) {
            return Optional.empty();
        }
        try {
            var twin = TwinId.of(parts[0]);
            return switch (resource.type()) {
                case TWIN -> Optional.of(new Place(twin, new Thing.WholeTwin()));
                case CHAPTER -> Chapter.ofCode(parts[1]).map(chapter -> new Place(twin, new Thing.OfChapter(chapter)));
                case ENTRY -> Optional.of(new Place(twin, new Thing.OfEntry(new EntryId(parts[1]))));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String id(TwinId twin, Thing thing) {
        return switch (thing) {
            case Thing.WholeTwin _ -> twin.toString();
            case Thing.OfChapter(var chapter) -> twin + "/" + chapter.code();
            case Thing.OfEntry(var entry) -> twin + "/" + entry;
        };
    }

    private static boolean asksForAccess(Question question) {
        var action = question.action();
        return action != null && action.name().equals(ACCESS);
    }

    private static @Nullable Purpose purpose(Question question) {
        var purpose = question.context().get("purpose");
        return purpose != null && purpose.isString()
                ? Purpose.ofCode(purpose.stringValue()).orElse(null)
                : null;
    }

    private static Set<Obligation> carriedOut(Map<String, JsonNode> context) {
        var said = EnumSet.noneOf(Obligation.class);
        var list = context.get("carries_out");
        if (list != null && list.isArray()) {
            for (var obligation : Obligation.values()) {
                for (var each : list) {
                    if (each.isString() && each.stringValue().equalsIgnoreCase(obligation.name())) {
                        said.add(obligation);
                    }
                }
            }
        }
        return said;
    }

    // --- answering

    private static Decision permitted(String leaf, Opinion opinion) {
        var context = new LinkedHashMap<String, Object>();
        context.put("id", leaf);
        context.put("code", "permitted");
        context.put("reason", "The patient shares this.");
        context.put(
                "obligations",
                opinion.obligations().stream().map(Obligation::name).sorted().toList());
        context.put("implicit_policy", opinion.implicit().code());
        context.put("ledger_block", opinion.asOf().block());
        return new Decision(true, context);
    }

    private static Decision denied(String leaf) {
        var context = new LinkedHashMap<String, Object>();
        context.put("id", leaf);
        context.put("code", "denied");
        context.put("reason", "The patient does not share this, or there is no such thing.");
        return new Decision(false, context);
    }
}
