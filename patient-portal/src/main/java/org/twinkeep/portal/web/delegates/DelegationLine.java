package org.twinkeep.portal.web.delegates;

import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.portal.delegates.Delegates;

/** A delegation as a page shows it, at this moment. */
public record DelegationLine(Delegation delegation, Delegation.Standing standing, boolean reviewOverdue) {

    static DelegationLine of(Delegation delegation, Delegates delegates) {
        var now = delegates.now();
        return new DelegationLine(
                delegation,
                delegation.standingAt(now, delegates.ages()),
                delegation.isReviewOverdue(now, delegates.ages()));
    }

    /** Whether it can still be changed or ended. */
    public boolean open() {
        return switch (standing) {
            case UNCONFIRMED, IN_ADVANCE, NOT_YET, LIVE -> true;
            case REFUSED, ENDED, EXPIRED, OF_AGE -> false;
        };
    }

    public boolean live() {
        return standing == Delegation.Standing.LIVE;
    }

    /** Whether its start can be asked for. */
    public boolean inAdvance() {
        return standing == Delegation.Standing.IN_ADVANCE;
    }

    /** Whether the patient chose this delegate, and so may change what is given. */
    public boolean chosen() {
        return !delegation.appointment().authority().kind().byDocument();
    }

    @Override
    public String toString() {
        return "DelegationLine";
    }
}
