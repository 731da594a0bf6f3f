package org.twinkeep.projections.clinic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds many phrases in a text in one pass: word by word, whatever stands between the words, in any case. A phrase's last
 * word may end in {@code *}: then any word that begins so is meant. Not changed after it was built, so safe for many threads.
 */
final class Wording<T> {

    private static final class Node<T> {
        final Map<String, Node<T>> next = new HashMap<>();
        final TreeMap<String, List<T>> beginnings = new TreeMap<>();
        final List<T> here = new ArrayList<>();
    }

    /** A phrase found: what it means, and the words it spans (first included, last excluded). */
    record Found<T>(T meaning, int from, int to) {
        boolean within(Found<T> other) {
            return other.from <= from && to <= other.to && other.to - other.from > to - from;
        }
    }

    private final Node<T> root = new Node<>();

    void add(String phrase, T meaning) {
        var open = phrase.endsWith("*");
        var words = words(phrase);
        if (words.isEmpty()) {
            return;
        }
        var node = root;
        for (var i = 0; i < words.size() - 1; i++) {
            node = node.next.computeIfAbsent(words.get(i), _ -> new Node<>());
        }
        if (open) {
            node.beginnings
                    .computeIfAbsent(words.getLast(), _ -> new ArrayList<>())
                    .add(meaning);
        } else {
            node.next.computeIfAbsent(words.getLast(), _ -> new Node<>()).here.add(meaning);
        }
    }

    /** Every phrase that stands in these words. */
    List<Found<T>> in(List<String> words) {
        var found = new ArrayList<Found<T>>();
        for (var from = 0; from < words.size(); from++) {
            @Nullable Node<T> node = root;
            for (var at = from; at < words.size() && node != null; at++) {
                var word = words.get(at);
                if (!node.beginnings.isEmpty()) {
                    collectBeginnings(node, word, from, at + 1, found);
                }
                node = node.next.get(word);
                if (node != null) {
                    for (var meaning : node.here) {
                        found.add(new Found<>(meaning, from, at + 1));
                    }
                }
            }
        }
        return found;
    }

    /** What the phrases found mean; of two, one inside the other, the longer one speaks. */
    static <T> List<T> longest(List<Found<T>> found) {
        return found.stream()
                .filter(phrase -> found.stream().noneMatch(phrase::within))
                .map(Found::meaning)
                .toList();
    }

    private static <T> void collectBeginnings(Node<T> node, String word, int from, int to, List<Found<T>> found) {
        for (var entry = node.beginnings.floorEntry(word);
                entry != null && entry.getKey().charAt(0) == word.charAt(0);
                entry = node.beginnings.lowerEntry(entry.getKey())) {
            if (word.startsWith(entry.getKey())) {
                for (var meaning : entry.getValue()) {
                    found.add(new Found<>(meaning, from, to));
                }
            }
        }
    }

    /** The words of a text in lower case: runs of letters and digits. */
    static List<String> words(String text) {
        var words = new ArrayList<String>();
        var from = -1;
        for (var i = 0; i <= text.length(); i++) {
            var inWord = i < text.length() && Character.isLetterOrDigit(text.charAt(i));
            if (inWord && from < 0) {
                from = i;
            } else if (!inWord && from >= 0) {
                words.add(text.substring(from, i).toLowerCase(Locale.ROOT));
                from = -1;
            }
        }
        return words;
    }
}
