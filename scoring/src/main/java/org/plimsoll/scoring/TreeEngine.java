package org.plimsoll.scoring;

import java.util.List;
import java.util.Locale;

/** A tree ensemble executed by our own flat trees: no native code, equal to XGBoost's own margins bit for bit. */
public final class TreeEngine implements Engine {

    private final FlatTrees trees;
    private final Link link;
    private final List<String> names;
    private final String version;

    TreeEngine(FlatTrees trees, Link link, List<String> names, String version) {
        this.trees = trees;
        this.link = link;
        this.names = List.copyOf(names);
        this.version = version;
    }

    /** The version of the library that made the model. */
    String version() {
        return version;
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
        return link.outputs(trees.width());
    }

    /** The sums of the leaves, before the link: what XGBoost's {@code output_margin} gives. */
    public float[] margins(float[] x, int rows) {
        return trees.margins(x, rows);
    }

    @Override
    public double[][] score(float[] x, int rows) {
        float[] answers = trees.margins(x, rows);
        link.apply(answers, trees.width());
        double[] wide = new double[answers.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = answers[i];
        }
        return new double[][] {wide};
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
