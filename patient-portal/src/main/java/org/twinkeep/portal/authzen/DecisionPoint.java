package org.twinkeep.portal.authzen;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Who decides what AuthZEN asks. Whatever it answers is in the trail first; a failure is thrown, and nothing answered. */
public interface DecisionPoint {

    Decision evaluate(Question question);

    /** Denies one question of a batch that says too little to be one; it has its leaf as well. */
    void denyUnread();

    Found search(Sought sought, Question question);

    /** @param context what may be told with it */
    record Decision(boolean permitted, Map<String, Object> context) {}

    /** What is searched for: its part of the question has no id. */
    enum Sought {
        SUBJECT,
        RESOURCE,
        ACTION
    }

    /** @param type of a subject or resource; of an action: empty @param id or an action's name */
    record Named(String type, String id) {}

    /**
     * Everything that is permitted, in an order that stays.
     *
     * @param beforeNaming takes what an answer is about to name, maybe nothing: a leaf for each twin
     */
    record Found(List<Named> all, Consumer<List<Named>> beforeNaming) {}
}
