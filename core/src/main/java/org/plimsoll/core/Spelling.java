package org.plimsoll.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The likely word for a misspelt one, so that an error can offer it. */
public final class Spelling {

    private Spelling() {}

    /**
     * The known word nearest to this one, when it is near enough to be meant: at most one edit in three letters, where an edit
     * inserts, drops or changes a letter or swaps two neighbours. The same word in other case is always meant.
     */
    public static Optional<String> nearest(String word, Collection<String> known) {
        record Near(String word, int edits) {}
        Optional<String> otherCase = known.stream()
                .filter(other -> other.equalsIgnoreCase(word))
                .sorted()
                .findFirst();
        if (otherCase.isPresent()) {
            return otherCase;
        }
        return known.stream()
                .map(other -> new Near(other, edits(word, other)))
                .filter(near -> 3 * near.edits <= Math.max(word.length(), near.word.length()))
                .min(Comparator.comparingInt(Near::edits).thenComparing(Near::word))
                .map(Near::word);
    }

    /** Optimal string alignment distance (Boytsov 2011, section 2.2): three rows of the edit table at a time. */
    static int edits(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + change);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] oldest = before;
            before = above;
            above = row;
            row = oldest;
        }
        return above[b.length()];
    }
}
