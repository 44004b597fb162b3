package org.plimsoll.statistics;

/**
 * How well scores rank the items of one query; average over queries with {@link Sum#mean}.
 *
 * <p>Items with equal scores stand in no order, so every number here is its mean over all orders of tied items, as scikit-learn's
 * {@code ndcg_score} does. Shapes: one score and one relevance per item, any number of items, k ≥ 1 places looked at (more than
 * items: all). O(n log n). NaN, negative relevance, nothing relevant: a Problem.
 */
public final class Ranking {

    private Ranking() {}

    /** Discounted gain at k against the best order: {@code DCG = Σ_{r ≤ k} relevance/log₂(r + 1)}, NDCG = DCG/ideal DCG. */
    public static double normalizedDiscountedGain(double[] relevance, double[] scores, int k) {
        double found = check(relevance, scores, k);
        if (found == 0) {
            throw Inputs.undefined("NDCG", "no item is relevant");
        }
        return discountedGain(relevance, scores, k) / discountedGain(relevance, relevance, k);
    }

    private static double discountedGain(double[] relevance, double[] scores, int k) {
        Sum gain = new Sum();
        int[] order = Order.ascending(scores);
        for (int end = order.length; end > 0; ) {
            int start = Order.startOfTie(scores, order, end);
            Sum tied = new Sum();
            Sum discount = new Sum();
            for (int place = start; place < end; place++) {
                tied.add(relevance[order[place]]);
                int rank = order.length - place;
                discount.add(rank <= k ? Math.log(2) / Math.log(rank + 1.0) : 0);
            }
            gain.add(tied.value() / (end - start) * discount.value());
            end = start;
        }
        return gain.value();
    }

    /** Share of the relevant items (relevance above 0) among the first k. */
    public static double recall(double[] relevance, double[] scores, int k) {
        check(relevance, scores, k);
        int all = 0;
        Sum found = new Sum();
        int[] order = Order.ascending(scores);
        for (int end = order.length; end > 0; ) {
            int start = Order.startOfTie(scores, order, end);
            int relevant = relevant(relevance, order, start, end);
            int firstRank = order.length - end + 1;
            int places = Math.clamp(k - firstRank + 1, 0, end - start);
            found.add(relevant * (double) places / (end - start));
            all += relevant;
            end = start;
        }
        if (all == 0) {
            throw Inputs.undefined("recall@k", "no item is relevant");
        }
        return found.value() / all;
    }

    /** Mean reciprocal rank of the first relevant item among the first k; 0 where none is among them. */
    public static double reciprocalRank(double[] relevance, double[] scores, int k) {
        check(relevance, scores, k);
        int[] order = Order.ascending(scores);
        for (int end = order.length; end > 0; ) {
            int start = Order.startOfTie(scores, order, end);
            int relevant = relevant(relevance, order, start, end);
            if (relevant > 0) {
                return meanReciprocal(order.length - end + 1, end - start, relevant, k);
            }
            end = start;
        }
        throw Inputs.undefined("reciprocal rank", "no item is relevant");
    }

    /** The mean of 1/rank of the first of {@code relevant} items among {@code tied} in random order from {@code firstRank}. */
    private static double meanReciprocal(int firstRank, int tied, int relevant, int k) {
        Sum mean = new Sum();
        double noneYet = 1;
        for (int place = 0; place <= tied - relevant; place++) {
            double here = noneYet * relevant / (tied - place);
            if (firstRank + place <= k) {
                mean.add(here / (firstRank + place));
            }
            noneYet -= here;
        }
        return mean.value();
    }

    private static int relevant(double[] relevance, int[] order, int start, int end) {
        int relevant = 0;
        for (int place = start; place < end; place++) {
            if (relevance[order[place]] > 0) {
                relevant++;
            }
        }
        return relevant;
    }

    /** Checks shapes and returns the greatest relevance. */
    private static double check(double[] relevance, double[] scores, int k) {
        Inputs.sameLength("scores", scores.length, "relevance", relevance.length);
        Inputs.finite("scores", scores);
        Inputs.atLeast("k", k, 1);
        double greatest = 0;
        for (double value : relevance) {
            greatest = Math.max(greatest, Inputs.notNegative("relevance", value));
        }
        return greatest;
    }
}
