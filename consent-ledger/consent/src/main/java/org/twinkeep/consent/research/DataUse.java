package org.twinkeep.consent.research;

import java.util.List;
import java.util.Set;

/** What a patient allows researchers: terms of the Data Use Ontology, in any order. It may tell a disease: it stays silent. */
public record DataUse(List<Term> terms) {

    /**
     * One term.
     *
     * @param code as written, such as {@code DUO:0000007}; what is no term of the ontology is never approved
     * @param values what the term needs beside it: diseases of DS, types of RS, regions of GS, users of US, projects of PS,
     *     institutions of IS, the months of TS, the day of MOR as {@code 2027-01-31}
     */
    public record Term(String code, Set<String> values) {
        public Term {
            values = Set.copyOf(values);
        }

        public static Term of(Duo duo, String... values) {
            return new Term(duo.id(), Set.of(values));
        }

        @Override
        public String toString() {
            return "Term";
        }
    }

    public DataUse {
        terms = List.copyOf(terms);
    }

    public static DataUse of(Term... terms) {
        return new DataUse(List.of(terms));
    }

    boolean has(Duo duo) {
        return terms.stream().anyMatch(term -> term.code().equals(duo.id()));
    }

    @Override
    public String toString() {
        return "DataUse";
    }
}
