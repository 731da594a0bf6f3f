package org.twinkeep.consent.decision;

import java.util.ArrayList;
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
    private Decisions() {}

    /** May this be done to this item? */
    public static Decision decide(CompiledConsents consents, Ask ask, Item item, Implicit implicit) {
        var question = new Question(consents.vocabulary(), ask, item);
        var impossible = impossible(question);
        if (impossible != null) {
            return new Decision(Answer.DENY, false, implicit, List.of(new Because.OfQuestion(impossible)), Set.of());
        }
        var outcomes = new int[consents.count()];
        var strongest = Outcome.NONE;
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = outcome(consents, i, question);
            var outcome = Outcome.of(outcomes[i]);
            strongest = outcome.overrides(strongest) ? outcome : strongest;
        }
        var answer = answer(strongest);
        boolean visible = answer == Answer.PERMIT
                || (answer == Answer.NO_CONSENT && implicit.permits(ask, question.purpose(), question.labels));
        return new Decision(answer, visible, implicit, because(consents, outcomes, strongest), Set.of());
    }

    /** How many provisions and values a decision looks at. */
    static long steps(CompiledConsents consents, Ask ask, Item item) {
        var question = new Question(consents.vocabulary(), ask, item);
        long steps = 0;
        for (int i = 0; i < consents.count(); i++) {
            if (consents.speaks(i)) {
                var evaluation = new Evaluation(consents.numbers, consents.starts[i], question);
                evaluation.outcome();
                steps += evaluation.steps();
            }
        }
        return steps;
    }

    private static int outcome(CompiledConsents consents, int number, Question question) {
        return consents.speaks(number)
                ? new Evaluation(consents.numbers, consents.starts[number], question).outcome()
                : Outcome.NONE.at(0);
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

    private static List<Because> because(CompiledConsents consents, int[] outcomes, Outcome strongest) {
        if (strongest == Outcome.NONE) {
            return List.of();
        }
        var because = new ArrayList<Because>();
        for (int i = 0; i < outcomes.length; i++) {
            if (Outcome.of(outcomes[i]) == strongest) {
                because.add(new Because.OfConsent(i, strongest, consents.path(i, Outcome.place(outcomes[i]))));
            }
        }
        return because;
    }
}
