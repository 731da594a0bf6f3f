package org.twinkeep.portal.emergency;

import java.util.List;
import java.util.function.Function;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.consent.emergency.EmergencyNews;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notice.Word;
import org.twinkeep.portal.notices.Notices;

/**
 * Tells of emergencies by notices in the portal: the patient, whoever acts for them and may see who looked, those who
 * review, and whoever broke the glass.
 */
public final class ToldOfEmergencies implements EmergencyNews {
    private final Notices notices;
    private final Accounts accounts;
    private final Function<TwinId, List<ActingFor>> acting;

    /** Somebody who acts for a patient, now. */
    public record ActingFor(AccountId account, String patient) {
        @Override
        public String toString() {
            return "ActingFor " + account;
        }
    }

    /** @param acting who acts for this patient now and may see who looked */
    public ToldOfEmergencies(Notices notices, Accounts accounts, Function<TwinId, List<ActingFor>> acting) {
        this.notices = notices;
        this.accounts = accounts;
        this.acting = acting;
    }

    @Override
    public void broken(TwinId twin, Emergency emergency) {
        var by = emergency.by();
        notices.tell(twin, once(emergency, Kind.GLASS_BROKEN, "/emergencies", who(by), Word.moment(emergency.end())));
        delegates(twin, emergency, Kind.GLASS_BROKEN_OF);
        auditors(twin, emergency, Kind.GLASS_TO_REVIEW, who(by), Word.moment(emergency.reviewDue()));
    }

    @Override
    public void reviewed(TwinId twin, Emergency emergency) {
        var kind = emergency
                .outcome()
                .map(review -> switch (review.outcome()) {
                    case JUSTIFIED -> Kind.GLASS_JUSTIFIED;
                    case NOT_JUSTIFIED -> Kind.GLASS_NOT_JUSTIFIED;
                })
                .orElseThrow();
        notices.tell(twin, once(emergency, kind, "/emergencies", who(emergency.by())));
        delegates(twin, emergency, Kind.GLASS_REVIEWED_OF);
        notices.tell(
                AccountId.of(emergency.by().id()),
                once(
                                emergency,
                                Kind.GLASS_REVIEWED,
                                "/emergency",
                                Word.moment(emergency.broken().at()))
                        .about(twin));
    }

    @Override
    public void overdue(TwinId twin, Emergency emergency) {
        notices.tell(twin, once(emergency, Kind.GLASS_UNREVIEWED, "/emergencies", who(emergency.by())));
        auditors(
                twin,
                emergency,
                Kind.GLASS_OVERDUE,
                who(emergency.by()),
                Word.moment(emergency.broken().at()));
    }

    private void delegates(TwinId twin, Emergency emergency, Kind kind) {
        for (var delegate : acting.apply(twin)) {
            notices.tell(
                    delegate.account(),
                    once(emergency, kind, "/people", who(emergency.by()), Word.text(delegate.patient()))
                            .about(twin));
        }
    }

    private void auditors(TwinId twin, Emergency emergency, Kind kind, Word... words) {
        accounts.all().stream()
                .filter(account -> account.role() == Role.AUDITOR && account.state() == Account.State.OPEN)
                .forEach(auditor -> notices.tell(
                        auditor.id(),
                        once(emergency, kind, "/reviews/" + emergency.handle().value(), words)
                                .about(twin)));
    }

    private static Notice once(Emergency emergency, Kind kind, String link, Word... words) {
        return Notice.of(kind, link, words).once(emergency.handle().value());
    }

    private static Word who(Looker by) {
        return Word.text(by.organisation().isEmpty() ? by.name() : by.name() + ", " + by.organisation());
    }
}
