package org.twinkeep.consent.research;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request for biomedical research that states nothing else. */
final class ARequest {
    /** A few diseases; "unheard of" is not among them. */
    static final DiseaseTree TREE = new DiseaseTree(Map.of(
            "disease", Set.of(),
            "cancer", Set.of("disease"),
            "lung disease", Set.of("disease"),
            "lung cancer", Set.of("cancer", "lung disease"),
            "small cell lung cancer", Set.of("lung cancer"),
            "asthma", Set.of("lung disease")));

    private Set<Aim> aims = Set.of(Aim.BIOMEDICAL);
    private final Map<Question, Boolean> says = new EnumMap<>(Question.class);
    private final Map<Question, Set<String>> names = new EnumMap<>(Question.class);
    private @Nullable LocalDate publishesFrom;
    private @Nullable Integer months;
    private final Map<Duo, Boolean> committee = new EnumMap<>(Duo.class);

    static ARequest aRequest() {
        return new ARequest();
    }

    ARequest aims(Aim... all) {
        var set = EnumSet.noneOf(Aim.class);
        set.addAll(List.of(all));
        aims = set;
        return this;
    }

    ARequest says(Question question, boolean answer) {
        says.put(question, answer);
        return this;
    }

    ARequest names(Question question, String... answers) {
        names.put(question, Set.of(answers));
        return this;
    }

    ARequest publishesFrom(String day) {
        publishesFrom = LocalDate.parse(day);
        return this;
    }

    ARequest months(int number) {
        months = number;
        return this;
    }

    ARequest found(Duo duo, boolean within) {
        committee.put(duo, within);
        return this;
    }

    ResearchRequest build() {
        return new ResearchRequest(aims, says, names, publishesFrom, months, committee);
    }
}
