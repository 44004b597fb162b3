package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds columns, and pairs of them, that give a quantity away. */
final class QuantityLeakage {

    private static final double EXPLAINS = 0.99;
    private static final int PAIRED = 12;
    private static final int LEAST_ROWS = Leakage.LEAST_ROWS;

    private final Columns rows;
    private final ValueCodes codes;
    private final int target;
    private final String name;
    private final double[] wanted;

    /** @param target the column of the quantity, missing nowhere */
    QuantityLeakage(ValueCodes codes, int target) {
        this.rows = codes.rows();
        this.codes = codes;
        this.target = target;
        this.name = rows.schema().columns().get(target).name();
        this.wanted = rows.numbers(target);
    }

    /** What makes this column a suspect, in words; empty where nothing does. */
    Optional<String> why(int column) {
        if (!codes.isText(column)) {
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
            double order = squaredCorrelation(ValueCodes.ranks(values), ValueCodes.ranks(wanted));
            if (known >= LEAST_ROWS && Math.max(line, order) >= EXPLAINS) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "gives %s away: %s explains %.1f %% of it",
                        name,
                        line >= EXPLAINS ? "a straight line" : "its order",
                        100 * Math.max(line, order)));
            }
        }
        double explained = explained(codes.binned(column, codes.codes(column)));
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

    /** How much of the odd rows' variance the mean of their value, among the even rows, explains. */
    private double explained(int[] of) {
        Map<Integer, double[]> sums = new HashMap<>();
        double all = 0;
        int fitted = 0;
        for (int row = 0; row < of.length; row += 2) {
            double[] sum = sums.computeIfAbsent(of[row], _ -> new double[2]);
            sum[0] += wanted[row];
            sum[1]++;
            all += wanted[row];
            fitted++;
        }
        double usual = all / Math.max(1, fitted);
        double left = 0;
        double spread = 0;
        for (int row = 1; row < of.length; row += 2) {
            double[] sum = sums.getOrDefault(of[row], new double[] {usual, 1});
            left += Math.pow(wanted[row] - sum[0] / sum[1], 2);
            spread += Math.pow(wanted[row] - usual, 2);
        }
        return spread > 0 ? 1 - left / spread : 0;
    }

    /** Two columns that make it up between them. */
    void arithmetic(Map<String, String> suspects) {
        List<Integer> numeric = new ArrayList<>();
        for (int column = 0; column < rows.schema().size(); column++) {
            String each = rows.schema().columns().get(column).name();
            if (column != target && !codes.isText(column) && !suspects.containsKey(each)) {
                numeric.add(column);
            }
        }
        Map<Integer, Double> explains = new HashMap<>();
        numeric.forEach(column -> explains.put(column, squaredCorrelation(rows.numbers(column), wanted)));
        numeric.sort(Comparator.comparing((Integer column) -> explains.getOrDefault(column, 0.0))
                .reversed());
        List<Integer> likely = numeric.subList(0, Math.min(PAIRED, numeric.size()));
        for (int one : likely) {
            for (int other : likely) {
                Optional<String> sign = one == other ? Optional.empty() : makes(one, other);
                if (sign.isPresent()) {
                    String a = rows.schema().columns().get(one).name();
                    String b = rows.schema().columns().get(other).name();
                    suspects.putIfAbsent(a, name + " = " + a + " " + sign.get() + " " + b);
                    suspects.putIfAbsent(b, name + " = " + a + " " + sign.get() + " " + b);
                }
            }
        }
    }

    private Optional<String> makes(int one, int other) {
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
}
