package org.plimsoll.scoring;

import java.util.List;
import java.util.Locale;

/** A tree ensemble executed by our own flat trees: no native code, equal to the margins of XGBoost
 * and of LightGBM bit for bit. */
public final class TreeEngine implements MatrixEngine {

    private final FlatTrees trees;
    private final List<OnnxStep> steps;
    private final Head head;
    private final List<String> names;
    private final CategoryCodes categories;
    private final String version;
    private final boolean goesOnAfterBest;

    /**
     * @param names of x's columns, or none
     * @param version of the library that made the model; empty where its file does not say
     * @param goesOnAfterBest whether there are trees behind the iteration that early stopping found best
     */
    TreeEngine(
            FlatTrees trees,
            Head head,
            List<String> names,
            CategoryCodes categories,
            String version,
            boolean goesOnAfterBest) {
        this(trees, List.of(), head, names, categories, version, goesOnAfterBest);
    }

    /** @param steps what is done to x before */
    TreeEngine(
            FlatTrees trees,
            List<OnnxStep> steps,
            Head head,
            List<String> names,
            CategoryCodes categories,
            String version,
            boolean goesOnAfterBest) {
        this.trees = trees;
        this.steps = steps;
        this.head = head;
        this.names = List.copyOf(names);
        this.categories = categories;
        this.version = version;
        this.goesOnAfterBest = goesOnAfterBest;
    }

    /** The trees as they are walked. */
    FlatTrees trees() {
        return trees;
    }

    @Override
    public String version() {
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
    public Precision precision() {
        return trees.precision();
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public CategoryCodes categories() {
        return categories;
    }

    @Override
    public List<Signature.Output> outputs() {
        return head.outputs();
    }

    /** The sums of the leaves, before the link: what XGBoost's {@code output_margin} and LightGBM's {@code raw_score} give. */
    public double[] margins(double[] x, int rows) {
        double[] given = x;
        for (OnnxStep step : steps) {
            given = step.apply(given, trees.features());
        }
        return trees.margins(given, rows);
    }

    @Override
    public double[][] score(double[] x, int rows) {
        return head.answers(margins(x, rows), rows);
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
