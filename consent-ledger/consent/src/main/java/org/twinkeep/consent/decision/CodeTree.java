package org.twinkeep.consent.decision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/** A fixed hierarchy of codes, numbered from 0 in the order written: {@code A(B C(D)) E}. */
final class CodeTree {

    static final int NO_PARENT = -1;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Integer> parents = new ArrayList<>();

    CodeTree(String written) {
        var above = new ArrayDeque<Integer>();
        int last = NO_PARENT;
        for (var tokens = new StringTokenizer(written, " \n()", true); tokens.hasMoreTokens(); ) {
            var token = tokens.nextToken();
            switch (token) {
                case "(" -> above.push(last);
                case ")" -> last = above.pop();
                case " ", "\n" -> {}
                default -> {
                    last = parents.size();
                    parents.add(above.isEmpty() ? NO_PARENT : above.peek());
                    if (numbers.put(token, last) != null) {
                        throw new IllegalArgumentException("a code stands in the hierarchy once");
                    }
                }
            }
        }
    }

    Optional<Integer> number(String code) {
        return Optional.ofNullable(numbers.get(code));
    }

    int size() {
        return parents.size();
    }

    /** The number of the code above, or {@link #NO_PARENT}. */
    int parent(int number) {
        return parents.get(number);
    }
}
