package org.twinkeep.integrations.fhir;

/** From here on a text cannot be read: where it broke, and why, without quoting it. */
final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    private final String where;

    Broken(String where, String why) {
        super(why);
        this.where = where;
    }

    String where() {
        return where;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
