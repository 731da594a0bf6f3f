package org.twinkeep.consent.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.consent.research.ARequest.TREE;
import static org.twinkeep.consent.research.ARequest.aRequest;
import static org.twinkeep.consent.research.Outcome.ABSTAIN;
import static org.twinkeep.consent.research.Outcome.APPROVE;
import static org.twinkeep.consent.research.Outcome.DENY;
import static org.twinkeep.consent.research.Question.COLLABORATES;
import static org.twinkeep.consent.research.Question.DISEASES;
import static org.twinkeep.consent.research.Question.ETHICS_APPROVAL;
import static org.twinkeep.consent.research.Question.GENETIC;
import static org.twinkeep.consent.research.Question.INSTITUTIONS;
import static org.twinkeep.consent.research.Question.NON_COMMERCIAL_USE;
import static org.twinkeep.consent.research.Question.NOT_FOR_PROFIT_ORGANISATION;
import static org.twinkeep.consent.research.Question.PROJECTS;
import static org.twinkeep.consent.research.Question.PUBLISHES;
import static org.twinkeep.consent.research.Question.REGIONS;
import static org.twinkeep.consent.research.Question.RESEARCH_TYPES;
import static org.twinkeep.consent.research.Question.RETURNS;
import static org.twinkeep.consent.research.Question.USERS;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.consent.research.DataUse.Term;

/**
 * Each term with cases whose answers follow from its definition in {@code duo.csv} (quoted in part above them). A modifier
 * is asked beside "general research use".
 */
class DuoTableTest {

    /** The ids and shorthands of {@code duo.csv}. */
    private static final List<String> CSV = List.of(
            "DUO:0000001 ",
            "DUO:0000004 NRES",
            "DUO:0000006 HMB",
            "DUO:0000007 DS",
            "DUO:0000011 POA",
            "DUO:0000012 RS",
            "DUO:0000015 NMDS",
            "DUO:0000016 GSO",
            "DUO:0000017 ",
            "DUO:0000018 NPUNCU",
            "DUO:0000019 PUB",
            "DUO:0000020 COL",
            "DUO:0000021 IRB",
            "DUO:0000022 GS",
            "DUO:0000024 MOR",
            "DUO:0000025 TS",
            "DUO:0000026 US",
            "DUO:0000027 PS",
            "DUO:0000028 IS",
            "DUO:0000029 RTN",
            "DUO:0000042 GRU",
            "DUO:0000043 CC",
            "DUO:0000044 NPOA",
            "DUO:0000045 NPU",
            "DUO:0000046 NCU");

    /** @param duo the term that the row is about; the first of the data use */
    record Row(Duo duo, String because, DataUse dataUse, ResearchRequest request, Outcome expected) {
        @Override
        public String toString() {
            return duo + ": " + because + ": " + expected;
        }
    }

