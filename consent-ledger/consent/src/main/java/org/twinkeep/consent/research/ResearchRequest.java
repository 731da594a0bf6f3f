package org.twinkeep.consent.research;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a researcher states. A question that has no answer here is not answered: it leads to no approval where it matters.
 *
 * @param aims all of them; empty when not stated
 * @param says answers with yes or no
 * @param names answers with codes or names: all diseases, regions, users and so on
 * @param publishesFrom the first day on which results may appear; null when not stated
 * @param months how long the data is used; null when not stated
 * @param committee whether a data access committee found the request within a term that says nothing by itself
 */
public record ResearchRequest(
        Set<Aim> aims,
        Map<Question, Boolean> says,
        Map<Question, Set<String>> names,
        @Nullable LocalDate publishesFrom,
        @Nullable Integer months,
        Map<Duo, Boolean> committee) {

    public ResearchRequest {
        aims = Set.copyOf(aims);
        says = Map.copyOf(says);
        names = Map.copyOf(names);
        committee = Map.copyOf(committee);
    }

    Optional<Boolean> says(Question question) {
        return Optional.ofNullable(says.get(question));
    }

    Set<String> names(Question question) {
        return names.getOrDefault(question, Set.of());
    }

    @Override
    public String toString() {
        return "ResearchRequest";
    }
}
