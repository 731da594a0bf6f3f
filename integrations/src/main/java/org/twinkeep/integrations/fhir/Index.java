package org.twinkeep.integrations.fhir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the first reading of a file leaves behind: who its patients are, which names stand for whose resources, and what occurs
 * twice. It holds numbers and fingerprints, not resources. Filled by one thread; then safe to ask for many.
 */
final class Index {
    /** Whose a resource is. */
    sealed interface Answer {
        /** One patient; several only where each one's entries refer to the same thing without a patient of its own. */
        record Of(List<Integer> patients) implements Answer {}

        record Nobody(String why) implements Answer {}
    }

    private static final int NOBODY = -1;
    private static final int SEVERAL = -2;
    private static final int TWICE = -3;
    private static final int ELSEWHERE = -4;
    private static final int NO_PERSON = -5;
    /** A resource that is here, and nobody's. */
    private static final long HERE = -1;
    /** Support number k, a resource that belongs to those who refer to it, is kept as FIRST_SUPPORT - k. */
    private static final long FIRST_SUPPORT = -2;

    private final Fingerprints names = new Fingerprints();
    private final Fingerprints contents = new Fingerprints();
    private final Set<Fingerprint> ambiguous = new HashSet<>();
    private final Set<Long> repeated = new HashSet<>();
    private final List<PatientHere> patients = new ArrayList<>();
    private final Map<Integer, String> localNames = new HashMap<>();
    private final Map<String, Integer> patientNames = new HashMap<>();
    private final Map<List<List<String>>, Integer> subjectNumbers = new HashMap<>();
    private final List<List<List<String>>> subjects = new ArrayList<>();
    private final List<List<Fingerprint>> supportNames = new ArrayList<>();
    private final Map<Fingerprint, Set<Long>> mentions = new HashMap<>();
    private final List<Set<Integer>> supportOwners = new ArrayList<>();
    private final Map<String, int[]> shapes = new TreeMap<>();
    private final Map<String, OtherVersions.Evidence> evidence = new HashMap<>();
    private final Set<String> servers = new HashSet<>();
    private OtherVersions.@Nullable Evidence declared;
    private int[] owners = new int[0];
    private Function<String, Optional<PatientHere>> elsewhere = _ -> Optional.empty();

    void add(long ordinal, Facts facts) {
        version(facts);
        long content = facts.content().high();
        long before = contents.get(facts.key());
        if (before != Fingerprints.NONE) {
            if (before == content) {
                repeated.add(ordinal);
            } else {
                ambiguous.add(facts.key());
                facts.names().forEach(name -> patientNames.computeIfPresent(name, (_, _) -> TWICE));
            }
            return;
        }
        contents.put(facts.key(), content == Fingerprints.NONE ? 0 : content);
        servers.add(facts.server());
        var patient = facts.patient();
        if (patient != null) {
            addPatient(facts, patient);
        } else {
            addOther(facts);
        }
    }

    private void addPatient(Facts facts, PatientHere patient) {
        int number = patients.size();
        patients.add(patient);
        localNames.put(number, facts.type() + "/" + facts.id());
        for (var name : facts.names()) {
            patientNames.merge(name, number, (_, _) -> TWICE);
        }
        for (var identifiers : List.of(patient.identity(), patient.numbersOfState())) {
            for (var each : identifiers) {
                patientNames.merge(
                        Reference.byIdentifier("Patient", each.system(), each.value()),
                        number,
                        (a, b) -> a.equals(b) ? a : TWICE);
            }
        }
        note(facts, HERE);
    }

    private void addOther(Facts facts) {
        var rule = facts.whose().rule();
        switch (rule) {
            case SHARED, ANSWER, TARGETS -> note(facts, HERE);
            case OWN, MAYBE, REFERRED -> {
                long code;
                if (rule == Whose.Rule.OWN || !facts.subjects().isEmpty()) {
                    code = subjectNumber(facts.subjects());
                } else {
                    code = FIRST_SUPPORT - supportNames.size();
                    supportNames.add(facts.names().stream().map(Fingerprint::of).toList());
                }
                note(facts, code);
                mention(facts, code);
            }
        }
    }

    private int subjectNumber(List<List<String>> subject) {
        return subjectNumbers.computeIfAbsent(subject, s -> {
            subjects.add(s);
            return subjects.size() - 1;
        });
    }

    private void note(Facts facts, long code) {
        for (var name : facts.names()) {
            var print = Fingerprint.of(name);
            long before = names.get(print);
            names.put(print, before == Fingerprints.NONE || before == code ? code : HERE);
        }
    }

