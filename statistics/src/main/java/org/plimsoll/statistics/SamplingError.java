package org.plimsoll.statistics;

/**
 * How far a metric on n new rows strays by chance alone, from labelled reference rows (NannyML's sampling errors).
 *
 * <p>Formulas: standard deviation (population) of the row values the metric averages, over {@code √(n·share of rows that enter
 * it)}. A band of three such errors is NannyML's. Undefined where the metric is on the reference. O(rows), {@link #auc} O(rows
 * log rows).
 */
public final class SamplingError {

    private SamplingError() {}

    /** Of accuracy: deviation of "right". */
    public static double accuracy(boolean[] positive, boolean[] flagged, long rows) {
        return of("accuracy", 1, agreement(positive, flagged), 1, rows);
    }

    /** Of precision: over flagged rows. */
    public static double precision(boolean[] positive, boolean[] flagged, long rows) {
        return among("precision", positive, flagged, true, rows);
    }

    /** Of recall: over positive rows. */
    public static double recall(boolean[] positive, boolean[] flagged, long rows) {
        return among("recall", flagged, positive, true, rows);
    }

    /** Of specificity: over negative rows. */
    public static double specificity(boolean[] positive, boolean[] flagged, long rows) {
        return among("specificity", flagged, positive, false, rows);
    }

    /** Of F1: over rows that are positive or flagged, scaled by their number over (½(FP + FN) + TP). */
    public static double f1(boolean[] positive, boolean[] flagged, long rows) {
        Inputs.sameLength("flagged", flagged.length, "positive", positive.length);
        double hits = 0;
        double entering = 0;
        for (int i = 0; i < positive.length; i++) {
            hits += positive[i] && flagged[i] ? 1 : 0;
            entering += positive[i] || flagged[i] ? 1 : 0;
        }
        if (entering == 0) {
            throw Inputs.undefined("F1", "no row is positive or predicted positive");
        }
        double factor = entering / (0.5 * (entering - hits) + hits);
        double share = hits / entering;
        return of("F1", factor, Math.sqrt(share * (1 - share)), entering / positive.length, rows);
    }

    /**
     * Of AUC: deviation over the rarer class' rows of the share of the other class below each (rows of tied scores in row order),
     * over that class' share. The share above would deviate alike.
     */
    public static double auc(boolean[] positive, double[] scores, long rows) {
        BinaryRows.check("AUC", scores, positive);
        int positives = BinaryRows.countBoth("AUC", positive);
        boolean common = positives > positive.length - positives;
        int rarer = common ? positive.length - positives : positives;
        int[] order = Order.ascending(scores);
        double[] below = new double[rarer];
        int others = 0;
        int seen = 0;
        for (int row : order) {
            if (positive[row] == common) {
                others++;
            } else {
                below[seen++] = others / (double) (positive.length - rarer);
            }
        }
        double deviation = Math.sqrt(Moments.of(below).populationVariance());
        return of("AUC", 1, deviation, rarer / (double) positive.length, rows);
    }

    /** Of a mean: population deviation over √n. */
    public static double mean(double[] values, long rows) {
        return of("mean", 1, Math.sqrt(Moments.of(values).populationVariance()), 1, rows);
    }

    private static double among(String name, boolean[] hit, boolean[] entering, boolean side, long rows) {
        Inputs.sameLength("flagged", hit.length, "positive", entering.length);
        double count = 0;
        double hits = 0;
        for (int i = 0; i < entering.length; i++) {
            if (entering[i] == side) {
                count++;
                hits += hit[i] == side ? 1 : 0;
            }
        }
        if (count == 0) {
            throw Inputs.undefined(name, "no reference row enters it");
        }
        double share = hits / count;
        return of(name, 1, Math.sqrt(share * (1 - share)), count / entering.length, rows);
    }

    private static double agreement(boolean[] positive, boolean[] flagged) {
        Inputs.sameLength("flagged", flagged.length, "positive", positive.length);
        Inputs.notEmpty("reference", positive.length);
        double right = 0;
        for (int i = 0; i < positive.length; i++) {
            right += positive[i] == flagged[i] ? 1 : 0;
        }
        double share = right / positive.length;
        return Math.sqrt(share * (1 - share));
    }

    private static double of(String name, double factor, double deviation, double share, long rows) {
        Inputs.positive("rows", rows);
        return Inputs.defined(name, factor * deviation / Math.sqrt(rows * share));
    }
}
