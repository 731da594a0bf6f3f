package org.twinkeep.projections.clinic;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.crypto.Chapter;

/**
 * The security labels of one thing, or of all that leaves together (HL7 DS4P): how closely it is kept, and what kind of
 * sensitive information it is (codes of HL7 v3-ActCode), each with its bases. Labels are only ever added and raised.
 */
public record Labels(Confidentiality level, SortedMap<String, Set<Basis>> sensitivity) {

    /** Why something has a label. */
    public enum Basis {
        /** A code that it carries. */
        CODE,
        /** Words of its text. */
        WORDS,
        /** The source gave it. */
        SOURCE,
        /** The chapter that it stands in. */
        CHAPTER,
        /** It restates something of a sensitive chapter. */
        RESTATED,
        /** A note has the labels of its visit. */
        VISIT,
        /** The patient wants it kept closer. */
        PATIENT
    }

    public static final Labels NONE = new Labels(Confidentiality.N, Collections.emptySortedMap());

    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final Set<String> WITH_NOTICE = Set.of("ETH", "ETHUD", "OPIOIDUD", "SUD");
    private static final String BY_WISH_OF_THE_PATIENT = "PRS";

    public Labels {
        var copy = new TreeMap<String, Set<Basis>>();
        sensitivity.forEach((label, bases) -> copy.put(label, Collections.unmodifiableSet(EnumSet.copyOf(bases))));
        sensitivity = Collections.unmodifiableSortedMap(copy);
    }

    /** The high-water mark: of each the highest, of both all. */
    public Labels and(Labels other) {
        if (other.equals(NONE)) {
            return this;
        }
        var all = new TreeMap<String, Set<Basis>>();
        sensitivity.forEach((label, bases) -> all.put(label, EnumSet.copyOf(bases)));
        other.sensitivity.forEach((label, bases) ->
                all.computeIfAbsent(label, _ -> EnumSet.noneOf(Basis.class)).addAll(bases));
        return new Labels(level.orHigher(other.level), all);
    }

    /** The high-water mark over all that leaves together. */
    public static Labels over(Collection<Labels> all) {
        return all.stream().reduce(NONE, Labels::and);
    }

    /** The same, kept closer as the patient asks; nothing a patient says lowers a label. */
    public Labels keptCloser() {
        return and(LabelRules.labels(Set.of(BY_WISH_OF_THE_PATIENT), Basis.PATIENT));
    }

    /** The same labels, all for this reason. */
    Labels because(Basis basis) {
        var all = new TreeMap<String, Set<Basis>>();
        sensitivity.keySet().forEach(label -> all.put(label, EnumSet.of(basis)));
        return new Labels(level, all);
    }

    /**
     * The chapters that a consent must cover to reach a thing with these labels. What is restricted for a reason that is
     * not said may be restricted for any.
     */
    public Set<Chapter> chapters() {
        var chapters = EnumSet.noneOf(Chapter.class);
        sensitivity.keySet().forEach(label -> chapters.addAll(LabelRules.chaptersOf(label)));
        if (sensitivity.isEmpty()) {
            chapters.addAll(LabelRules.chaptersOf(level));
        }
        return chapters;
    }

    /** 42 CFR 2.32: records of treatment for substance use go with a notice that prohibits telling them on. */
    public boolean goWithANotice() {
        return sensitivity.keySet().stream().anyMatch(WITH_NOTICE::contains);
    }

    /** Whether nothing is said but that it is kept as all health data is, or less closely. */
    public boolean isNormal() {
        return sensitivity.isEmpty() && level.compareTo(Confidentiality.N) <= 0;
    }

    /** As codes: what a decision knows of the item. */
    public Set<Code> codes() {
        var codes = new LinkedHashSet<Code>();
        codes.add(new Code(CONFIDENTIALITY, level.name()));
        sensitivity.keySet().forEach(label -> codes.add(new Code(SENSITIVITY, label)));
        return codes;
    }

    static Labels of(Confidentiality level, Map<String, Basis> sensitivity) {
        var all = new TreeMap<String, Set<Basis>>();
        sensitivity.forEach((label, basis) -> all.put(label, EnumSet.of(basis)));
        return new Labels(level, all);
    }

    @Override
    public String toString() {
        return "Labels";
    }
}
