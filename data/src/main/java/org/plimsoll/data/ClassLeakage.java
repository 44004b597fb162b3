package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.statistics.Auc;

/**
 * Finds columns that give classes away. What a column tells of the odd rows is learned from the even rows alone, so that many values
 * are no proof by themselves.
 */
final class ClassLeakage {

    private static final double LEFT_OF_GUESSING = 0.02;
    private static final double LEFT_WHERE_ONLY_PRESENCE_TELLS = 0.10;
    private static final double ORDERS = 0.995;

    private final Columns rows;
    private final ValueCodes values;
    private final int target;
    private final String name;
    private final int[] classes;
    private final double guessing;

    /** @param target the column of the classes, missing nowhere */
    ClassLeakage(ValueCodes values, int target) {
        this.rows = values.rows();
        this.values = values;
        this.target = target;
        this.name = rows.schema().columns().get(target).name();
        this.classes = values.codes(target);
        this.guessing = error(new int[classes.length], classes);
    }

    /** What makes this column a suspect, in words; empty where nothing does. */
    Optional<String> why(int column) {
        int[] codes = values.codes(column);
        if (isTheSame(column)) {
            return Optional.of("the same as " + name + " in every row");
        }
        if (isRecoding(codes, classes)) {
            return Optional.of(name + " in other words: one value for each of its own");
        }
        int[] binned = values.binned(column, codes);
        if (guessing * classes.length / 2 >= 3) {
            double left = error(binned, classes);
            if (left <= LEFT_OF_GUESSING * guessing) {
                return Optional.of(String.format(
                        Locale.ROOT, "gives %s away: it alone tells it in %.1f %% of rows", name, 100 * (1 - left)));
            }
            Optional<String> presence = presence(column, guessing);
            if (presence.isPresent()) {
                return presence;
            }
        }
        return order(column);
    }

    private boolean isTheSame(int column) {
        for (int row = 0; row < rows.rows(); row++) {
            if (!rows.written(column, row).equals(rows.written(target, row))) {
                return false;
            }
        }
        return true;
    }

    /** One value for each class and one class for each value. */
    private static boolean isRecoding(int[] codes, int[] classes) {
        Map<Integer, Integer> forth = new HashMap<>();
        Map<Integer, Integer> back = new HashMap<>();
        for (int row = 0; row < codes.length; row++) {
            Integer there = forth.putIfAbsent(codes[row], classes[row]);
            Integer here = back.putIfAbsent(classes[row], codes[row]);
            if (there != null && there != classes[row] || here != null && here != codes[row]) {
                return false;
            }
        }
        return forth.size() > 1;
    }

    /** Share of the odd rows that the most frequent class of their value, among the even rows, gets wrong. */
    private static double error(int[] codes, int[] classes) {
        Map<Integer, Map<Integer, Integer>> counts = new HashMap<>();
        Map<Integer, Integer> all = new HashMap<>();
        for (int row = 0; row < codes.length; row += 2) {
            counts.computeIfAbsent(codes[row], _ -> new HashMap<>()).merge(classes[row], 1, Integer::sum);
            all.merge(classes[row], 1, Integer::sum);
        }
        int usual = mostFrequent(all);
        Map<Integer, Integer> told = new HashMap<>();
        counts.forEach((code, of) -> told.put(code, mostFrequent(of)));
        int wrong = 0;
        int judged = 0;
        for (int row = 1; row < codes.length; row += 2) {
            wrong += told.getOrDefault(codes[row], usual) == classes[row] ? 0 : 1;
            judged++;
        }
        return judged == 0 ? 1 : (double) wrong / judged;
    }

    private static int mostFrequent(Map<Integer, Integer> counts) {
        return counts.entrySet().stream()
                .max(Map.Entry.<Integer, Integer>comparingByValue()
                        .thenComparing(
                                Map.Entry.<Integer, Integer>comparingByKey().reversed()))
                .orElseThrow()
                .getKey();
    }

    /** Whether a value is there, or not, for one class alone: known only afterwards. */
    private Optional<String> presence(int column, double guessing) {
        int[] there = new int[classes.length];
        Map<Integer, Integer> all = new HashMap<>();
        Map<Integer, Integer> present = new HashMap<>();
        for (int row = 0; row < there.length; row++) {
            there[row] = rows.isMissing(column, row) ? 0 : 1;
            all.merge(classes[row], 1, Integer::sum);
            if (there[row] == 1) {
                present.merge(classes[row], 1, Integer::sum);
            }
        }
        int filled = Arrays.stream(there).sum();
        if (filled < Leakage.LEAST_ROWS || filled > there.length - Leakage.LEAST_ROWS) {
            return Optional.empty();
        }
        int of = mostFrequent(present);
        double share = (double) present.getOrDefault(of, 0) / filled;
        double usual = (double) all.getOrDefault(of, 0) / there.length;
        // a run of one class as long as this does not happen by chance: ln of the chance below -30
        boolean isOfOneClass = share >= 0.995 && filled * Math.log(usual) < -30;
        if (isOfOneClass || error(there, classes) <= LEFT_WHERE_ONLY_PRESENCE_TELLS * guessing) {
            int row = first(classes, of);
            return Optional.of(String.format(
                    Locale.ROOT,
                    "known only afterwards: of the rows where it is filled %.1f %% have %s = %s, of all rows %.1f %%",
                    100 * share,
                    name,
                    rows.written(target, row).orElse(""),
                    100 * usual));
        }
        return Optional.empty();
    }

    private static int first(int[] classes, int wanted) {
        for (int row = 0; row < classes.length; row++) {
            if (classes[row] == wanted) {
                return row;
            }
        }
        return 0;
    }

    /** Of two classes: how well the column's order is theirs. */
    private Optional<String> order(int column) {
        int greatest = Arrays.stream(classes).max().orElse(0);
        if (greatest != 1 || values.isText(column)) {
            return Optional.empty();
        }
        List<Integer> known = new ArrayList<>();
        for (int row = 0; row < classes.length; row++) {
            if (!rows.isMissing(column, row)) {
                known.add(row);
            }
        }
        double[] numbers = new double[known.size()];
        boolean[] positive = new boolean[numbers.length];
        int positives = 0;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = rows.number(column, known.get(i));
            positive[i] = classes[known.get(i)] == 1;
            positives += positive[i] ? 1 : 0;
        }
        if (Math.min(positives, numbers.length - positives) < 10) {
            return Optional.empty();
        }
        try {
            double auc = Auc.of(numbers, positive);
            double orders = Math.max(auc, 1 - auc);
            return orders < ORDERS
                    ? Optional.empty()
                    : Optional.of(String.format(
                            Locale.ROOT,
                            "gives %s away: it alone orders it almost perfectly (AUC %.4f)",
                            name,
                            orders));
        } catch (Problem undefined) {
            return Optional.empty();
        }
    }
}
