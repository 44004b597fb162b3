package org.plimsoll.scoring;

import java.util.List;
import java.util.Optional;
import org.plimsoll.scoring.OnnxModel.Node;

/**
 * From the sums of an ONNX ensemble or linear model to its labels and scores, as ONNX Runtime gives them, and from those to what
 * the task is judged by.
 *
 * @param normalised whether the scores of a row are divided by their sum
 * @param labels for each output of the model whether it is the label
 * @param own the model's outputs
 */
record OnnxHead(Rule rule, boolean normalised, List<Boolean> labels, List<TaskOutputs.Own> own, TaskOutputs chosen)
        implements Head {

    /** What happens to a row's scores. */
    enum Transform {
        NONE,
        LOGISTIC,
        SOFTMAX
    }

    /**
     * How sums become scores.
     *
     * @param sums how many there are
     * @param width scores a row; one more than sums where one sum tells of two classes
     * @param base added to each sum
     * @param divisor of each sum before
     * @param classes the words or numbers of the labels; none for regressions
     * @param shares whether the one sum is the share of the second class, rather than a margin
     */
    record Rule(
            int sums,
            int width,
            double[] base,
            double divisor,
            Transform transform,
            List<String> classes,
            boolean shares) {

        /** The rule of this node; empty where it is not one that is proven. */
        static Optional<Rule> of(OnnxModel model, Node core) {
            return switch (core.operator()) {
                case "TreeEnsembleClassifier" -> classifier(core);
                case "TreeEnsembleRegressor", "TreeEnsemble" -> regressor(model, core);
                case "LinearClassifier" -> linear(core);
                default -> regressor(model, core);
            };
        }

        private static Optional<Transform> transform(Node core) {
            if (core.is("TreeEnsemble")) {
                return core.whole("post_transform", 0) == 0 ? Optional.of(Transform.NONE) : Optional.empty();
            }
            return switch (core.word("post_transform", "NONE")) {
                case "NONE" -> Optional.of(Transform.NONE);
                case "LOGISTIC" -> Optional.of(Transform.LOGISTIC);
                case "SOFTMAX" -> Optional.of(Transform.SOFTMAX);
                default -> Optional.empty();
            };
        }

        private static double[] base(Node core) {
            double[] plain = core.numbers("base_values");
            return plain.length > 0 ? plain : core.numbers("base_values_as_tensor");
        }

        private static Optional<Rule> classifier(Node core) {
            List<String> classes = OnnxFile.classes(core);
            Optional<Transform> transform = transform(core);
            double[] base = base(core);
            if (classes.size() < 2 || transform.isEmpty()) {
                return Optional.empty();
            }
            long[] ids = core.wholes("class_ids");
            boolean one = classes.size() == 2
                    && java.util.Arrays.stream(ids).distinct().count() == 1;
            if (!one) {
                return base.length == 0 || base.length == classes.size()
                        ? Optional.of(new Rule(
                                classes.size(),
                                classes.size(),
                                base.length == 0 ? new double[classes.size()] : base,
                                1,
                                transform.get(),
                                classes,
                                false))
                        : Optional.empty();
            }
            double[] weights = core.numbers("class_weights");
            double[] given = weights.length > 0 ? weights : core.numbers("class_weights_as_tensor");
            boolean positive = java.util.Arrays.stream(given).allMatch(weight -> weight >= 0);
            boolean known = positive ? transform.get() == Transform.NONE : transform.get() == Transform.LOGISTIC;
            return known && base.length <= 1 && ids[0] == 0
                    ? Optional.of(new Rule(
                            1, 2, base.length == 0 ? new double[1] : base, 1, transform.get(), classes, positive))
                    : Optional.empty();
        }

        private static Optional<Rule> regressor(OnnxModel model, Node core) {
            Optional<Transform> transform = transform(core);
            if (transform.isPresent() && transform.get() != Transform.NONE) {
                throw model.problem("asks for post_transform " + transform.get() + " of a " + core.operator()
                        + ", which ONNX Runtime leaves out: it would answer margins. Export it as a classifier, or with the"
                        + " transform as a node of its own");
            }
            long targets = core.is("LinearRegressor") ? core.whole("targets", 1) : core.whole("n_targets", 1);
            if (transform.isEmpty() || targets < 1 || targets > 100_000) {
                return Optional.empty();
            }
            int sums = (int) targets;
            double[] base = base(core);
            String aggregate = core.is("TreeEnsemble")
                    ? List.of("AVERAGE", "SUM", "MIN", "MAX")
                            .get((int) Math.clamp(core.whole("aggregate_function", 1), 0, 3))
                    : core.word("aggregate_function", "SUM");
            if (!aggregate.equals("SUM") && !aggregate.equals("AVERAGE") || base.length != 0 && base.length != sums) {
                return Optional.empty();
            }
            double divisor = aggregate.equals("AVERAGE") ? trees(core) : 1;
            return Optional.of(new Rule(
                    sums, sums, base.length == 0 ? new double[sums] : base, divisor, Transform.NONE, List.of(), false));
        }

        private static long trees(Node core) {
            return core.is("TreeEnsemble")
                    ? core.wholes("tree_roots").length
                    : java.util.Arrays.stream(core.wholes("nodes_treeids"))
                            .distinct()
                            .count();
        }

        private static Optional<Rule> linear(Node core) {
            List<String> classes = OnnxFile.classes(core);
            Optional<Transform> transform = transform(core);
            int rows = core.numbers("intercepts").length;
            return transform.isPresent() && classes.size() >= 2 && rows == classes.size()
                    ? Optional.of(new Rule(rows, rows, new double[rows], 1, transform.get(), classes, false))
                    : Optional.empty();
        }
    }

    /** How many sums the trees or the coefficients give. */
    int sums() {
        return rule.sums;
    }

    @Override
    public List<Signature.Output> outputs() {
        return chosen.outputs();
    }

    @Override
    public double[][] answers(double[] sums, int rows) {
        int width = rule.width;
        double[] scores = new double[rows * width];
        double[] label = new double[rows];
        for (int row = 0; row < rows; row++) {
            row(sums, row, scores, label);
        }
        double[][] all = new double[own.size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = labels.get(i) ? labelled(label, own.get(i)) : scores;
        }
        return chosen.answers(all, rows);
    }

    private void row(double[] sums, int row, double[] scores, double[] label) {
        int at = row * rule.width;
        int from = row * rule.sums;
        int best = 0;
        for (int k = 0; k < rule.sums; k++) {
            float sum = (float) (rule.divisor == 1 ? sums[from + k] : (float) sums[from + k] / (float) rule.divisor);
            scores[at + k] = sum + (float) rule.base[k];
            best = scores[at + k] > scores[at + best] ? k : best;
        }
        if (rule.sums < rule.width) {
            double one = scores[at];
            label[row] = one > (rule.shares ? 0.5 : 0) ? 1 : 0;
            scores[at] = rule.shares ? 1 - (float) one : logistic(-one);
            scores[at + 1] = rule.shares ? one : logistic(one);
            return;
        }
        label[row] = best;
        switch (rule.transform) {
            case NONE -> {}
            case LOGISTIC -> {
                for (int k = 0; k < rule.width; k++) {
                    scores[at + k] = logistic(scores[at + k]);
                }
            }
            case SOFTMAX -> softmax(scores, at, rule.width);
        }
        if (normalised) {
            float total = 0;
            for (int k = 0; k < rule.width; k++) {
                total += (float) Math.abs(scores[at + k]);
            }
            for (int k = 0; k < rule.width; k++) {
                scores[at + k] = total == 0 ? scores[at + k] : (float) scores[at + k] / total;
            }
        }
    }

    private static float logistic(double score) {
        float high = 1 / (1 + Exponential.exp(-Math.abs((float) score)));
        return score < 0 ? 1 - high : high;
    }

    private static void softmax(double[] scores, int at, int width) {
        double greatest = scores[at];
        for (int k = 1; k < width; k++) {
            greatest = Math.max(greatest, scores[at + k]);
        }
        float total = 0;
        for (int k = 0; k < width; k++) {
            scores[at + k] = Exponential.exp((float) (scores[at + k] - greatest));
            total += (float) scores[at + k];
        }
        for (int k = 0; k < width; k++) {
            scores[at + k] = (float) scores[at + k] / total;
        }
    }

    /** Words are answered by their place among the classes, numbers by themselves. */
    private double[] labelled(double[] place, TaskOutputs.Own label) {
        if (label.datatype() == Signature.Datatype.BYTES) {
            return place;
        }
        double[] numbers = new double[place.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.parseDouble(rule.classes.get((int) place[i]));
        }
        return numbers;
    }
}
