package org.plimsoll.statistics;

/**
 * A sigmoid that turns scores into probabilities (scikit-learn {@code CalibratedClassifierCV(method='sigmoid')}).
 *
 * <p>Formula [1]: {@code p = 1/(1 + exp(slope·s + intercept))}, fitted by maximum likelihood to softened targets {@code (N₊ +
 * 1)/(N₊ + 2)} and {@code 1/(N₋ + 2)}, which keeps the fit finite even when the classes separate. Newton steps with halving until
 * the gradient vanishes to rounding; scores are standardised inside, so any scale will do. O(n) a step, about ten steps. All
 * scores equal, one class only, no rows, NaN: a Problem.
 *
 * <p>[1] J. Platt, "Probabilistic outputs for support vector machines", 1999; H.-T. Lin, C.-J. Lin, R. Weng, Machine Learning 68, 2007.
 */
public record PlattScaling(double slope, double intercept) {

    private static final int MOST_STEPS = 200;

    public PlattScaling {
        Inputs.finite("slope", slope);
        Inputs.finite("intercept", intercept);
    }

    /** Fits scores to the classes of their rows; each class needs some weight. */
    public static PlattScaling fit(double[] scores, boolean[] positive, double[] weights) {
        BinaryRows.check("Platt scaling", scores, positive);
        Inputs.weights(weights, scores.length);
        double above = BinaryRows.weightOf("Platt scaling", true, positive, weights);
        double below = BinaryRows.weightOf("Platt scaling", false, positive, weights);
        double mean = Sum.mean(scores, weights);
        Influence centred = Influence.mean(scores, weights);
        double[] squares = centred.values().clone();
        for (int i = 0; i < squares.length; i++) {
            squares[i] *= squares[i];
        }
        double deviation = Math.sqrt(Sum.mean(squares, weights));
        if (deviation == 0) {
            throw Inputs.undefined("Platt scaling", "all scores are equal");
        }
        double[] x = centred.values();
        double[] targets = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] /= deviation;
            targets[i] = positive[i] ? (above + 1) / (above + 2) : 1 / (below + 2);
        }
        double[] fitted = newton(x, targets, weights, Math.log((below + 1) / (above + 1)));
        return new PlattScaling(fitted[0] / deviation, fitted[1] - fitted[0] * mean / deviation);
    }

    /** The probability of a score. */
    public double of(double score) {
        return 1 / (1 + Math.exp(slope * Inputs.finite("score", score) + intercept));
    }

    /** The probability of each score. */
    public double[] of(double[] scores) {
        double[] probabilities = new double[scores.length];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = of(scores[i]);
        }
        return probabilities;
    }

    private static double[] newton(double[] x, double[] targets, double[] weights, double start) {
        double a = 0;
        double b = start;
        double loss = loss(x, targets, weights, a, b);
        for (int step = 0; step < MOST_STEPS; step++) {
            Sum[] sums = {new Sum(), new Sum(), new Sum(), new Sum(), new Sum()};
            for (int i = 0; i < x.length; i++) {
                double p = 1 / (1 + Math.exp(a * x[i] + b));
                double error = weights[i] * (targets[i] - p);
                double curvature = weights[i] * p * (1 - p);
                sums[0].add(error * x[i]);
                sums[1].add(error);
                sums[2].add(curvature * x[i] * x[i]);
                sums[3].add(curvature * x[i]);
                sums[4].add(curvature);
            }
            double determinant = sums[2].value() * sums[4].value() - sums[3].value() * sums[3].value();
            double moveA = (sums[4].value() * sums[0].value() - sums[3].value() * sums[1].value()) / determinant;
            double moveB = (sums[2].value() * sums[1].value() - sums[3].value() * sums[0].value()) / determinant;
            if (!Double.isFinite(moveA) || !Double.isFinite(moveB)) {
                throw Inputs.undefined("Platt scaling", "the likelihood is flat");
            }
            double size = 2;
            double nextA;
            double nextB;
            double next;
            do {
                size /= 2;
                nextA = a - size * moveA;
                nextB = b - size * moveB;
                next = loss(x, targets, weights, nextA, nextB);
            } while (next > loss && size > 1e-10);
            a = nextA;
            b = nextB;
            loss = next;
            if (Math.hypot(moveA, moveB) <= 1e-14 * (1 + Math.hypot(a, b))) {
                break;
            }
        }
        return new double[] {a, b};
    }

    /** −Σw(t·ln p + (1 − t)·ln(1 − p)) with p = 1/(1 + exp(z)): Σw(t·z + ln(1 + exp(−z))). */
    private static double loss(double[] x, double[] targets, double[] weights, double a, double b) {
        Sum sum = new Sum();
        for (int i = 0; i < x.length; i++) {
            double z = a * x[i] + b;
            double softplus = z > 0 ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - z;
            sum.add(weights[i] * (targets[i] * z + softplus));
        }
        return sum.value();
    }
}