    /** Notes what this resource refers to, where the other one may turn out to have no patient of its own. */
    private void mention(Facts facts, long code) {
        for (var reference : facts.references()) {
            for (var meaning : Reference.meanings(reference, facts.server())) {
                var print = Fingerprint.of(meaning);
                long target = names.get(print);
                if (target == Fingerprints.NONE || target <= FIRST_SUPPORT) {
                    mentions.computeIfAbsent(print, _ -> new HashSet<>(2)).add(code);
                } else {
                    break;
                }
            }
        }
    }

    private void version(Facts facts) {
        var found = facts.otherVersion();
        var counts = shapes.computeIfAbsent(facts.type(), _ -> new int[2]);
        counts[0]++;
        if (found != null) {
            counts[1]++;
            evidence.putIfAbsent(facts.type(), found);
            if (found.declared() && declared == null) {
                declared = found;
            }
        }
    }

    /**
     * Ends the first reading.
     *
     * @param elsewhere who a name of a patient means that is not in the file
     */
    void close(Function<String, Optional<PatientHere>> elsewhere) {
        this.elsewhere = elsewhere;
        owners = new int[subjects.size()];
        for (int i = 0; i < owners.length; i++) {
            owners[i] = patientOf(subjects.get(i), true);
        }
        spread();
        subjectNumbers.clear();
        mentions.clear();
    }

    /** Gives what has no patient of its own to those whose entries refer to it, directly or through another such one. */
    private void spread() {
        var usedBy = new ArrayList<Set<Integer>>();
        var waiting = new ArrayDeque<Integer>();
        for (int k = 0; k < supportNames.size(); k++) {
            usedBy.add(new HashSet<>());
            supportOwners.add(new HashSet<>());
        }
        for (int k = 0; k < supportNames.size(); k++) {
            for (var name : supportNames.get(k)) {
                for (long code : mentions.getOrDefault(name, Set.of())) {
                    if (code <= FIRST_SUPPORT) {
                        usedBy.get((int) (FIRST_SUPPORT - code)).add(k);
                    } else if (owners[(int) code] >= 0) {
                        supportOwners.get(k).add(owners[(int) code]);
                    }
                }
            }
            if (!supportOwners.get(k).isEmpty()) {
                waiting.add(k);
            }
        }
        while (!waiting.isEmpty()) {
            int k = waiting.remove();
            for (int used : usedBy.get(k)) {
                if (supportOwners.get(used).addAll(supportOwners.get(k))) {
                    waiting.add(used);
                }
            }
        }
    }

    /** Why the whole file is of another FHIR version; null where nothing says so. */
    @Nullable
    String otherVersion() {
        if (declared != null) {
            return words(declared);
        }
        for (var counted : shapes.entrySet()) {
            if (counted.getValue()[1] > 0 && counted.getValue()[0] == counted.getValue()[1]) {
                return words(evidence.getOrDefault(
                        counted.getKey(), new OtherVersions.Evidence("another version", false, counted.getKey())));
            }
        }
        return null;
    }

    static String words(OtherVersions.Evidence evidence) {
        return "is FHIR " + evidence.version() + ", by " + evidence.element()
                + "; Twinkeep reads R4 (4.0). Ask the source for R4, or convert it first";
    }

    boolean hasPatients() {
        return !patients.isEmpty();
    }

    int patientsHere() {
        return (int) patients.stream().filter(p -> p.twin() == null).count();
    }

    PatientHere patient(int number) {
        return patients.get(number);
    }

    /** {@code Patient/id}, for a patient who has no identifier. */
    String localName(int number) {
        return localNames.getOrDefault(number, "");
    }

    List<PatientHere> patients() {
        return patients;
    }

    /** The distinct names of patients that are not in the file. */
    Set<String> strangers() {
        var found = new HashSet<String>();
        for (var subject : subjects) {
            for (var meanings : subject) {
                if (meanings.stream().noneMatch(patientNames::containsKey)) {
                    found.add(meanings.getLast());
                }
            }
        }
        return found;
    }

    boolean isRepeated(long ordinal) {
        return repeated.contains(ordinal);
    }

    boolean isAmbiguous(Fingerprint key) {
        return ambiguous.contains(key);
    }

    /** Whether resources of more than one server stand in the file. */
    boolean severalServers() {
        return servers.size() > 1;
    }

