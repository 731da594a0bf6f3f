package org.twinkeep.portal.web.requests;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.consent.research.DataUse;
import org.twinkeep.consent.research.DataUse.Term;
import org.twinkeep.consent.research.Duo;
import org.twinkeep.portal.requests.Diseases;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;

/** Reads what a patient allows researchers. Nothing is chosen beforehand. */
final class DataUseForm {
    /** Conditions that need nothing beside them. */
    static final List<Duo> PLAIN = List.of(
            Duo.IRB, Duo.NPU, Duo.NCU, Duo.NPUNCU, Duo.PUB, Duo.COL, Duo.RTN, Duo.GSO, Duo.NMDS, Duo.NPOA, Duo.CC);

    /** Conditions that name something. */
    static final List<Duo> NAMED = List.of(Duo.GS, Duo.IS, Duo.US, Duo.PS, Duo.RS, Duo.TS);

    private final Form form;
    private final Complaints complaints = new Complaints();

    DataUseForm(Form form) {
        this.form = form;
    }

    Form form() {
        return form;
    }

    Complaints complaints() {
        return complaints;
    }

    Optional<DataUse> read() {
        var terms = new ArrayList<Term>();
        permission().ifPresent(terms::add);
        PLAIN.stream().filter(this::chosen).map(Term::of).forEach(terms::add);
        NAMED.stream().filter(this::chosen).forEach(duo -> terms.add(named(duo)));
        if (chosen(Duo.MOR)) {
            terms.add(new Term(Duo.MOR.id(), day()));
        }
        return complaints.none() ? Optional.of(new DataUse(terms)) : Optional.empty();
    }

    private Optional<Term> permission() {
        return switch (form.text("permission")) {
            case "none" -> Optional.empty();
            case "NRES" -> Optional.of(Term.of(Duo.NRES));
            case "GRU" -> Optional.of(Term.of(Duo.GRU));
            case "HMB" -> Optional.of(Term.of(Duo.HMB));
            case "POA" -> Optional.of(Term.of(Duo.POA));
            case "DS" -> {
                var diseases = form.all("diseases").stream()
                        .filter(code -> Diseases.all().of(code).isPresent())
                        .collect(Collectors.toSet());
                if (diseases.isEmpty()) {
                    complaints.about("diseases", "research.diseases.missing");
                }
                yield Optional.of(new Term(Duo.DS.id(), diseases));
            }
            default -> {
                complaints.about("permission", "research.permission.missing");
                yield Optional.empty();
            }
        };
    }

    private boolean chosen(Duo duo) {
        return form.has("modifiers", duo.name());
    }

    private Term named(Duo duo) {
        var names = AskingForm.names(form.text(duo.name()));
        boolean fits = duo == Duo.TS
                ? names.size() == 1 && form.text(duo.name()).matches("[1-9][0-9]{0,2}")
                : !names.isEmpty();
        if (!fits) {
            complaints.about(duo.name(), duo == Duo.TS ? "asking.months.wrong" : "research.name.missing");
        }
        return new Term(duo.id(), names);
    }

    private Set<String> day() {
        try {
            var day = form.day("MOR");
            if (day.isPresent()) {
                return Set.of(day.get().toString());
            }
        } catch (DateTimeException e) {
            // said below
        }
        complaints.about("MOR", "day.none");
        return Set.of();
    }
}
