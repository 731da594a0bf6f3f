package org.twinkeep.portal.requests;

import java.util.ArrayList;
import java.util.List;
import org.twinkeep.consent.research.Aim;
import org.twinkeep.consent.research.Duo;
import org.twinkeep.consent.research.Question;
import org.twinkeep.consent.research.ResearchRequest;

/** The terms of the Data Use Ontology that a researcher's answers amount to, in the ontology's order. */
public final class ResearchCodes {
    private ResearchCodes() {}

    public static List<Duo> of(ResearchRequest request) {
        var codes = new ArrayList<Duo>();
        boolean biomedical = request.aims().contains(Aim.BIOMEDICAL);
        boolean diseases = isNamed(request, Question.DISEASES);
        add(codes, Duo.HMB, biomedical && !diseases);
        add(codes, Duo.DS, biomedical && diseases);
        add(codes, Duo.POA, request.aims().contains(Aim.ANCESTRY));
        add(codes, Duo.RS, isNamed(request, Question.RESEARCH_TYPES));
        add(codes, Duo.GSO, isSaid(request, Question.GENETIC));
        add(codes, Duo.PUB, isSaid(request, Question.PUBLISHES));
        add(codes, Duo.COL, isSaid(request, Question.COLLABORATES));
        add(codes, Duo.IRB, isSaid(request, Question.ETHICS_APPROVAL));
        add(codes, Duo.GS, isNamed(request, Question.REGIONS));
        add(codes, Duo.MOR, request.publishesFrom() != null);
        add(codes, Duo.TS, request.months() != null);
        add(codes, Duo.US, isNamed(request, Question.USERS));
        add(codes, Duo.PS, isNamed(request, Question.PROJECTS));
        add(codes, Duo.IS, isNamed(request, Question.INSTITUTIONS));
        add(codes, Duo.RTN, isSaid(request, Question.RETURNS));
        add(
                codes,
                Duo.GRU,
                request.aims().contains(Aim.METHODS) || request.aims().contains(Aim.OTHER_RESEARCH));
        add(codes, Duo.CC, request.aims().contains(Aim.CLINICAL_CARE));
        add(codes, Duo.NPU, isSaid(request, Question.NOT_FOR_PROFIT_ORGANISATION));
        add(codes, Duo.NCU, isSaid(request, Question.NON_COMMERCIAL_USE));
        return List.copyOf(codes);
    }

    private static void add(List<Duo> codes, Duo code, boolean fits) {
        if (fits) {
            codes.add(code);
        }
    }

    private static boolean isSaid(ResearchRequest request, Question question) {
        return request.says().getOrDefault(question, false);
    }

    private static boolean isNamed(ResearchRequest request, Question question) {
        return request.names().containsKey(question);
    }
}
