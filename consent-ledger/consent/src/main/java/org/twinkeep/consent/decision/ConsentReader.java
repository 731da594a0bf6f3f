package org.twinkeep.consent.decision;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.Condition.Acting;
import org.twinkeep.consent.decision.Condition.Actor;
import org.twinkeep.consent.decision.Condition.During;
import org.twinkeep.consent.decision.Condition.Labelled;
import org.twinkeep.consent.decision.Condition.Listed;
import org.twinkeep.consent.decision.Condition.Said;
import org.twinkeep.consent.decision.Word.Kind;

/**
 * Reads FHIR Consents of R4 and R5 as docs/formats/consent-decision.md rules. Every element is known or the consent is
 * {@link Reading.Unread}.
 */
final class ConsentReader {

    private static final String CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope";
    private static final String ACT_CODE = Code.V3 + "ActCode";
    private static final String LOINC = "http://loinc.org";
    private static final String SNOMED = "http://snomed.info/sct";
    private static final String MIME = "urn:ietf:bcp:13";
    private static final String PROFILE = "urn:ietf:rfc:3986";
    private static final String CATEGORIES = "http://terminology.hl7.org/CodeSystem/consentcategorycodes";
    private static final String TZ_CODE = "http://hl7.org/fhir/StructureDefinition/tz-code";

    private static final Set<String> R4_SILENT =
            Set.of("draft", "proposed", "rejected", "inactive", "entered-in-error");
    private static final Set<String> R5_SILENT = Set.of("draft", "inactive", "not-done", "entered-in-error", "unknown");

    private static final Set<Code> PRIVACY = codes(Map.of(
            CONSENT_SCOPE, "patient-privacy research",
            LOINC, "59284-0 57016-8 64292-6",
            ACT_CODE, "INFA INFACC INFAO INFASO IDSCL IRDSCL RESEARCH RSDID RSREID"));
    private static final Set<Code> CARE =
            codes(Map.of(CONSENT_SCOPE, "treatment adr", CATEGORIES, "acd dnr hcd polst"));

    private static final Map<String, Boolean> BASES =
            Map.of("OPTIN", true, "OPTINR", true, "OPTOUT", false, "OPTOUTE", false);

    private static final Set<String> INVOLVED = Set.of("IRCP", "PRCP", "CST");
    private static final Set<String> ROLE_SYSTEMS = Set.of(
            Code.V3 + "RoleClass",
            Code.V3 + "RoleCode",
            Code.V3 + "ParticipationFunction",
            "http://terminology.hl7.org/CodeSystem/practitioner-role",
            "https://twinkeep.org/fhir/CodeSystem/role");
    private static final Set<String> TYPE_SYSTEMS =
            Set.of("http://hl7.org/fhir/resource-types", "http://hl7.org/fhir/fhir-types");
    private static final Set<String> CLASS_SYSTEMS = Set.of(MIME, LOINC, SNOMED, Code.CHAPTERS);

    private static final String[] BESIDE_R4 = {
        "id",
        "meta",
        "language",
        "text",
        "contained",
        "identifier",
        "category",
        "patient",
        "performer",
        "organization",
        "sourceAttachment",
        "sourceReference",
        "policy",
        "verification"
    };
    private static final String[] BESIDE_R5 = {
        "id",
        "meta",
        "language",
        "text",
        "contained",
        "identifier",
        "subject",
        "grantor",
        "grantee",
        "manager",
        "controller",
        "sourceAttachment",
        "sourceReference",
        "regulatoryBasis",
        "policyBasis",
        "policyText",
        "verification"
    };

    private final boolean r4;
    private final Element consent;
    private ZoneId zone = ZoneOffset.UTC;

    private ConsentReader(boolean r4, Element consent) {
        this.r4 = r4;
        this.consent = consent;
    }

    static Reading r4(byte[] json) {
        return read(true, json);
    }

    static Reading r5(byte[] json) {
        return read(false, json);
    }

    private static Reading read(boolean r4, byte[] json) {
        try {
            return new ConsentReader(r4, JsonText.read(json)).read();
        } catch (NotUnderstood e) {
            return new Reading.Unread(e.path());
        }
    }

    private Reading read() {
        if (!isActive() || !isAboutLooking()) {
            return new Reading.Silent();
        }
        JsonText.refuseModifiers(consent);
        consent.letBe(r4 ? BESIDE_R4 : BESIDE_R5);
        zone = zone();
        var reading = r4 ? typed() : alternating();
        consent.nothingElse();
        return reading;
    }

    // --- whether it speaks at all

    private boolean isActive() {
        var status = consent.requiredText("status");
        if (!status.equals("active") && !(r4 ? R4_SILENT : R5_SILENT).contains(status)) {
            throw consent.notUnderstood("status");
        }
        return status.equals("active");
    }

