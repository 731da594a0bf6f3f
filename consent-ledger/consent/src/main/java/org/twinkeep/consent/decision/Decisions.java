package org.twinkeep.consent.decision;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.Decision.Answer;
import org.twinkeep.consent.decision.Decision.Because;

/**
 * Decides, purely: same consents, question and policy, same answer. Deny overrides, and what a consent says expressly goes
 * before what it says by default (docs/formats/consent-decision.md, 4.5).
 */
public final class Decisions {

    private static final Item ANY_ITEM = Item.of(Set.of(), null, null, null);

    private Decisions() {}

    /** May this be done to this item? */
    public static Decision decide(CompiledConsents consents, Ask ask, Item item, Implicit implicit) {
        var question = new Question(consents.vocabulary(), ask, item);
        var impossible = impossible(question);
        if (impossible != null) {
            return Decision.deniedBy(impossible, implicit);
        }
        var outcomes = new int[consents.count()];
        var strongest = Outcome.NONE;
        var evaluation = new Evaluation(consents, question);
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = evaluation.outcome(i);
            var outcome = Outcome.of(outcomes[i]);
            strongest = outcome.overrides(strongest) ? outcome : strongest;
        }
        var answer = answer(strongest);
        boolean visible = answer == Answer.PERMIT
                || (answer == Answer.NO_CONSENT && implicit.permits(ask, question.purpose(), question.labels));
        var because = strongest == Outcome.NONE ? List.<Because>of() : new Reasons(consents, outcomes, strongest);
        return new Decision(answer, visible, implicit, because, Set.of());
    }

    /** Whether some item may be permitted to this request: then each item has to be decided on. Not so: none is. */
    public static boolean mayPermit(CompiledConsents consents, Ask ask) {
        var question = new Question(consents.vocabulary(), ask, ANY_ITEM);
        if (!question.hasPurpose() || question.action < 0) {
            return false;
        }
        var evaluation = new Evaluation(consents, question);
        for (int i = 0; i < consents.count(); i++) {
            if (evaluation.mayPermit(i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether some consent denies every item to this request. Not so: each item has to be decided on. */
    public static boolean deniesAll(CompiledConsents consents, Ask ask) {
        var evaluation = new Evaluation(consents, new Question(consents.vocabulary(), ask, ANY_ITEM));
        for (int i = 0; i < consents.count(); i++) {
            if (evaluation.deniesAll(i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the policy may permit something to this request where no consent says anything. */
    static boolean mayPermitWithout(Ask ask, Implicit implicit) {
        return Purposes.asked(ask.purpose())
                .filter(purpose -> implicit.permits(ask, purpose, Labels.of(Set.of())))
                .isPresent();
    }

    /** How many provisions and values a decision looks at. */
    static long steps(CompiledConsents consents, Ask ask, Item item) {
        var evaluation = new Evaluation(consents, new Question(consents.vocabulary(), ask, item));
        for (int i = 0; i < consents.count(); i++) {
            evaluation.outcome(i);
        }
        return evaluation.steps();
    }

    private static @Nullable String impossible(Question question) {
        if (!question.hasPurpose()) {
            return "request.purpose";
        }
        if (question.action < 0) {
            return "request.action";
        }
        return question.isReadable() ? null : "item.start";
    }

    private static Answer answer(Outcome strongest) {
        return switch (strongest) {
            case DENY, WITHHELD -> Answer.DENY;
            case PERMIT, ALLOWED -> Answer.PERMIT;
            case NONE -> Answer.NO_CONSENT;
        };
    }
}
