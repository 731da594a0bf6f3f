package org.twinkeep.projections.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.clinic.Attachment;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/**
 * Says what a FHIR R4 resource means in plain words that are true: never a resource type or a bare code as title, nothing
 * called an illness that its source calls a finding, values as the source wrote them, and every status that changes the
 * meaning said. Narrative HTML is never used; an attachment by address is never fetched.
 */
final class PlainWords {

    private static final String UNSAFE_TITLE = "This entry cannot be shown safely";

    /** Statuses that need no remark: the usual case of their type. */
    private static final List<String> UNREMARKABLE =
            List.of("final", "completed", "finished", "active", "current", "available", "accepted");

    private static final Map<String, String> STATUS = Map.ofEntries(
            Map.entry("registered", "preliminary: no result yet"),
            Map.entry("partial", "preliminary: not all results yet"),
            Map.entry("preliminary", "preliminary"),
            Map.entry("amended", "corrected by its source"),
            Map.entry("corrected", "corrected by its source"),
            Map.entry("appended", "added to by its source"),
            Map.entry("cancelled", "cancelled"),
            Map.entry("not-done", "not done"),
            Map.entry("on-hold", "on hold"),
            Map.entry("stopped", "stopped"),
            Map.entry("draft", "only a draft"),
            Map.entry("proposed", "only proposed"),
            Map.entry("planned", "only planned"),
            Map.entry("booked", "only planned"),
            Map.entry("preparation", "being prepared"),
            Map.entry("in-progress", "in progress"),
            Map.entry("intended", "only intended"),
            Map.entry("not-taken", "not taken"),
            Map.entry("declined", "declined"),
            Map.entry("noshow", "not attended"),
            Map.entry("superseded", "a newer version exists"),
            Map.entry("inactive", "no longer active"),
            Map.entry("revoked", "revoked"),
            Map.entry("suspended", "suspended"),
            Map.entry("unknown", "status not known"));

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("Patient", "Personal details"),
            Map.entry("RelatedPerson", "Related person"),
            Map.entry("Claim", "Bill"),
            Map.entry("ClaimResponse", "Insurer's answer"),
            Map.entry("ExplanationOfBenefit", "Insurer's statement"),
            Map.entry("Coverage", "Insurance"),
            Map.entry("DocumentReference", "Note"),
            Map.entry("Composition", "Note"),
            Map.entry("Binary", "File"),
            Map.entry("Media", "Picture or recording"),
            Map.entry("Communication", "Message"),
            Map.entry("Provenance", "Where entries came from"),
            Map.entry("AllergyIntolerance", "Allergy or intolerance"),
            Map.entry("Medication", "Medicine"),
            Map.entry("MedicationRequest", "Prescription"),
            Map.entry("MedicationStatement", "Medicine taken"),
            Map.entry("MedicationAdministration", "Medicine given"),
            Map.entry("MedicationDispense", "Medicine handed out"),
            Map.entry("Immunization", "Vaccination"),
            Map.entry("Specimen", "Sample"),
            Map.entry("Procedure", "Procedure"),
            Map.entry("ServiceRequest", "Order"),
            Map.entry("CarePlan", "Care plan"),
            Map.entry("Goal", "Goal"),
            Map.entry("Device", "Device"),
            Map.entry("SupplyDelivery", "Supplies"),
            Map.entry("Encounter", "Visit"),
            Map.entry("EpisodeOfCare", "Period of care"),
            Map.entry("Appointment", "Appointment"),
            Map.entry("CareTeam", "Care team"),
            Map.entry("ImagingStudy", "Imaging"),
            Map.entry("FamilyMemberHistory", "Family history"),
            Map.entry("RiskAssessment", "Estimated risk"),
            Map.entry("Flag", "Alert"));

    /** SNOMED CT: no known allergy, and of which kind. */
    private static final List<String> NO_KNOWN_ALLERGY = List.of(
            "716186003", "409137002", "428607008", "429625007", "716184000", "716185004", "1003774007", "428197003");

    private final JsonNode resource;
    private final String type;
    private final List<String> remarks = new ArrayList<>();
    private final List<EntryPage.Fact> facts = new ArrayList<>();
    private @Nullable String value;
    private @Nullable String text;

    private PlainWords(JsonNode resource) {
        this.resource = resource;
        this.type = Tree.type(resource);
    }

    static Plain of(JsonNode resource) {
        return new PlainWords(resource).say();
    }

    private Plain say() {
        var withdrawn = isWithdrawn();
        if (hasModifier(resource)) {
            remarks.add("cannot be shown safely");
            if (withdrawn) {
                remarks.add("withdrawn by its source");
            }
            fact("Why", "It carries an instruction that may turn its meaning around and that is not known here.");
            return new Plain(
                    KINDS.getOrDefault(type, "Entry"), UNSAFE_TITLE, null, remarks, withdrawn, false, facts, null);
        }
        var kind = kind();
        var title = title(kind);
        details();
        if (withdrawn) {
            remarks.addFirst("withdrawn by its source");
        }
        note();
        return new Plain(kind, title, value, List.copyOf(remarks), withdrawn, true, List.copyOf(facts), text);
    }

    private boolean isWithdrawn() {
        return Tree.string(resource, "status").equals("entered-in-error")
                || Concepts.hasCode(resource.path("verificationStatus"), "entered-in-error")
                || Tree.string(resource, "docStatus").equals("entered-in-error");
    }

    /** FHIR R4, 2.4.1.2: an unknown modifier extension, or implicit rules, may change the meaning of all beside it. */
    private static boolean hasModifier(JsonNode node) {
        if (node.isArray()) {
            for (var element : node) {
                if (hasModifier(element)) {
                    return true;
                }
            }
            return false;
        }
        if (!node.isObject()) {
            return false;
        }
        for (var property : node.properties()) {
            var name = property.getKey();
            var present = !property.getValue().isEmpty() || property.getValue().isString();
            if ((name.equals("modifierExtension") || name.equals("implicitRules")) && present) {
                return true;
            }
            if (hasModifier(property.getValue())) {
                return true;
            }
        }
        return false;
    }

    // --- kind and title

    private String kind() {
        return switch (type) {
            case "Condition" -> conditionKind();
            case "Observation" -> observationKind();
            case "DiagnosticReport" -> resource.has("presentedForm") && !resource.has("result") ? "Note" : "Report";
            case "AllergyIntolerance" ->
                isNoKnownAllergy()
                        ? "Statement"
                        : Tree.string(resource, "type").equals("intolerance") ? "Intolerance" : "Allergy";
            default -> KINDS.getOrDefault(type, "Entry");
        };
    }

    /** Only what its source calls a disorder, and takes as so, is called a diagnosis. */
    private String conditionKind() {
        switch (Concepts.code(resource.path("verificationStatus"))) {
            case "refuted" -> {
                return "Ruled out";
            }
            case "unconfirmed", "provisional", "differential" -> {
                return "Possibility";
            }
            default -> {}
        }
        return switch (Concepts.tag(resource.path("code"))) {
            case "disorder", "morphologic abnormality" -> "Diagnosis";
            case "finding" -> "Finding";
            case "situation", "context-dependent category" -> "Situation";
            case "event" -> "Event";
            case "person", "social concept", "life style" -> "Circumstance";
            default -> "Health record";
        };
    }

    private String observationKind() {
        var categories =
                Tree.list(resource, "category").stream().map(Concepts::code).toList();
        if (categories.contains("vital-signs")) {
            return "Measurement";
        }
        if (categories.contains("survey")) {
            return "Questionnaire";
        }
        if (categories.contains("social-history")) {
            return "Circumstance";
        }
        return categories.contains("laboratory") ? "Laboratory result" : "Observation";
    }

    private boolean isNoKnownAllergy() {
        return NO_KNOWN_ALLERGY.stream().anyMatch(code -> Concepts.hasCode(resource.path("code"), code));
    }

    private String title(String kind) {
        var words = named();
        if (isForbidden()) {
            return "Not to be given: " + words.orElse("a medicine not named by its source");
        }
        return words.orElseGet(() -> unnamed(kind));
    }

    private Optional<String> named() {
        return switch (type) {
            case "Patient" -> Optional.of("Personal details");
            case "Provenance" -> Optional.of("Where entries came from");
            case "MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense" ->
                medicine();
            case "Immunization" -> Concepts.words(resource.path("vaccineCode"));
            case "Encounter", "EpisodeOfCare", "Specimen" ->
                Concepts.words(Tree.list(resource, "type"))
                        .or(() -> Concepts.words(Tree.list(resource, "serviceType")));
            case "Device" ->
                Concepts.words(resource.path("type"))
                        .or(() -> Tree.list(resource, "deviceName").stream()
                                .flatMap(d -> Concepts.words(d.path("name")).stream())
                                .findFirst());
            case "DocumentReference", "Composition" ->
                Concepts.words(resource.path("type")).or(() -> wordsAt("description"));
            case "CarePlan", "CareTeam" -> planTitle();
            case "Claim", "ExplanationOfBenefit" ->
                Tree.list(resource, "item").stream()
                        .flatMap(i -> Concepts.words(i.path("productOrService")).stream())
                        .findFirst()
                        .map(item -> (type.equals("Claim") ? "Bill: " : "Insurer's statement: ") + item);
            case "ImagingStudy" ->
                Concepts.words(Tree.list(resource, "procedureCode")).or(() -> wordsAt("description"));
            case "SupplyDelivery" ->
                Concepts.words(resource.path("suppliedItem").path("itemCodeableConcept"));
            case "Coverage" ->
                Tree.list(resource, "payor").stream()
                        .flatMap(p -> Concepts.words(p.path("display")).stream())
                        .findFirst();
            case "Goal" -> Concepts.words(resource.path("description"));
            case "FamilyMemberHistory" ->
                Concepts.words(resource.path("relationship")).map(who -> "Family history: " + who);
            case "Binary" -> Optional.of("A file");
            default ->
                wordsAt("code")
                        .or(() -> Concepts.words(Tree.list(resource, "type")))
                        .or(() -> wordsAt("title"))
                        .or(() -> wordsAt("description"));
        };
    }

    private Optional<String> wordsAt(String field) {
        return Concepts.words(resource.path(field));
    }

    private Optional<String> planTitle() {
        var categories = Tree.list(resource, "category").stream()
                .filter(c -> !Concepts.hasCode(c, "assess-plan"))
                .toList();
        return wordsAt("title")
                .or(() -> Concepts.words(categories))
                .or(() -> wordsAt("name"))
                .or(() -> Concepts.words(Tree.list(resource, "reasonCode")).map(r -> kindOfPlan() + " for: " + r));
    }

    private String kindOfPlan() {
        return KINDS.getOrDefault(type, "Entry");
    }

    private Optional<String> medicine() {
        return wordsAt("medicationCodeableConcept")
                .or(() -> Optional.ofNullable(Tree.orNull(resource.path("medicationReference"), "display"))
                        .map(Concepts::plain))
                .or(() -> Tree.list(resource, "contained").stream()
                        .filter(c -> Tree.type(c).equals("Medication"))
                        .flatMap(c -> Concepts.words(c.path("code")).stream())
                        .findFirst());
    }

    private static String unnamed(String kind) {
        return kind.equals("Entry")
                ? "An entry of a kind that is not put into words yet"
                : kind + ", not named by its source";
    }

    private boolean isForbidden() {
        return resource.path("doNotPerform").asBoolean(false);
    }

    // --- what it says

    private void details() {
        status();
        switch (type) {
            case "Observation" -> observation();
            case "Condition" -> condition();
            case "AllergyIntolerance" -> allergy();
            case "MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense" ->
                medication();
            case "Immunization" -> immunization();
            case "Procedure" -> procedure();
            case "Encounter" -> encounter();
            case "DiagnosticReport" -> report();
            case "Claim", "ExplanationOfBenefit" -> bill();
            case "Patient" -> patient();
            case "CarePlan" -> plan();
            case "CareTeam" -> team();
            case "ImagingStudy" -> imaging();
            case "SupplyDelivery" ->
                value = Values.quantity(resource.path("suppliedItem").path("quantity"))
                        .orElse(null);
            case "Device" -> device();
            case "Provenance" -> value = Tree.list(resource, "target").size() + " entries";
            case "FamilyMemberHistory" ->
                Tree.list(resource, "condition")
                        .forEach(c -> Concepts.words(c.path("code")).ifPresent(w -> fact("Had", w)));
            case "Binary" -> fact("Type", Tree.string(resource, "contentType"));
            case "Goal" -> Concepts.words(resource.path("achievementStatus")).ifPresent(w -> value = w);
            default -> Values.of(resource).ifPresent(v -> value = v);
        }
        for (var concept : Tree.list(resource, "bodySite")) {
            Concepts.words(concept).ifPresent(w -> fact("Where on the body", w));
        }
        for (var reason : Tree.list(resource, "reasonCode")) {
            Concepts.words(reason).ifPresent(w -> fact("Reason", w));
        }
        for (var reason : Tree.list(resource, "reasonReference")) {
            Concepts.words(reason.path("display")).ifPresent(w -> fact("Reason", w));
        }
        for (var note : Tree.list(resource, "note")) {
            fact("Remark of the source", Tree.string(note, "text"));
        }
    }

    private void status() {
        var status = Tree.string(resource, "status");
        if (status.isEmpty() || status.equals("entered-in-error") || UNREMARKABLE.contains(status)) {
            return;
        }
        if (type.equals("Patient")
                || type.equals("Immunization")
                || (type.equals("CarePlan") && status.equals("completed"))) {
            return;
        }
        remarks.add(STATUS.getOrDefault(status, "status: " + status));
    }

    private void observation() {
        var said = Values.of(resource);
        var components = Tree.list(resource, "component").stream()
                .map(PlainWords::component)
                .flatMap(Optional::stream)
                .toList();
        var together = new ArrayList<String>();
        said.ifPresent(together::add);
        together.addAll(components);
        value = together.isEmpty() ? null : String.join("; ", together);
        if (Values.howMany(resource) > 1) {
            remarks.add("the source gives more than one value");
        }
        if (said.isEmpty()) {
            Values.absent(resource).ifPresent(remarks::add);
        }
        var quantity = resource.path("valueQuantity");
        if (quantity.path("value").isNumber() && !quantity.has("unit") && !quantity.has("code")) {
            remarks.add("no unit given");
        }
        remarks.addAll(Values.judgement(resource));
        for (var range : Tree.list(resource, "referenceRange")) {
            Optional.ofNullable(Tree.orNull(range, "text"))
                    .or(() -> Values.range(range))
                    .ifPresent(r -> fact("The source's range", r));
        }
        Concepts.words(resource.path("method")).ifPresent(w -> fact("How", w));
    }

    private static Optional<String> component(JsonNode component) {
        var name = Concepts.words(component.path("code")).orElse("part not named by its source");
        var said = Values.of(component).or(() -> Values.absent(component));
        var judged = Values.judgement(component);
        return said.map(s -> name + ": " + s + (judged.isEmpty() ? "" : " (" + String.join(", ", judged) + ")"));
    }

    private void condition() {
        switch (Concepts.code(resource.path("verificationStatus"))) {
            case "refuted" -> remarks.add("refuted: it was found not to be so");
            case "unconfirmed" -> remarks.add("not confirmed");
            case "provisional" -> remarks.add("provisional, not confirmed");
            case "differential" -> remarks.add("one of several possibilities, not confirmed");
            default -> {}
        }
        var status = Concepts.code(resource.path("clinicalStatus"));
        switch (status) {
            case "resolved" -> remarks.add("resolved");
            case "inactive" -> remarks.add("no longer active");
            case "remission" -> remarks.add("in remission");
            case "recurrence", "relapse" -> remarks.add("came back");
            default -> {}
        }
        Optional.ofNullable(Tree.orNull(resource, "abatementDateTime")).ifPresent(w -> fact("Ended", w));
        Optional.ofNullable(Tree.orNull(resource, "abatementString")).ifPresent(w -> fact("Ended", w));
        Concepts.words(resource.path("severity")).ifPresent(w -> fact("Severity", w));
        Values.quantity(resource.path("onsetAge")).ifPresent(w -> fact("Began at age", w));
        Optional.ofNullable(Tree.orNull(resource, "onsetString")).ifPresent(w -> fact("Began", w));
    }

    private void allergy() {
        switch (Concepts.code(resource.path("verificationStatus"))) {
            case "refuted" -> remarks.add("refuted: it was found not to be so");
            case "unconfirmed" -> remarks.add("not confirmed");
            default -> {}
        }
        switch (Concepts.code(resource.path("clinicalStatus"))) {
            case "resolved" -> remarks.add("resolved");
            case "inactive" -> remarks.add("no longer active");
            default -> {}
        }
        if (Tree.string(resource, "criticality").equals("high")) {
            remarks.add("could be dangerous");
        }
        var reactions = Tree.list(resource, "reaction").stream()
                .flatMap(r -> Tree.list(r, "manifestation").stream()
                        .flatMap(m -> Concepts.words(m).stream().map(w -> severity(r, w))))
                .toList();
        value = reactions.isEmpty() ? null : String.join("; ", reactions);
    }

    private static String severity(JsonNode reaction, String words) {
        var severity = Tree.string(reaction, "severity");
        return severity.isEmpty() ? words : words + " (" + severity + ")";
    }

    private void medication() {
        if (isForbidden()) {
            remarks.add("an instruction not to give it");
        }
        switch (Tree.string(resource, "intent")) {
            case "plan" -> remarks.add("only planned");
            case "proposal" -> remarks.add("only proposed");
            default -> {}
        }
        Concepts.words(resource.path("statusReason")).ifPresent(w -> fact("Why", w));
        value = Dosage.of(resource).orElse(null);
    }

    private void immunization() {
        if (Tree.string(resource, "status").equals("not-done")) {
            remarks.add("not given");
            Concepts.words(resource.path("statusReason")).ifPresent(w -> fact("Why not", w));
            return;
        }
        Values.quantity(resource.path("doseQuantity")).ifPresent(w -> fact("Dose", w));
        Optional.ofNullable(Tree.orNull(resource, "lotNumber")).ifPresent(w -> fact("Lot", w));
    }

    private void procedure() {
        Concepts.words(resource.path("statusReason")).ifPresent(w -> fact("Why", w));
        Concepts.words(resource.path("outcome")).ifPresent(w -> fact("Outcome", w));
    }

    private void encounter() {
        Concepts.words(resource.path("class")).ifPresent(w -> fact("Kind of visit", w));
        value = Optional.ofNullable(Tree.orNull(resource.path("serviceProvider"), "display"))
                .orElse(null);
        var hospital = resource.path("hospitalization");
        Concepts.words(hospital.path("dischargeDisposition")).ifPresent(w -> fact("Left to", w));
    }

    private void report() {
        Optional.ofNullable(Tree.orNull(resource, "conclusion")).ifPresent(w -> value = w);
        for (var result : Tree.list(resource, "result")) {
            Concepts.words(result.path("display")).ifPresent(w -> fact("Result", w));
        }
        for (var conclusion : Tree.list(resource, "conclusionCode")) {
            Concepts.words(conclusion).ifPresent(w -> fact("Conclusion", w));
        }
    }

    private void bill() {
        var total = type.equals("Claim")
                ? Values.quantity(resource.path("total"))
                : Tree.list(resource, "total").stream()
                        .flatMap(t -> Values.quantity(t.path("amount")).stream())
                        .findFirst();
        value = total.orElse(null);
        for (var item : Tree.list(resource, "item")) {
            Concepts.words(item.path("productOrService")).ifPresent(w -> fact("Item", w));
        }
        for (var insurance : Tree.list(resource, "insurance")) {
            Optional.ofNullable(Tree.orNull(insurance.path("coverage"), "display"))
                    .ifPresent(w -> fact("Insurance", w.replace('_', ' ')));
        }
        Values.quantity(resource.path("payment").path("amount")).ifPresent(w -> fact("Paid", w));
    }

    private void patient() {
        for (var name : Tree.list(resource, "name")) {
            fact("Name", Persons.name(name));
        }
        fact("Born", Tree.string(resource, "birthDate"));
        fact("Sex", Tree.string(resource, "gender"));
        Persons.deceased(resource).ifPresent(w -> fact("Died", w));
        for (var address : Tree.list(resource, "address")) {
            fact("Address", Persons.address(address));
        }
        for (var telecom : Tree.list(resource, "telecom")) {
            fact("Contact", Tree.string(telecom, "value"));
        }
        Concepts.words(resource.path("maritalStatus")).ifPresent(w -> fact("Marital status", w));
        for (var identifier : Tree.list(resource, "identifier")) {
            fact(Concepts.words(identifier.path("type")).orElse("Number"), Tree.string(identifier, "value"));
        }
    }

    private void plan() {
        for (var activity : Tree.list(resource, "activity")) {
            var detail = activity.path("detail");
            Concepts.words(detail.path("code"))
                    .or(() -> Optional.ofNullable(Tree.orNull(detail, "description")))
                    .ifPresent(w -> fact("Planned", w));
        }
        for (var addressed : Tree.list(resource, "addresses")) {
            Concepts.words(addressed.path("display")).ifPresent(w -> fact("For", w));
        }
    }

    private void team() {
        for (var participant : Tree.list(resource, "participant")) {
            Optional.ofNullable(Tree.orNull(participant.path("member"), "display"))
                    .ifPresent(w -> fact("Member", w));
        }
    }

    private void imaging() {
        for (var series : Tree.list(resource, "series")) {
            Concepts.words(series.path("modality")).ifPresent(w -> fact("Method", w));
            Concepts.words(series.path("bodySite")).ifPresent(w -> fact("Where on the body", w));
        }
        Concepts.words(resource.path("series").path(0).path("modality")).ifPresent(w -> value = w);
    }

    private void device() {
        Optional.ofNullable(Tree.orNull(resource, "manufacturer")).ifPresent(w -> fact("Made by", w));
        Optional.ofNullable(Tree.orNull(resource, "serialNumber")).ifPresent(w -> fact("Serial number", w));
        Optional.ofNullable(Tree.orNull(resource, "lotNumber")).ifPresent(w -> fact("Lot", w));
    }

    /** The text of what is attached; an address is named and left alone. */
    private void note() {
        var attachments = new ArrayList<JsonNode>();
        Tree.list(resource, "content").forEach(c -> attachments.addAll(Tree.list(c, "attachment")));
        attachments.addAll(Tree.list(resource, "presentedForm"));
        if (type.equals("Media")) {
            attachments.addAll(Tree.list(resource, "content"));
        }
        if (type.equals("Binary")) {
            attachments.add(resource);
        }
        for (var attachment : attachments) {
            attached(attachment);
        }
        var docStatus = Tree.string(resource, "docStatus");
        if (!docStatus.isEmpty() && !docStatus.equals("final") && !docStatus.equals("entered-in-error")) {
            remarks.add(STATUS.getOrDefault(docStatus, docStatus));
        }
    }

    private void attached(JsonNode attachment) {
        var data = Tree.string(attachment, "data");
        var contentType = Tree.string(attachment, "contentType");
        var named = Tree.string(attachment, "title");
        if (!data.isEmpty()) {
            var decoded = Attachment.text(contentType, data)
                    .filter(_ -> !contentType.contains("html") && !contentType.contains("xml"));
            if (decoded.isPresent()) {
                text = text == null ? decoded.get() : text + "\n\n" + decoded.get();
            } else {
                fact(
                        "Attached",
                        (named.isBlank() ? "" : named + ", ") + (contentType.isBlank() ? "a file" : contentType)
                                + ": kept, and not shown here");
            }
        } else if (attachment.has("url")) {
            fact("Attached", (named.isBlank() ? "a file" : named) + ": kept elsewhere, and not fetched");
        }
    }

    private void fact(String label, String words) {
        if (!words.isBlank()) {
            facts.add(new EntryPage.Fact(label, words));
        }
    }
}