    private boolean isAboutLooking() {
        var where = r4 ? "scope" : "category";
        consent.letBe(where);
        var said = consent.tree().get(where);
        var concepts = !r4 && said instanceof List<?> list
                ? list
                : Stream.ofNullable(r4 ? said : null).toList();
        var codes = concepts.stream()
                .flatMap(concept -> mentioned(concept).stream())
                .filter(code -> !r4 || code.system().equals(CONSENT_SCOPE))
                .toList();
        if (codes.stream().anyMatch(PRIVACY::contains)) {
            return true;
        }
        if (codes.stream().noneMatch(CARE::contains)) {
            throw consent.notUnderstood(where);
        }
        return false;
    }

    /** The codings of a concept of which the rest is let be. */
    private static List<Code> mentioned(Object concept) {
        var codes = new ArrayList<Code>();
        if (concept instanceof Map<?, ?> object && object.get("coding") instanceof List<?> codings) {
            for (var each : codings) {
                if (each instanceof Map<?, ?> coding
                        && coding.get("system") instanceof String system
                        && coding.get("code") instanceof String code) {
                    codes.add(new Code(system, code));
                }
            }
        }
        return codes;
    }

    private ZoneId zone() {
        var date = r4 ? "dateTime" : "date";
        if (consent.text(date)
                .filter(text -> Span.of(text, ZoneOffset.UTC).isEmpty())
                .isPresent()) {
            throw consent.notUnderstood(date);
        }
        var more = consent.object("_" + date);
        if (more.isEmpty()) {
            return ZoneOffset.UTC;
        }
        var extensions = more.get().requiredObjects("extension");
        more.get().nothingElse();
        var first = extensions.getFirst();
        var code = first.requiredText("valueCode");
        boolean known = extensions.size() == 1
                && first.requiredText("url").equals(TZ_CODE)
                && ZoneId.getAvailableZoneIds().contains(code);
        if (!known) {
            throw first.notUnderstood();
        }
        first.nothingElse();
        return ZoneId.of(code);
    }

    // --- R5

    private Reading alternating() {
        var term = period(consent, "period");
        boolean permits = permits(consent, "decision");
        return new Reading.Alternating(
                zone, term, permits, children(consent, !permits, Map.of()).exceptions());
    }

    // --- R4

    private Reading typed() {
        var base = base();
        var root = consent.object("provision");
        if (root.isEmpty()) {
            if (base == null) {
                throw consent.notUnderstood("provision");
            }
            return new Reading.Typed(zone, Span.ALWAYS, base, null, false);
        }
        var json = root.get();
        var term = period(json, "period");
        boolean container = !json.letBe("type").has("type") && !statesSomething(json);
        var provision = provision(json, rootPermits(json, base, container), -1, Map.of(), false);
        if (provision.permits()
                && provision.conditions().isEmpty()
                && !provision.additions().isEmpty()) {
            throw new NotUnderstood(json.path() + ".provision["
                    + provision.additions().getFirst().index() + "]");
        }
        return new Reading.Typed(zone, term, base, provision, container);
    }

    /** 4.3. Under an opt-out, HL7's examples write one and the same untyped root to permit and to deny. */
    private static boolean rootPermits(Element root, @Nullable Boolean base, boolean container) {
        if (root.has("type")) {
            return permits(root, "type");
        }
        if (base == null) {
            throw root.notUnderstood("type");
        }
        if (!container && !base) {
            throw root.notUnderstood();
        }
        return container && base;
    }

