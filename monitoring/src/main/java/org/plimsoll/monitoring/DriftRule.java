package org.plimsoll.monitoring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.plimsoll.core.Verdict;

/** By which numbers and bounds two tables are compared. */
interface DriftRule {

    /** Its name, as people choose it. */
    String name();

    /** Whole numbers of at most so many distinct values in the reference count as categories. */
    default int mostWholeCategories() {
        return 0;
    }

    /**
     * Two columns of numbers; NaN is missing, nothing is infinite. Arrays are the rule's to use up.
     *
     * @param columns how many columns are compared in all
     */
    ComparedColumn numbers(String name, double[] reference, double[] current, int columns);

    /** Two columns of categories. */
    ComparedColumn categories(String name, Categories reference, Categories current, int columns);

    /** The verdict over all columns. */
    Verdict verdict(List<ComparedColumn> columns);

    /**
     * The categories of one column.
     *
     * @param codes of each row in the order of the table, −1 where missing
     * @param words what the codes stand for
     * @param counts rows of each word that occurs
     * @param missing rows without a value
     */
    record Categories(int[] codes, List<String> words, Map<String, Long> counts, long missing) {

        long rows() {
            return codes.length;
        }

        /** Both columns' counts over the words of either, sorted. */
        static long[][] aligned(Map<String, Long> reference, Map<String, Long> current) {
            SortedSet<String> union = new TreeSet<>(reference.keySet());
            union.addAll(current.keySet());
            long[][] counts = new long[2][union.size()];
            int place = 0;
            for (String word : union) {
                counts[0][place] = Optional.ofNullable(reference.get(word)).orElse(0L);
                counts[1][place++] = Optional.ofNullable(current.get(word)).orElse(0L);
            }
            return counts;
        }
    }
}