    static List<Row> rows() {
        return List.of(
                // "used to indicate consent permissions for datasets": no permission in particular
                alone(Duo.DATA_USE_PERMISSION, "which permission is not said", aRequest(), ABSTAIN),
                alone(
                        Duo.DATA_USE_PERMISSION,
                        "a committee read it and found the request within it",
                        aRequest().found(Duo.DATA_USE_PERMISSION, true),
                        APPROVE),
                alone(
                        Duo.DATA_USE_PERMISSION,
                        "a committee found it outside",
                        aRequest().found(Duo.DATA_USE_PERMISSION, false),
                        DENY),
                // "there is no restriction on use"
                alone(Duo.NRES, "no restriction", aRequest().aims(Aim.NO_RESEARCH), APPROVE),
                alone(Duo.NRES, "whatever it is for, stated or not", aRequest().aims(), APPROVE),
                row(
                        Duo.NRES,
                        "a restriction beside it contradicts it",
                        DataUse.of(Term.of(Duo.NRES), Term.of(Duo.NCU)),
                        aRequest().says(NON_COMMERCIAL_USE, true),
                        ABSTAIN),
                row(
                        Duo.NRES,
                        "that care is allowed too does not contradict it",
                        DataUse.of(Term.of(Duo.NRES), Term.of(Duo.CC)),
                        aRequest().aims(Aim.CLINICAL_CARE),
                        APPROVE),
                // "general research use for any research purpose"
                alone(Duo.GRU, "biomedical research", aRequest(), APPROVE),
                alone(
                        Duo.GRU,
                        "any research",
                        aRequest().aims(Aim.BIOMEDICAL, Aim.ANCESTRY, Aim.METHODS, Aim.OTHER_RESEARCH),
                        APPROVE),
                alone(Duo.GRU, "no research", aRequest().aims(Aim.BIOMEDICAL, Aim.NO_RESEARCH), DENY),
                alone(Duo.GRU, "the aim is not stated", aRequest().aims(), ABSTAIN),
                alone(Duo.GRU, "of care it says nothing", aRequest().aims(Aim.CLINICAL_CARE), ABSTAIN),
                // "allowed for health/medical/biomedical purposes; does not include ... population origins or ancestry"
                alone(Duo.HMB, "biomedical research", aRequest(), APPROVE),
                alone(Duo.HMB, "methods for it", aRequest().aims(Aim.BIOMEDICAL, Aim.METHODS), APPROVE),
                alone(Duo.HMB, "ancestry is not included", aRequest().aims(Aim.BIOMEDICAL, Aim.ANCESTRY), DENY),
                alone(Duo.HMB, "another field", aRequest().aims(Aim.OTHER_RESEARCH), DENY),
                alone(Duo.HMB, "methods alone", aRequest().aims(Aim.METHODS), ABSTAIN),
                alone(Duo.HMB, "the aim is not stated", aRequest().aims(), ABSTAIN),
                // "allowed provided it is related to the specified disease"
                ds("the disease", aRequest().names(DISEASES, "lung cancer"), APPROVE),
                ds("a disease under it", aRequest().names(DISEASES, "small cell lung cancer"), APPROVE),
                ds("the disease above is more", aRequest().names(DISEASES, "cancer"), DENY),
                ds("another disease", aRequest().names(DISEASES, "asthma"), DENY),
                ds("one of two is another", aRequest().names(DISEASES, "lung cancer", "asthma"), DENY),
                ds("a disease that nobody knows", aRequest().names(DISEASES, "unheard of"), ABSTAIN),
                ds("the disease is not stated", aRequest(), ABSTAIN),
                ds("ancestry", aRequest().aims(Aim.ANCESTRY).names(DISEASES, "lung cancer"), DENY),
                alone(Duo.DS, "which disease is not said", aRequest().names(DISEASES, "lung cancer"), ABSTAIN),
                // "limited to the study of population origins or ancestry"
                alone(Duo.POA, "ancestry", aRequest().aims(Aim.ANCESTRY), APPROVE),
                alone(Duo.POA, "and something else", aRequest().aims(Aim.ANCESTRY, Aim.BIOMEDICAL), DENY),
                alone(Duo.POA, "the aim is not stated", aRequest().aims(), ABSTAIN),
                // "limited to studies of a certain research type"
                beside(Duo.RS, "the type", aRequest().names(RESEARCH_TYPES, "DUO:0000039"), APPROVE, "DUO:0000039"),
                beside(Duo.RS, "another type", aRequest().names(RESEARCH_TYPES, "DUO:0000034"), DENY, "DUO:0000039"),
                beside(Duo.RS, "not stated", aRequest(), ABSTAIN, "DUO:0000039"),
                beside(Duo.RS, "which type is not said", aRequest().names(RESEARCH_TYPES, "DUO:0000039"), ABSTAIN),
                // "does not allow methods development research"
                beside(Duo.NMDS, "no methods", aRequest(), APPROVE),
                beside(Duo.NMDS, "methods", aRequest().aims(Aim.BIOMEDICAL, Aim.METHODS), DENY),
                beside(Duo.NMDS, "the aim is not stated", aRequest().aims(), ABSTAIN),
                // "genotype research alone or both genotype and phenotype research, but not phenotype ... exclusively"
                beside(Duo.GSO, "genotypes", aRequest().says(GENETIC, true), APPROVE),
                beside(Duo.GSO, "phenotypes exclusively", aRequest().says(GENETIC, false), DENY),
                beside(Duo.GSO, "not stated", aRequest(), ABSTAIN),
                // "additional conditions for use": no condition in particular
                beside(Duo.DATA_USE_MODIFIER, "which condition is not said", aRequest(), ABSTAIN),
                beside(
                        Duo.DATA_USE_MODIFIER,
                        "a committee found it met",
                        aRequest().found(Duo.DATA_USE_MODIFIER, true),
                        APPROVE),
                beside(
                        Duo.DATA_USE_MODIFIER,
                        "a committee found it not met",
                        aRequest().found(Duo.DATA_USE_MODIFIER, false),
                        DENY),
                // "limited to not-for-profit organizations and not-for-profit use, non-commercial use"
                beside(
                        Duo.NPUNCU,
                        "both",
                        aRequest().says(NOT_FOR_PROFIT_ORGANISATION, true).says(NON_COMMERCIAL_USE, true),
                        APPROVE),
                beside(
                        Duo.NPUNCU,
                        "a company",
                        aRequest().says(NOT_FOR_PROFIT_ORGANISATION, false).says(NON_COMMERCIAL_USE, true),
                        DENY),
                beside(
                        Duo.NPUNCU,
                        "a commercial use",
                        aRequest().says(NOT_FOR_PROFIT_ORGANISATION, true).says(NON_COMMERCIAL_USE, false),
                        DENY),
                beside(Duo.NPUNCU, "one not stated", aRequest().says(NOT_FOR_PROFIT_ORGANISATION, true), ABSTAIN),
                beside(Duo.NPUNCU, "one refused, one not stated", aRequest().says(NON_COMMERCIAL_USE, false), DENY),
                // "limited to not-for-profit organizations"
                beside(
                        Duo.NPU,
                        "its use may be commercial",
                        aRequest().says(NOT_FOR_PROFIT_ORGANISATION, true).says(NON_COMMERCIAL_USE, false),
                        APPROVE),
                beside(Duo.NPU, "a company", aRequest().says(NOT_FOR_PROFIT_ORGANISATION, false), DENY),
                beside(Duo.NPU, "not stated", aRequest(), ABSTAIN),
                // "limited to not-for-profit use"
                beside(
                        Duo.NCU,
                        "by a company, not commercially",
                        aRequest().says(NOT_FOR_PROFIT_ORGANISATION, false).says(NON_COMMERCIAL_USE, true),
                        APPROVE),
                beside(Duo.NCU, "a commercial use", aRequest().says(NON_COMMERCIAL_USE, false), DENY),
                beside(Duo.NCU, "not stated", aRequest(), ABSTAIN),
                // "requestor agrees to make results ... available to the larger scientific community"
                beside(Duo.PUB, "agreed", aRequest().says(PUBLISHES, true), APPROVE),
                beside(Duo.PUB, "refused", aRequest().says(PUBLISHES, false), DENY),
                beside(Duo.PUB, "not stated", aRequest(), ABSTAIN),
                // "must agree to collaboration with the primary study investigator(s)"
                beside(Duo.COL, "agreed", aRequest().says(COLLABORATES, true), APPROVE),
                beside(Duo.COL, "refused", aRequest().says(COLLABORATES, false), DENY),
                beside(Duo.COL, "not stated", aRequest(), ABSTAIN),
                // "must provide documentation of local IRB/ERB approval"
                beside(Duo.IRB, "documented", aRequest().says(ETHICS_APPROVAL, true), APPROVE),
                beside(Duo.IRB, "not documented", aRequest().says(ETHICS_APPROVAL, false), DENY),
                beside(Duo.IRB, "not stated", aRequest(), ABSTAIN),
                // "limited to within a specific geographic region"
                beside(Duo.GS, "within", aRequest().names(REGIONS, "DE"), APPROVE, "DE", "FR"),
                beside(Duo.GS, "in part outside", aRequest().names(REGIONS, "DE", "US"), DENY, "DE", "FR"),
                beside(Duo.GS, "not stated", aRequest(), ABSTAIN, "DE"),
                // "agrees not to publish results of studies until a specific date"
                beside(Duo.MOR, "on that day", aRequest().publishesFrom("2027-01-31"), APPROVE, "2027-01-31"),
                beside(Duo.MOR, "the day before", aRequest().publishesFrom("2027-01-30"), DENY, "2027-01-31"),
                beside(Duo.MOR, "not stated", aRequest(), ABSTAIN, "2027-01-31"),
                beside(Duo.MOR, "no such day", aRequest().publishesFrom("2027-01-31"), ABSTAIN, "2027-02-31"),
                // "approved for a specific number of months"
                beside(Duo.TS, "as long", aRequest().months(12), APPROVE, "12"),
                beside(Duo.TS, "a month longer", aRequest().months(13), DENY, "12"),
                beside(Duo.TS, "not stated", aRequest(), ABSTAIN, "12"),
                beside(Duo.TS, "no number of months", aRequest().months(1), ABSTAIN, "a year"),
                // "limited to use by approved users"
                beside(Duo.US, "approved", aRequest().names(USERS, "elm"), APPROVE, "elm", "oak"),
                beside(Duo.US, "one is not approved", aRequest().names(USERS, "elm", "fir"), DENY, "elm", "oak"),
                beside(Duo.US, "not stated", aRequest(), ABSTAIN, "elm"),
                // "limited to use within an approved project"
                beside(Duo.PS, "approved", aRequest().names(PROJECTS, "breath"), APPROVE, "breath"),
                beside(Duo.PS, "another project", aRequest().names(PROJECTS, "heart"), DENY, "breath"),
                beside(Duo.PS, "which project is not said", aRequest().names(PROJECTS, "heart"), ABSTAIN),
                // "limited to use within an approved institution"
                beside(Duo.IS, "approved", aRequest().names(INSTITUTIONS, "Hill"), APPROVE, "Hill"),
                beside(Duo.IS, "another institution", aRequest().names(INSTITUTIONS, "Dale"), DENY, "Hill"),
                beside(Duo.IS, "not stated", aRequest(), ABSTAIN, "Hill"),
                // "must return derived/enriched data to the database/resource"
                beside(Duo.RTN, "agreed", aRequest().says(RETURNS, true), APPROVE),
                beside(Duo.RTN, "refused", aRequest().says(RETURNS, false), DENY),
                beside(Duo.RTN, "not stated", aRequest(), ABSTAIN),
                // "use is allowed for clinical use and care"
                beside(Duo.CC, "care", aRequest().aims(Aim.CLINICAL_CARE), APPROVE),
                beside(Duo.CC, "research and care", aRequest().aims(Aim.BIOMEDICAL, Aim.CLINICAL_CARE), APPROVE),
                beside(Duo.CC, "neither research nor care", aRequest().aims(Aim.CLINICAL_CARE, Aim.NO_RESEARCH), DENY),
                beside(Duo.CC, "the aim is not stated", aRequest().aims(), ABSTAIN),
                row(
                        Duo.CC,
                        "care does not widen what is limited to ancestry",
                        DataUse.of(Term.of(Duo.CC), Term.of(Duo.POA)),
                        aRequest().aims(Aim.CLINICAL_CARE),
                        DENY),
                // "use for purposes of population, origin, or ancestry research is prohibited"
                beside(Duo.NPOA, "no ancestry", aRequest(), APPROVE),
                beside(Duo.NPOA, "ancestry", aRequest().aims(Aim.BIOMEDICAL, Aim.ANCESTRY), DENY),
                beside(Duo.NPOA, "the aim is not stated", aRequest().aims(), ABSTAIN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void the_answer_is_that_of_the_definition(Row row) {
        var match = Matching.match(row.dataUse(), row.request(), TREE);

        assertThat(match.outcome()).isEqualTo(row.expected());
        assertThat(match.rationale())
                .as("a reason for each term, and one of the whole strictness")
                .hasSize(row.dataUse().terms().size())
                .anyMatch(reason -> reason.outcome() == row.expected());
    }

    @Test
    void the_terms_are_those_of_the_ontology() {
        assertThat(Arrays.stream(Duo.values()).map(duo -> duo.id() + " " + duo.shorthand()))
                .containsExactlyInAnyOrderElementsOf(CSV);
    }

    @Test
    void each_of_the_25_has_an_approving_and_a_refusing_or_abstaining_case() {
        var approved = EnumSet.noneOf(Duo.class);
        var not = EnumSet.noneOf(Duo.class);
        rows().forEach(row -> (row.expected() == APPROVE ? approved : not).add(row.duo()));

        assertThat(approved).hasSize(25);
        assertThat(not).hasSize(25);
    }

    private static Row ds(String because, ARequest request, Outcome expected) {
        return row(Duo.DS, because, DataUse.of(Term.of(Duo.DS, "lung cancer")), request, expected);
    }

    private static Row alone(Duo duo, String because, ARequest request, Outcome expected) {
        return row(duo, because, DataUse.of(Term.of(duo)), request, expected);
    }

    private static Row beside(Duo duo, String because, ARequest request, Outcome expected, String... values) {
        return row(duo, because, DataUse.of(Term.of(duo, values), Term.of(Duo.GRU)), request, expected);
    }

    private static Row row(Duo duo, String because, DataUse dataUse, ARequest request, Outcome expected) {
        return new Row(duo, because, dataUse, request.build(), expected);
    }
}