    private static boolean statesSomething(Element root) {
        for (var name : List.of("actor", "action", "securityLabel", "purpose", "class", "code", "dataPeriod", "data")) {
            if (root.has(name)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Boolean base() {
        var rule = consent.object("policyRule");
        if (rule.isEmpty()) {
            return null;
        }
        var bases = new LinkedHashSet<@Nullable Boolean>();
        concept(rule.get()).forEach(code -> bases.add(code.system().equals(ACT_CODE) ? BASES.get(code.code()) : null));
        var base = bases.iterator().next();
        if (bases.size() != 1 || base == null) {
            throw consent.notUnderstood("policyRule");
        }
        return base;
    }

    // --- provisions

    private record Children(List<Provision> additions, List<Provision> exceptions) {}

    private Children children(Element parent, boolean parentDenies, Map<Attribute, Condition> parentStates) {
        boolean parentPermits = !parentDenies;
        var additions = new ArrayList<Provision>();
        var exceptions = new ArrayList<Provision>();
        var all = parent.objects("provision");
        for (int i = 0; i < all.size(); i++) {
            var json = all.get(i);
            boolean permits = r4 ? permits(json, "type") : !parentPermits;
            boolean adds = permits == parentPermits;
            var child = provision(json, permits, i, adds ? parentStates : Map.of(), true);
            (adds ? additions : exceptions).add(child);
        }
        return new Children(List.copyOf(additions), List.copyOf(exceptions));
    }

    private Provision provision(
            Element json, boolean permits, int index, Map<Attribute, Condition> takenOver, boolean periodCounts) {
        json.letBe("id");
        var conditions = new EnumMap<Attribute, Condition>(Attribute.class);
        conditions.putAll(takenOver);
        if (periodCounts && json.has("period")) {
            conditions.put(Attribute.PERIOD, new During(period(json, "period")));
        }
        if (json.has("dataPeriod")) {
            conditions.put(Attribute.DATA_PERIOD, new During(period(json, "dataPeriod")));
        }
        if (json.has("actor")) {
            conditions.put(Attribute.ACTOR, actors(json));
        }
        if (json.has("action")) {
            conditions.put(Attribute.ACTION, actions(json));
        }
        if (json.has("purpose")) {
            conditions.put(Attribute.PURPOSE, purposes(json));
        }
        if (json.has("securityLabel")) {
            conditions.put(Attribute.LABEL, labels(json, permits));
        }
        if (json.has("code")) {
            conditions.put(Attribute.CODE, codes(json));
        }
        if (json.has("data")) {
            conditions.put(Attribute.DATA, data(json, permits));
        }
        if (r4 && json.has("class")) {
            conditions.put(Attribute.CLASS, classes(json, "class", true, true));
        }
        if (!r4 && json.has("documentType")) {
            conditions.put(Attribute.DOCUMENT_TYPE, classes(json, "documentType", false, true));
        }
        if (!r4 && json.has("resourceType")) {
            conditions.put(Attribute.RESOURCE_TYPE, classes(json, "resourceType", true, false));
        }
        var children = children(json, !permits, conditions);
        json.nothingElse();
        return new Provision(permits, index, conditions, children.additions(), children.exceptions());
    }

    private static boolean permits(Element json, String name) {
        return switch (json.requiredText(name)) {
            case "permit" -> true;
            case "deny" -> false;
            default -> throw json.notUnderstood(name);
        };
    }

    private Condition actors(Element provision) {
        var all = new LinkedHashSet<Actor>();
        for (var actor : provision.objects("actor")) {
            actor.letBe("id");
            var roles = roles(actor);
            var references = references(actor);
            boolean namesNobody = references.isEmpty() && (roles.isEmpty() || roles.contains(Word.ANY));
            if (namesNobody || (r4 && (roles.isEmpty() || references.isEmpty()))) {
                throw actor.notUnderstood();
            }
            actor.nothingElse();
            for (var reference : references.isEmpty() ? List.of(Word.ANY) : references) {
                for (var role : roles.isEmpty() ? Set.of(Word.ANY) : roles) {
                    all.add(new Actor(reference, role));
                }
            }
        }
        return new Acting(List.copyOf(all));
    }

    private static Set<Word> roles(Element actor) {
        var roles = new LinkedHashSet<Word>();
        var role = actor.object("role");
        if (role.isPresent()) {
            for (var coding : codings(role.get())) {
                var code = coding.code();
                if (code.system().equals(Code.V3 + "ParticipationType") && INVOLVED.contains(code.code())) {
                    roles.add(Word.ANY);
                } else if (ROLE_SYSTEMS.contains(code.system())) {
                    roles.add(Word.of(Kind.ROLE, code));
                } else {
                    throw coding.at().notUnderstood();
                }
            }
        }
        return roles;
    }

    private static List<Word> references(Element actor) {
        return actor.object("reference").stream()
                .flatMap(reference -> reference(reference).strings().stream())
                .map(text -> Word.of(Kind.REFERENCE, text))
                .toList();
    }

    private static Condition actions(Element provision) {
        var numbers = Bits.NONE;
        for (var concept : provision.objects("action")) {
            for (var coding : codings(concept)) {
                numbers = numbers.with(Actions.numberOf(coding.code())
                        .orElseThrow(() -> coding.at().notUnderstood()));
            }
        }
        return new Listed(numbers);
    }

    private static Condition purposes(Element provision) {
        var numbers = Bits.NONE;
        for (var element : provision.objects("purpose")) {
            numbers = numbers.with(Purposes.numberOf(coding(element)).orElseThrow(element::notUnderstood));
        }
        return new Listed(numbers);
    }

    private static Condition labels(Element provision, boolean permits) {
        int levels = 0;
        var sensitive = Bits.NONE;
        for (var element : provision.objects("securityLabel")) {
            var code = coding(element);
            var level = Labels.level(code);
            if (level.isPresent()) {
                levels |= permits ? Labels.upTo(level.get()) : Labels.from(level.get());
            } else {
                sensitive = sensitive.with(Labels.sensitivity(code).orElseThrow(element::notUnderstood));
            }
        }
        return new Labelled(levels, sensitive);
    }

    private static Condition codes(Element provision) {
        var words = new LinkedHashSet<Word>();
        for (var concept : provision.objects("code")) {
            concept(concept).forEach(code -> words.add(Word.of(Kind.CODE, code)));
        }
        return new Said(words);
    }

    private static Condition classes(Element provision, String name, boolean types, boolean documents) {
        var words = new LinkedHashSet<Word>();
        for (var element : provision.objects(name)) {
            var code = coding(element);
            if (types && TYPE_SYSTEMS.contains(code.system())) {
                words.add(Word.of(Kind.TYPE, code.code()));
            } else if (types && code.system().equals(PROFILE)) {
                words.add(Word.of(Kind.PROFILE, code.code()));
            } else if (documents && CLASS_SYSTEMS.contains(code.system())) {
                words.add(Word.of(Kind.CLASS, code));
            } else {
                throw element.notUnderstood();
            }
        }
        return new Said(words);
    }

    private static Condition data(Element provision, boolean permits) {
        var words = new LinkedHashSet<Word>();
        for (var data : provision.objects("data")) {
            data.letBe("id");
            var meaning = data.requiredText("meaning");
            var reference = reference(data.requiredObject("reference"));
            data.nothingElse();
            for (var text : reference.strings()) {
                switch (meaning) {
                    case "instance" -> words.add(Word.of(Kind.INSTANCE, text));
                    case "related" -> {
                        words.add(Word.of(Kind.RELATED, text));
                        if (reference.isToCare()) {
                            words.add(Word.of(Kind.RELATED_TO_CARE, text));
                        }
                    }
                    case "dependents" -> words.add(Word.of(Kind.DEPENDENT, text));
                    case "authoredby" -> {
                        words.add(Word.of(Kind.AUTHOR, text));
                        if (!permits) {
                            words.add(Word.NO_AUTHOR);
                        }
                    }
                    default -> throw data.notUnderstood("meaning");
                }
            }
        }
        return new Said(words);
    }

    // --- data types

    private Span period(Element in, String name) {
        var json = in.object(name);
        if (json.isEmpty()) {
            return Span.ALWAYS;
        }
        var period = json.get().letBe("id");
        if (!period.has("start") && !period.has("end")) {
            throw period.notUnderstood();
        }
        var span = new Span(
                span(period, "start", Span.ALWAYS).first(),
                span(period, "end", Span.ALWAYS).last());
        period.nothingElse();
        if (span.isBackwards()) {
            throw period.notUnderstood();
        }
        return span;
    }

    private Span span(Element period, String name, Span missing) {
        var text = period.text(name);
        return text.isEmpty() ? missing : Span.of(text.get(), zone).orElseThrow(() -> period.notUnderstood(name));
    }

    private record Coding(Code code, Element at) {}

    private static List<Code> concept(Element concept) {
        return codings(concept).stream().map(Coding::code).toList();
    }

    private static List<Coding> codings(Element concept) {
        var codings = concept.letBe("id", "text").requiredObjects("coding").stream()
                .map(element -> new Coding(coding(element), element))
                .toList();
        concept.nothingElse();
        return codings;
    }

    private static Code coding(Element element) {
        element.letBe("id", "version", "display", "userSelected");
        var code = new Code(element.requiredText("system"), element.requiredText("code"));
        element.nothingElse();
        return code;
    }

    /** @param strings by which it can be named: the reference as written, the identifier */
    private record Reference(List<String> strings, boolean isToCare) {}

    /** IHE PCF: data with a relationship to an encounter, an episode or a plan. */
    private static Reference reference(Element json) {
        json.letBe("id", "type", "display");
        var strings = new ArrayList<String>();
        var literal = json.text("reference");
        literal.ifPresent(text -> {
            if (text.startsWith("#") || text.contains("/_history/")) {
                throw json.notUnderstood("reference");
            }
            strings.add(text);
        });
        json.object("identifier")
                .ifPresent(identifier ->
                        strings.add(identifier.requiredText("system") + "|" + identifier.requiredText("value")));
        json.nothingElse();
        if (strings.isEmpty()) {
            throw json.notUnderstood();
        }
        return new Reference(strings, literal.filter(Words::isToCare).isPresent());
    }

    private static Set<Code> codes(Map<String, String> bySystem) {
        var codes = new LinkedHashSet<Code>();
        bySystem.forEach((system, list) -> {
            for (var code : list.split(" ", -1)) {
                codes.add(new Code(system, code));
            }
        });
        return codes;
    }
}
