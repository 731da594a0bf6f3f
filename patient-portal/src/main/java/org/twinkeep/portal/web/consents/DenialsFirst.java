package org.twinkeep.portal.web.consents;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.Terms;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.portal.web.NotShown;
import org.twinkeep.portal.web.consents.DenialInTheWay.InTheWay;
import org.twinkeep.projections.reading.Beside;
import org.twinkeep.projections.reading.Door;

/** Nothing that an older denial would close is granted before the patient has read so and chosen. */
@Component
final class DenialsFirst {
    private final Consents consents;
    private final Accounts accounts;
    private final Door door;

    DenialsFirst(Consents consents, Accounts accounts, Door door) {
        this.consents = consents;
        this.accounts = accounts;
        this.door = door;
    }

    /**
     * What is to be stored, and how much of it opens.
     *
     * @param narrowed denials that then have to give way
     */
    record Settled(Terms terms, Outcome outcome, List<OtherConsent> narrowed) {}

    enum Outcome {
        WHOLE,
        LESS,
        NOTHING
    }

    /** @throws DenialInTheWay where the patient has to choose, and has not */
    Settled settle(Asker asker, Terms terms, Answer answer) {
        var twin = asker.twin();
        if (!mayBeDenied(twin)) {
            return new Settled(terms, Outcome.WHOLE, List.of());
        }
        var role = accounts.find(AccountId.of(terms.granteeId()))
                .map(account -> account.role().code())
                .orElse("");
        var beside = NotShown.orElseThrow(door.beside(asker.looker(), twin, terms, role))
                .what();
        if (beside.isWhole()) {
            return new Settled(terms, Outcome.WHOLE, List.of());
        }
        var denials = beside.closed().stream()
                .map(closed -> new InTheWay(other(twin, closed.by()), closed))
                .toList();
        boolean narrowable = asker.acting() == null
                && denials.stream()
                        .map(InTheWay::consent)
                        .allMatch(denial -> denial != null && denial.denial().isPresent());
        if (answer == Answer.KEEP) {
            return new Settled(terms, beside.isEmptied() ? Outcome.NOTHING : Outcome.LESS, List.of());
        }
        if (answer == Answer.NARROW_GRANT && isNarrower(beside, terms)) {
            return new Settled(narrowed(terms, beside), Outcome.WHOLE, List.of());
        }
        if (answer == Answer.NARROW_DENIAL && narrowable) {
            return new Settled(
                    terms,
                    Outcome.WHOLE,
                    denials.stream()
                            .map(each -> Objects.requireNonNull(each.consent()))
                            .toList());
        }
        throw new DenialInTheWay(terms, beside, denials, narrowable);
    }

    /** Whether leaving out what is closed leaves something, and less than was to be granted. */
    static boolean isNarrower(Beside beside, Terms terms) {
        return !beside.open().isEmpty() && !beside.open().containsAll(terms.chapters());
    }

    private static Terms narrowed(Terms terms, Beside beside) {
        return new Terms(
                terms.granteeId(),
                terms.granteeName(),
                terms.organisation(),
                terms.purpose(),
                beside.open(),
                terms.dataPeriod(),
                terms.includesLater(),
                terms.term());
    }

    /** What is of our own shape only grants; where nothing else is live, nothing is asked and no entry is looked at. */
    private boolean mayBeDenied(TwinId twin) {
        var live = consents.live(twin);
        var granting = consents.of(twin).stream().map(Consent::handle).collect(Collectors.toSet());
        for (int number = 0; number < live.rules().count(); number++) {
            if (!granting.contains(live.handles().get(number))) {
                return true;
            }
        }
        return false;
    }

    private @Nullable OtherConsent other(TwinId twin, ConsentHandle handle) {
        return consents.others(twin).stream()
                .filter(each -> each.handle().equals(handle))
                .findFirst()
                .orElse(null);
    }
}
