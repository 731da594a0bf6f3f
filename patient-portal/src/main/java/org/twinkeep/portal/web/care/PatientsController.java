package org.twinkeep.portal.web.care;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Terms;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.consents.Sharing;

/** The clinician's patients: those with a live grant, and nobody else. There is nothing to search. */
@Controller
class PatientsController {
    private final Accounts accounts;
    private final Sharing sharing;
    private final Clock clock;

    PatientsController(Accounts accounts, Sharing sharing, Clock clock) {
        this.accounts = accounts;
        this.sharing = sharing;
        this.clock = clock;
    }

    /** @param terms what is granted now */
    public record Patient(
            TwinId twin, String name, @Nullable String birthDate, List<Terms> terms) {
        @Override
        public String toString() {
            return "Patient";
        }
    }

    @GetMapping("/patients")
    String patients(Asker asker, Model model) {
        var patients = new LinkedHashMap<TwinId, Patient>();
        for (var grant : accounts.grantsTo(asker.account().id())) {
            sharing.of(grant.twin()).stream()
                    .filter(consent -> consent.handle().equals(grant.handle()) && open(consent))
                    .forEach(consent -> patients.computeIfAbsent(grant.twin(), twin -> of(twin, grant))
                            .terms()
                            .add(consent.terms()));
        }
        model.addAttribute(
                "patients",
                patients.values().stream()
                        .sorted(Comparator.comparing(Patient::name))
                        .toList());
        return "care/patients";
    }

    private static Patient of(TwinId twin, Grant grant) {
        return new Patient(twin, grant.patient(), grant.birthDate(), new ArrayList<>());
    }

    /** Live and begun: a grant that starts tomorrow opens nothing today. */
    private boolean open(Consent consent) {
        var from = consent.terms().term().from();
        return Sharing.live(consent)
                && (from == null
                        || !clock.instant()
                                .isBefore(
                                        from.atStartOfDay(consent.terms().term().zone())
                                                .toInstant()));
    }
}
