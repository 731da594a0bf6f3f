package org.twinkeep.portal.tour;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.requests.Asked;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;

/** A clinician looks through the door of the house, before, during and after a grant. */
final class Sharing {
    private static final Looker CLINICIAN =
            new Looker("00000000-0000-0000-0000-00000000c11c", "Dr Tour", "Westerquell Surgery", "clinician");
    private static final Actor PATIENT = new Actor(Actor.Kind.PATIENT, "tour-patient");
    private static final String POTASSIUM = "Observation/obs-potassium";

    private final TourFolder folder;
    private @Nullable Consent consent;

    Sharing(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> exactlyTheList() {
        var twin = twin();
        NotHeld.unless(care(CLINICIAN, Purpose.TREATMENT) == null, "the clinician saw something before any grant");
        var terms = terms(CLINICIAN.id(), TourPerson.GRANTED);
        var preview = folder.house().door().preview(patient(), twin, terms);
        consent = folder.house().consents().grant(twin, terms, folder.seed());

        var view = shown(care(CLINICIAN, Purpose.TREATMENT));
        var expected = new TreeMap<String, EntryId>();
        TourPerson.visible().forEach(id -> expected.put(id, TourPerson.entry(folder.house(), id)));
        var seen = view.timeline().rows().stream().map(Row::entry).toList();
        var tooMuch = seen.stream().filter(id -> !expected.containsValue(id)).count();
        var missing = new TreeMap<>(expected);
        missing.values().removeAll(seen);
        NotHeld.unless(tooMuch == 0, tooMuch + " entries too many");
        NotHeld.unless(missing.isEmpty(), "not shown: " + missing.keySet());
        int total = view.timeline().counts().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        NotHeld.unless(total == expected.size(), "the totals say " + total);
        if (preview instanceof Answer.Shown<Map<Chapter, Integer>> counts) {
            int previewed =
                    counts.what().values().stream().mapToInt(Integer::intValue).sum();
            NotHeld.unless(previewed == expected.size(), "the preview said " + previewed);
        } else {
            throw new NotHeld("the patient was shown no preview");
        }
        return Map.of("visible", seen.size(), "total", total);
    }

    Map<String, Object> everythingBut() {
        var twin = twin();
        int pages = 0;
        for (var without : TourPerson.onlyIn().entrySet()) {
            var chapters = EnumSet.allOf(Chapter.class);
            chapters.remove(without.getKey());
            var reader = new Looker(UUID.randomUUID().toString(), "Dr But", "Westerquell Surgery", "clinician");
            var grant = folder.house().consents().grant(twin, terms(reader.id(), chapters), folder.seed());
            var view = shown(care(reader, Purpose.TREATMENT));
            var texts = new ArrayList<String>();
            texts.add(view.timeline().profile().name());
            for (var row : view.timeline().rows()) {
                texts.add(textOf(row));
                texts.add(textOf(shown(folder.house().door().careEntry(reader, Purpose.TREATMENT, twin, row.entry()))));
                pages++;
            }
            var all = String.join("\n", texts).toLowerCase(Locale.ROOT);
            for (var word : without.getValue()) {
                NotHeld.unless(
                        !all.contains(word), "something of " + without.getKey().code() + " was shown without it");
            }
            NotHeld.unless(
                    view.timeline().rows().stream()
                            .noneMatch(row -> row.chapter() == without.getKey()
                                    || row.touches().contains(without.getKey())),
                    "a row of " + without.getKey().code() + " was shown without it");
            folder.house().consents().revoke(twin, grant.handle(), folder.seed());
        }
        return Map.of("chapters", TourPerson.onlyIn().size(), "pagesRead", pages);
    }

    private static String textOf(Row row) {
        return String.join(
                "\n",
                row.kind(),
                row.title(),
                String.valueOf(row.value()),
                row.remarks().toString(),
                row.source(),
                row.terms());
    }

    private static String textOf(EntryPage page) {
        var text = new StringBuilder(textOf(page.row())).append('\n').append(page.text());
        page.facts()
                .forEach(f -> text.append('\n').append(f.label()).append(' ').append(f.text()));
        page.history().forEach(h -> text.append('\n').append(h.value()));
        page.repeatedBy().forEach(r -> text.append('\n').append(textOf(r)));
        return text.append('\n').append(page.json()).toString();
    }

    Map<String, Object> otherPurpose() {
        NotHeld.unless(care(CLINICIAN, Purpose.RESEARCH) == null, "research saw what was granted for treatment");
        NotHeld.unless(care(CLINICIAN, null) == null, "an undeclared purpose saw what was granted for treatment");
        NotHeld.unless(care(CLINICIAN, Purpose.TREATMENT) != null, "treatment saw nothing");
        return Map.of("deniedPurposes", 2);
    }

    Map<String, Object> corrected() {
        var house = folder.house();
        var entry = TourPerson.entry(house, POTASSIUM);
        var content = "{\"says\":\"I was told that the sample was old.\",\"reason\":\"The repeat was normal.\"}";
        house.twins()
                .correct(new TwinCommand.CorrectEntry(
                        twin(),
                        Chapter.LABS,
                        entry,
                        new Body(1, utf8("{\"statement\":1}"), utf8(content)),
                        house.clock().instant(),
                        PATIENT));
        var row = shown(care(CLINICIAN, Purpose.TREATMENT)).timeline().rows().stream()
                .filter(r -> r.entry().equals(entry))
                .findFirst()
                .orElseThrow(() -> new NotHeld("the corrected value is no longer shown"));
        NotHeld.unless(
                row.value() != null && row.value().contains("6.10") && row.disputed(),
                "the laboratory's value is not shown as it was, marked as disputed");
        var page = shown(house.door().careEntry(CLINICIAN, Purpose.TREATMENT, twin(), entry));
        NotHeld.unless(page.statements().size() == 1, "the patient's statement is not shown beside it");
        return Map.of("statements", 1);
    }

    Map<String, Object> revoked() {
        var given = consent;
        NotHeld.unless(given != null, "there was no grant to revoke");
        NotHeld.unless(care(CLINICIAN, Purpose.TREATMENT) != null, "nothing was shown before the revocation");
        folder.house().consents().revoke(twin(), Objects.requireNonNull(given).handle(), folder.seed());
        long began = System.nanoTime();
        NotHeld.unless(care(CLINICIAN, Purpose.TREATMENT) == null, "the request after the revocation was answered");
        return Map.of("nextRequestMs", (System.nanoTime() - began) / 1_000_000);
    }

    Map<String, Object> askedAndAnswered() {
        var house = folder.house();
        var requests = house.requests();
        var patient = folder.patient().account();
        var clinician = clinician();
        var draft = new Draft(
                Purpose.TREATMENT,
                Set.of(Chapter.LABS, Chapter.MEDICATIONS),
                null,
                null,
                false,
                Draft.Length.QUARTER,
                null,
                null);
        var replaced = requests.newCode(patient);
        var code = requests.newCode(patient);
        requests.ask(clinician, replaced, draft, "By a code that was replaced.");
        NotHeld.unless(requests.receivedBy(patient).isEmpty(), "a code that was replaced reached the patient");
        requests.ask(clinician, code, draft, "The dose depends on these values.");
        NotHeld.unless(care(clinician.looker(), Purpose.TREATMENT) == null, "asking opened something");
        var received = requests.receivedBy(patient).stream()
                .filter(one -> one.state() == Asked.State.OPEN)
                .findFirst()
                .orElseThrow(() -> new NotHeld("the patient was not asked"));
        NotHeld.unless(house.notices().unread(patient.id()) > 0, "the patient was not told");

        var less = received.draft().narrowed(Set.of(Chapter.LABS), Draft.Length.WEEK, false);
        var given = house.consents()
                .grant(twin(), less.terms(clinician, LocalDate.now(ZoneOffset.UTC), ZoneOffset.UTC), folder.seed());
        NotHeld.unless(requests.accepted(patient, received.id()), "the request was not open");
        var rows = shown(care(clinician.looker(), Purpose.TREATMENT)).timeline().rows();
        NotHeld.unless(!rows.isEmpty(), "what was allowed is not shown");
        NotHeld.unless(rows.stream().allMatch(row -> row.chapter() == Chapter.LABS), "more was shown than was allowed");
        NotHeld.unless(house.notices().unread(clinician.id()) > 0, "the clinician was not told");

        house.consents().revoke(twin(), given.handle(), folder.seed());
        NotHeld.unless(care(clinician.looker(), Purpose.TREATMENT) == null, "what was taken back is shown");
        return Map.of("visible", rows.size());
    }

    private Account clinician() {
        var person = new Person("Dr Asking", "Westerquell Surgery", ZoneOffset.UTC, Locale.ENGLISH);
        return folder.house()
                .accounts()
                .open(Role.CLINICIAN, "tour-asking", person, null, "asks by a code".toCharArray())
                .account();
    }

    /** Two pages over HTTP: an entry that is there but out of scope, and one that is not. */
    Map<String, Object> answersAlike() throws Exception {
        return new AlikeOverHttp(folder).look(TourPerson.entry(folder.house(), "Condition/cond-ipv"));
    }

    private TwinId twin() {
        return TourPerson.twin(folder.house());
    }

    private Looker patient() {
        return folder.patient().account().looker();
    }

    static Terms terms(String grantee, Set<Chapter> chapters) {
        var today = LocalDate.now(ZoneOffset.UTC);
        return new Terms(
                grantee,
                "Dr Tour",
                "Westerquell Surgery",
                Purpose.TREATMENT,
                chapters,
                null,
                true,
                new Period(today.minusDays(1), today.plusDays(30), ZoneOffset.UTC));
    }

    private @Nullable Answer<CareView> care(Looker reader, @Nullable Purpose purpose) {
        var answer = folder.house().door().care(reader, purpose, twin());
        return answer instanceof Answer.Shown<CareView> ? answer : null;
    }

    private static <T> T shown(@Nullable Answer<T> answer) {
        if (answer instanceof Answer.Shown<T>(var what, var _)) {
            return what;
        }
        throw new NotHeld("nothing was shown under a live grant");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