    boolean holds(String reference, String server) {
        for (var meaning : Reference.meanings(reference, server)) {
            if (names.get(Fingerprint.of(meaning)) != Fingerprints.NONE) {
                return true;
            }
        }
        return false;
    }

    Answer whose(String type, JsonNode resource, Whose.Line line, String server, List<String> itsNames) {
        if (type.equals("Patient")) {
            int patient = patientOf(List.of(itsNames), false);
            return patient >= 0 ? new Answer.Of(List.of(patient)) : nobody(patient);
        }
        return switch (line.rule()) {
            case OWN -> own(resource, line, server);
            case MAYBE -> {
                var subjects = Facts.subjects(resource, line, server);
                yield subjects.isEmpty() ? referred(itsNames) : own(resource, line, server);
            }
            case REFERRED -> referred(itsNames);
            case TARGETS -> ofTargets(resource, line, server);
            case SHARED, ANSWER -> new Answer.Nobody("is no patient's");
        };
    }

    private Answer own(JsonNode resource, Whose.Line line, String server) {
        int patient = patientOf(Facts.subjects(resource, line, server), false);
        return patient >= 0 ? new Answer.Of(List.of(patient)) : nobody(patient);
    }

    private static Answer.Nobody nobody(int why) {
        return new Answer.Nobody(
                switch (why) {
                    case SEVERAL -> "names more than one patient; whose it is would be guessed";
                    case TWICE -> "names a patient who stands in the file more than once";
                    case ELSEWHERE ->
                        "names a patient who is not in the file. Import it with the patient, or name the twin"
                                + " (--twin) and the source (--source)";
                    case NO_PERSON -> "is about something that is not a patient";
                    default -> "names no patient, which a resource of its type needs";
                });
    }

    /** What cannot or need not name a patient: its users', else the file's one patient's, for whom it came. */
    private Answer referred(List<String> itsNames) {
        for (var name : itsNames) {
            long code = names.get(Fingerprint.of(name));
            if (code <= FIRST_SUPPORT) {
                var whose = supportOwners.get((int) (FIRST_SUPPORT - code));
                if (!whose.isEmpty()) {
                    return new Answer.Of(whose.stream().sorted().toList());
                }
            }
        }
        return patients.size() == 1
                ? new Answer.Of(List.of(0))
                : new Answer.Nobody("names no patient, and no patient's entry in the file refers to it");
    }

    private Answer ofTargets(JsonNode resource, Whose.Line line, String server) {
        var found = new HashSet<Integer>();
        for (var meanings : Facts.subjects(resource, line, server)) {
            int patient = patientOf(List.of(meanings), false);
            if (patient >= 0) {
                found.add(patient);
                continue;
            }
            for (var meaning : meanings) {
                long code = names.get(Fingerprint.of(meaning));
                if (code >= 0 && owners[(int) code] >= 0) {
                    found.add(owners[(int) code]);
                } else if (code != Fingerprints.NONE && code <= FIRST_SUPPORT) {
                    found.addAll(supportOwners.get((int) (FIRST_SUPPORT - code)));
                }
            }
        }
        return switch (found.size()) {
            case 0 -> new Answer.Nobody("speaks of no patient who is in the file");
            case 1 -> new Answer.Of(List.copyOf(found));
            default -> new Answer.Nobody("speaks of more than one patient; whose it is would be guessed");
        };
    }

    /** @param learn whether a patient who is known from elsewhere may be added to the index */
    private int patientOf(List<List<String>> references, boolean learn) {
        int found = references.isEmpty()
                ? NOBODY
                : references.stream().anyMatch(Index::mayMeanPatient) ? ELSEWHERE : NO_PERSON;
        for (var meanings : references) {
            for (var meaning : meanings) {
                var patient = patientNames.get(meaning);
                if (patient == null && learn) {
                    patient = elsewhere
                            .apply(meaning)
                            .map(known -> learn(meaning, known))
                            .orElse(null);
                }
                if (patient != null) {
                    if (patient == TWICE) {
                        return TWICE;
                    }
                    if (found >= 0 && found != patient) {
                        return SEVERAL;
                    }
                    found = patient;
                    break;
                }
            }
        }
        return found;
    }

    private static boolean mayMeanPatient(List<String> meanings) {
        return meanings.stream()
                .anyMatch(m -> m.contains("Patient/") || m.startsWith("Patient?") || m.startsWith("urn:"));
    }

    private int learn(String name, PatientHere known) {
        int number = patients.size();
        patients.add(known);
        patientNames.put(name, number);
        return number;
    }
}
