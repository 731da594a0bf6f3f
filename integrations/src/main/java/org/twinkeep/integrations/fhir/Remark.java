package org.twinkeep.integrations.fhir;

/** What an import says in sum, one line a kind: nothing of it keeps a resource out. */
enum Remark {
    UNKNOWN_ELEMENT("elements that FHIR R4 does not know, kept as received"),
    SECOND_CHOICE("second values where FHIR R4 has one (value[x]), kept as received"),
    INVALID_VALUE("values that FHIR R4 does not allow (such as an unknown status), kept as received"),
    WRONG_JSON_TYPE("values of another JSON type than FHIR R4 has, kept as received"),
    REPEATED_ELEMENT("elements that occur more often than FHIR R4 allows, kept as received"),
    MISSING_ELEMENT("elements that FHIR R4 requires and that are missing"),
    CONTAINED_WITHOUT_ID("contained resources without an id, kept as received"),
    INNER_REFERENCE("references to contained resources that are not there, kept as received"),
    EXTENSION_WITH_BOTH("extensions with a value and extensions at once, kept as received"),
    UNREADABLE_TO_PARSER("resources that a FHIR parser refuses as a whole, kept as received"),
    TOO_LARGE_FOR_PARSER("resources of more than 8 MB, kept without a parser's check"),
    GUESSED_IN_XML("elements that FHIR R4 does not know, turned from XML by their look"),
    TO_NOTHING(
            "references to something that is neither in the file nor in the twin nor in the directory, kept as written"),
    REPEATED("resources that stand in a file more than once with the same content, taken once"),
    DIRECTORY("organisations, people and places kept in the shared directory"),
    SERVER_ANSWERS("answers of a server (OperationOutcome), which are no record"),
    PAGED("bundles that are one page of several: what is on the other pages is not in them"),
    NO_FHIR("files in folders that are neither JSON nor XML, not read");

    private final String words;

    Remark(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
