package org.plimsoll.scoring;

import java.util.List;
import java.util.Locale;

/** A tree ensemble executed by our own flat trees: no native code, equal to the margins of XGBoost
 * and of LightGBM bit for bit. */
public final class TreeEngine implements Engine {

    private final FlatTrees trees;
    private final Link link;
    private final List<String> names;
    private final String version;
    private final boolean goesOnAfterBest;
    private final double divisor;
    private final double steepness;

    /** @param goesOnAfterBest whether there are trees behind the iteration that early stopping found best */
    TreeEngine(FlatTrees trees, Link link, List<String> names, String version, boolean goesOnAfterBest) {
        this(trees, link, names, version, goesOnAfterBest, 1, 1);
    }

    /**
     * @param divisor the sums of the leaves are divided by it: the trees of a random forest
     * @param steepness margins are multiplied by it before the link: LightGBM's {@code sigmoid}
     */
    TreeEngine(
            FlatTrees trees,
            Link link,
            List<String> names,
            String version,
            boolean goesOnAfterBest,
            double divisor,
            double steepness) {
        this.goesOnAfterBest = goesOnAfterBest;
        this.divisor = divisor;
        this.steepness = steepness;
        this.trees = trees;
        this.link = link;
        this.names = List.copyOf(names);
        this.version = version;
    }

    /** The version of the library that made the model; empty where its file does not say. */
    String version() {
        return version;
    }

    /** Whether there are trees that scikit-learn's interface of XGBoost leaves out, and its own interface does not. */
    boolean goesOnAfterBest() {
        return goesOnAfterBest;
    }

    @Override
    public int features() {
        return trees.features();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public List<Signature.Output> outputs() {
        return link.outputs(trees.width(), trees.isWide() ? Signature.Datatype.FP64 : Signature.Datatype.FP32);
    }

    /** The sums of the leaves, before the link: what XGBoost's {@code output_margin} and LightGBM's {@code raw_score} give. */
    public double[] margins(float[] x, int rows) {
        return trees.isWide() ? trees.wideMargins(x, rows) : widened(trees.margins(x, rows));
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    @Override
    public double[][] score(float[] x, int rows) {
        if (!trees.isWide()) {
            float[] answers = trees.margins(x, rows);
            link.apply(answers, trees.width());
            return new double[][] {widened(answers)};
        }
        double[] answers = trees.wideMargins(x, rows);
        if (divisor != 1 || steepness != 1) {
            for (int i = 0; i < answers.length; i++) {
                answers[i] = answers[i] / divisor * steepness;
            }
        }
        link.apply(answers, trees.width());
        return new double[][] {answers};
    }

    @Override
    public String describe() {
        return String.format(Locale.ROOT, "trees: %,d trees, %,d nodes", trees.trees(), trees.nodes());
    }

    @Override
    public void close() {
        // nothing but memory of the JVM
    }
}
