package org.twinkeep.unmarked;

/** Wrong on purpose: nobody says here what may be null. */
public final class UnmarkedPackage {
    String name;
}
