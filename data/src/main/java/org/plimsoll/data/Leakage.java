package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.statistics.Auc;

/**
 * Finds columns that give the target away: the same in other words, or known only after it. A model that sees one of them looks
 * perfect, and fails when it is asked before the truth is known.
 *
 * <pre>
 *  classes     a column that tells the class of rows it was not read from, but for 2 % of what guessing gets wrong;
 *              that orders two classes with an AUC of 0.995; that is filled (or empty) for one class alone
 *  quantities  a straight line or an order that explains 99 % of it; two columns whose sum, difference or product it is
 * </pre>
 *
 * Each is a suspicion with its number; whoever knows the column overrules it.
 */
final class Leakage {

    private static final double LEFT_OF_GUESSING = 0.02;
    private static final double LEFT_WHERE_ONLY_PRESENCE_TELLS = 0.10;
    private static final double ORDERS = 0.995;
    private static final double EXPLAINS = 0.99;
    private static final int BINS = 64;
    private static final int VALUES_AS_THEY_ARE = 256;
    private static final int LEAST_ROWS = 20;
    private static final int PAIRED = 12;

    private final Columns rows;
    private final int target;
    private final boolean isClass;
    private final String name;

    /**
     * @param rows some rows, the target among their columns, missing nowhere
     * @param isClass whether the target's values are classes
     */
    Leakage(Columns rows, String target, boolean isClass) {
        this.rows = rows;
        this.target = rows.index(target);
        this.isClass = isClass;
        this.name = target;
    }

    /** The suspects among the other columns, each with the reason in words. */
    Map<String, String> suspects() {
        Map<String, String> suspects = new LinkedHashMap<>();
        if (rows.rows() < LEAST_ROWS) {
            return suspects;
        }
        int[] classes = isClass ? codes(target) : new int[0];
        double[] numbers = isClass ? new double[0] : rows.numbers(target);
        for (int column = 0; column < rows.schema().size(); column++) {
            if (column != target) {
                Optional<String> why = isClass ? ofClasses(column, classes) : ofQuantity(column, numbers);
                String suspect = rows.schema().columns().get(column).name();
                why.ifPresent(reason -> suspects.put(suspect, reason));
            }
        }
        if (!isClass) {
            arithmetic(numbers, suspects);
        }
        return suspects;
    }

    // ---- classes

