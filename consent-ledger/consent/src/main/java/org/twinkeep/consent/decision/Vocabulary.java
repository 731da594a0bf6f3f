package org.twinkeep.consent.decision;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbers for what consents say, so that compiled consents are small and comparing is comparing numbers. A word keeps its
 * number; a word that no consent says has none, and so is in no list. Consents and questions meet only under one
 * vocabulary.
 */
public final class Vocabulary {

    static final int UNSAID = 0;
    static final int ANY = 1;
    static final int UTC = 0;

    private final ConcurrentHashMap<Word, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger(UNSAID);
    private final CopyOnWriteArrayList<ZoneId> zones = new CopyOnWriteArrayList<>();

    public Vocabulary() {
        if (learn(Word.ANY) != ANY || learn(ZoneOffset.UTC) != UTC) {
            throw new IllegalStateException("what is learned first has the first number");
        }
    }

    int learn(Word word) {
        return numbers.computeIfAbsent(word, _ -> last.incrementAndGet());
    }

    int find(Word word) {
        return numbers.getOrDefault(word, UNSAID);
    }

    int learn(ZoneId zone) {
        zones.addIfAbsent(zone);
        return zones.indexOf(zone);
    }

    ZoneId zone(int number) {
        return zones.get(number);
    }

    /** How many words are known. */
    public int size() {
        return numbers.size();
    }

    @Override
    public String toString() {
        return "Vocabulary";
    }
}
