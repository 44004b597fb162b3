package org.plimsoll.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which of the known words was probably meant by one that is not known. */
public final class Words {

    private Words() {}

    /** The known word that at most a third of the letters have to be changed for, if there is one. */
    public static Optional<String> nearest(String given, Collection<String> known) {
        record Near(String word, int distance) {}
        return known.stream()
                .map(word -> new Near(word, distance(given, word)))
                .filter(near -> near.distance <= Math.max(1, Math.max(given.length(), near.word.length()) / 3))
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::word))
                .map(Near::word);
    }

    /** Levenshtein's distance; words longer than 100 letters are cut, since names are not longer. */
    private static int distance(String one, String other) {
        String a = one.substring(0, Math.min(100, one.length()));
        String b = other.substring(0, Math.min(100, other.length()));
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