    private Optional<String> ofClasses(int column, int[] classes) {
        int[] codes = codes(column);
        if (isTheSame(column)) {
            return Optional.of("the same as " + name + " in every row");
        }
        if (isRecoding(codes, classes)) {
            return Optional.of(name + " in other words: one value for each of its own");
        }
        int[] binned = coarse(column, codes);
        double guessing = error(new int[classes.length], classes);
        if (guessing * classes.length / 2 >= 3) {
            double left = error(binned, classes);
            if (left <= LEFT_OF_GUESSING * guessing) {
                return Optional.of(String.format(
                        Locale.ROOT, "gives %s away: it alone tells it in %.1f %% of rows", name, 100 * (1 - left)));
            }
            Optional<String> presence = presence(column, classes, guessing);
            if (presence.isPresent()) {
                return presence;
            }
        }
        return order(column, classes);
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
    private Optional<String> presence(int column, int[] classes, double guessing) {
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
        if (filled < LEAST_ROWS || filled > there.length - LEAST_ROWS) {
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
    private Optional<String> order(int column, int[] classes) {
        int greatest = Arrays.stream(classes).max().orElse(0);
        if (greatest != 1 || isText(column)) {
            return Optional.empty();
        }
        List<Integer> known = new ArrayList<>();
        for (int row = 0; row < classes.length; row++) {
            if (!rows.isMissing(column, row)) {
                known.add(row);
            }
        }
        double[] values = new double[known.size()];
        boolean[] positive = new boolean[values.length];
        int positives = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.number(column, known.get(i));
            positive[i] = classes[known.get(i)] == 1;
            positives += positive[i] ? 1 : 0;
        }
        if (Math.min(positives, values.length - positives) < 10) {
            return Optional.empty();
        }
        try {
            double auc = Auc.of(values, positive);
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

    // ---- quantities

    private Optional<String> ofQuantity(int column, double[] wanted) {
        if (!isText(column)) {
            double[] values = rows.numbers(column);
            int same = 0;
            int known = 0;
            for (int row = 0; row < values.length; row++) {
                if (!Double.isNaN(values[row])) {
                    known++;
                    same += isNear(values[row], wanted[row]) ? 1 : 0;
                }
            }
            if (known >= LEAST_ROWS && same >= 0.99 * known) {
                return Optional.of("the same as " + name);
            }
            double line = squaredCorrelation(values, wanted);
            double order = squaredCorrelation(ranks(values), ranks(wanted));
            if (known >= LEAST_ROWS && Math.max(line, order) >= EXPLAINS) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "gives %s away: %s explains %.1f %% of it",
                        name,
                        line >= EXPLAINS ? "a straight line" : "its order",
                        100 * Math.max(line, order)));
            }
        }
        double explained = explained(coarse(column, codes(column)), wanted);
        return explained < EXPLAINS
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT, "gives %s away: its values explain %.1f %% of it", name, 100 * explained));
    }

    private static boolean isNear(double one, double other) {
        return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(other));
    }

    /** Of rows in which both are known. */
    private static double squaredCorrelation(double[] x, double[] y) {
        double n = 0;
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            if (!Double.isNaN(x[i]) && !Double.isNaN(y[i])) {
                n++;
                meanX += (x[i] - meanX) / n;
                meanY += (y[i] - meanY) / n;
            }
        }
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            if (!Double.isNaN(x[i]) && !Double.isNaN(y[i])) {
                xx += (x[i] - meanX) * (x[i] - meanX);
                yy += (y[i] - meanY) * (y[i] - meanY);
                xy += (x[i] - meanX) * (y[i] - meanY);
            }
        }
        return xx > 0 && yy > 0 ? xy / xx * (xy / yy) : 0;
    }

    /** Places in order, ties on average; NaN stays. */
    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
        double[] ranks = new double[values.length];
        for (int i = 0; i < order.length; ) {
            int end = i;
            while (end < order.length && Double.compare(values[order[end]], values[order[i]]) == 0) {
                end++;
            }
            for (int k = i; k < end; k++) {
                ranks[order[k]] = Double.isNaN(values[order[k]]) ? Double.NaN : (i + end - 1) / 2.0;
            }
            i = end;
        }
        return ranks;
    }

    /** How much of the odd rows' variance the mean of their value, among the even rows, explains. */
    private static double explained(int[] codes, double[] wanted) {
        Map<Integer, double[]> sums = new HashMap<>();
        double all = 0;
        int fitted = 0;
        for (int row = 0; row < codes.length; row += 2) {
            double[] sum = sums.computeIfAbsent(codes[row], _ -> new double[2]);
            sum[0] += wanted[row];
            sum[1]++;
            all += wanted[row];
            fitted++;
        }
        double usual = all / Math.max(1, fitted);
        double left = 0;
        double spread = 0;
        for (int row = 1; row < codes.length; row += 2) {
            double[] sum = sums.getOrDefault(codes[row], new double[] {usual, 1});
            left += Math.pow(wanted[row] - sum[0] / sum[1], 2);
            spread += Math.pow(wanted[row] - usual, 2);
        }
        return spread > 0 ? 1 - left / spread : 0;
    }

    /** Two columns that make it up between them. */
    private void arithmetic(double[] wanted, Map<String, String> suspects) {
        List<Integer> numeric = new ArrayList<>();
        for (int column = 0; column < rows.schema().size(); column++) {
            String each = rows.schema().columns().get(column).name();
            if (column != target && !isText(column) && !suspects.containsKey(each)) {
                numeric.add(column);
            }
        }
        Map<Integer, double[]> values = new HashMap<>();
        numeric.forEach(column -> values.put(column, rows.numbers(column)));
        numeric.sort((a, b) -> Double.compare(
                squaredCorrelation(values.getOrDefault(b, wanted), wanted),
                squaredCorrelation(values.getOrDefault(a, wanted), wanted)));
        List<Integer> likely = numeric.subList(0, Math.min(PAIRED, numeric.size()));
        for (int one : likely) {
            for (int other : likely) {
                Optional<String> sign = one == other ? Optional.empty() : makes(one, other, wanted);
                if (sign.isPresent()) {
                    String a = rows.schema().columns().get(one).name();
                    String b = rows.schema().columns().get(other).name();
                    suspects.putIfAbsent(a, name + " = " + a + " " + sign.get() + " " + b);
                    suspects.putIfAbsent(b, name + " = " + a + " " + sign.get() + " " + b);
                }
            }
        }
    }

    private Optional<String> makes(int one, int other, double[] wanted) {
        boolean sum = true;
        boolean difference = true;
        boolean product = true;
        Set<Double> seen = new HashSet<>();
        int known = 0;
        for (int row = 0; row < wanted.length && (sum || difference || product); row++) {
            double a = rows.number(one, row);
            double b = rows.number(other, row);
            if (Double.isNaN(a) || Double.isNaN(b)) {
                continue;
            }
            known++;
            seen.add(b);
            double near = 1e-6 * Math.max(1, Math.abs(wanted[row]));
            sum &= Math.abs(a + b - wanted[row]) <= near;
            difference &= Math.abs(a - b - wanted[row]) <= near;
            product &= Math.abs(a * b - wanted[row]) <= near;
        }
        if (known < LEAST_ROWS || seen.size() < 3) {
            return Optional.empty();
        }
        return sum ? Optional.of("+") : difference ? Optional.of("−") : product ? Optional.of("×") : Optional.empty();
    }

    // ---- values as small numbers

    private boolean isText(int column) {
        return rows.schema().columns().get(column).type().isText();
    }

    /** The same number for the same value, from 0 in the order of first occurrence of numbers by size; missing is a value. */
    private int[] codes(int column) {
        Map<String, Integer> known = new HashMap<>();
        int[] codes = new int[rows.rows()];
        if (isText(column)) {
            for (int row = 0; row < codes.length; row++) {
                String value = rows.text(column, row).orElse("\0");
                codes[row] = known.computeIfAbsent(value, _ -> known.size());
            }
            return codes;
        }
        double[] values = rows.numbers(column);
        double[] sorted = Arrays.stream(values).distinct().sorted().toArray();
        for (int row = 0; row < codes.length; row++) {
            codes[row] = Arrays.binarySearch(sorted, values[row]);
        }
        return codes;
    }

    /** Many numbers become equally filled bins. */
    private int[] coarse(int column, int[] codes) {
        int greatest = Arrays.stream(codes).max().orElse(0);
        if (isText(column) || greatest < VALUES_AS_THEY_ARE) {
            return codes;
        }
        double[] ranks = ranks(rows.numbers(column));
        int[] bins = new int[codes.length];
        for (int row = 0; row < bins.length; row++) {
            bins[row] = Double.isNaN(ranks[row]) ? -1 : (int) (ranks[row] * BINS / bins.length);
        }
        return bins;
    }
}
