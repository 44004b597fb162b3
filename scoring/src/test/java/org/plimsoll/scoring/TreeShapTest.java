package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Problem;

/** TreeSHAP against its definition: the Shapley value over all sets of features, computed the long way. */
class TreeShapTest {

    private static final int FEATURES = 6;

    /** A tree drawn at random; features come again on a path. */
    private static final class RandomTree implements FlatTreesBuilder.Tree {

        private final int[] left = new int[63];
        private final int[] feature = new int[63];
        private final double[] threshold = new double[63];
        private final boolean[] missingLeft = new boolean[63];
        private final double[] cover = new double[63];
        private int nodes = 1;

        RandomTree(Random random) {
            grow(random, 0, 0, 100);
        }

        private void grow(Random random, int node, int depth, double passing) {
            cover[node] = passing;
            threshold[node] = random.nextGaussian();
            if (depth == 5 || depth > 0 && random.nextInt(5) == 0) {
                left[node] = -1;
                return;
            }
            feature[node] = random.nextInt(FEATURES);
            missingLeft[node] = random.nextBoolean();
            left[node] = nodes;
            nodes += 2;
            double share = random.nextInt(8) == 0 ? 0 : random.nextDouble(); // nobody of the training rows went there
            grow(random, left[node], depth + 1, passing * share);
            grow(random, left[node] + 1, depth + 1, passing * (1 - share));
        }

        @Override
        public int nodes() {
            return nodes;
        }

        @Override
        public int left(int node) {
            return left[node];
        }

        @Override
        public int right(int node) {
            return left[node] + 1;
        }

        @Override
        public int feature(int node) {
            return feature[node];
        }

        @Override
        public double threshold(int node) {
            return threshold[node];
        }

        @Override
        public boolean missingLeft(int node) {
            return missingLeft[node];
        }

        @Override
        public double leaf(int node) {
            return threshold[node];
        }

        @Override
        public long[] categories(int node) {
            return new long[0];
        }

        @Override
        public double cover(int node) {
            return cover[node];
        }

        /** What is expected where only the features of this set are known. */
        double expected(int node, double[] x, int known) {
            if (left[node] < 0) {
                return threshold[node];
            }
            double value = x[feature[node]];
            if ((known >> feature[node] & 1) == 1) {
                boolean goesLeft = Double.isNaN(value) ? missingLeft[node] : value < threshold[node];
                return expected(goesLeft ? left[node] : left[node] + 1, x, known);
            }
            double below = cover[left[node]];
            double above = cover[left[node] + 1];
            double sum = 0;
            if (below > 0) {
                sum += below / cover[node] * expected(left[node], x, known);
            }
            if (above > 0) {
                sum += above / cover[node] * expected(left[node] + 1, x, known);
            }
            return sum;
        }

        /** No split that nobody passed: its shares would be 0 / 0. */
        boolean isCovered() {
            for (int node = 0; node < nodes; node++) {
                if (left[node] >= 0 && cover[node] == 0) {
                    return false;
                }
            }
            return true;
        }
    }

    @Test
    void contributions_ofRandomTrees_areTheShapleyValuesOverAllSets() {
        long seed = 1802_03888;
        Random random = new Random(seed);
        int checked = 0;
        for (int round = 0; checked < 60; round++) {
            RandomTree first = new RandomTree(random);
            RandomTree second = new RandomTree(random);
            if (!first.isCovered() || !second.isCovered()) {
                continue;
            }
            checked++;
            FlatTreesBuilder built = new FlatTreesBuilder(true);
            built.add(first, 0, 1);
            built.add(second, 0, 1);
            FlatTrees trees = new DoubleTrees(built, 1, FEATURES);
            TreeShap shap = new TreeShap(trees, built.cover(), new float[0]);
            double[] x = new double[FEATURES];
            for (int i = 0; i < FEATURES; i++) {
                x[i] = random.nextInt(6) == 0 ? Double.NaN : random.nextGaussian();
            }
            double[] given = shap.explain(x, 1);
            double sum = shap.base()[0];
            for (int i = 0; i < FEATURES; i++) {
                assertThat(given[i])
                        .as("seed %s round %s feature %s", seed, round, i)
                        .isCloseTo(shapley(first, x, i) + shapley(second, x, i), within(1e-10));
                sum += given[i];
            }
            assertThat(shap.base()[0]).isCloseTo(first.expected(0, x, 0) + second.expected(0, x, 0), within(1e-12));
            assertThat(sum).isCloseTo(trees.margins(x, 1)[0], within(1e-10));
        }
    }

    /** Σ over S without i of |S|! (n - |S| - 1)! / n! · (v(S + i) - v(S)). */
    private static double shapley(RandomTree tree, double[] x, int feature) {
        double sum = 0;
        for (int known = 0; known < 1 << FEATURES; known++) {
            if ((known >> feature & 1) == 0) {
                int size = Integer.bitCount(known);
                double weight = factorial(size) * factorial(FEATURES - size - 1) / factorial(FEATURES);
                sum += weight * (tree.expected(0, x, known | 1 << feature) - tree.expected(0, x, known));
            }
        }
        return sum;
    }

    private static double factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    @Test
    void fileWithoutCover_isRefusedWhereReasonsAreAsked_andScoresAllTheSame() {
        String tree = "{\"left_children\":[1,-1,-1],\"right_children\":[2,-1,-1],\"split_indices\":[0,0,0],"
                + "\"split_conditions\":[0.5,1,2],\"default_left\":[1,0,0]COVER}";
        String model = "{\"learner\":{\"gradient_booster\":{\"model\":{\"tree_info\":[0],\"trees\":[" + tree
                + "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"5E-1\",\"num_feature\":\"1\"},"
                + "\"objective\":{\"name\":\"reg:squarederror\"}},\"version\":[3,0,4]}";
        byte[] without = model.replace("COVER", "").getBytes(StandardCharsets.UTF_8);
        assertThat(XgboostFile.read("model.json", without).margins(new double[] {1}, 1))
                .containsExactly(2.5);
        assertThatThrownBy(() -> XgboostFile.explainer("model.json", without))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no sum_hessian");
        byte[] zero = model.replace("COVER", ",\"sum_hessian\":[0,0,0]").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> XgboostFile.explainer("model.json", zero))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("tree 0 has a node with the cover 0.0");
        byte[] whole = model.replace("COVER", ",\"sum_hessian\":[4,3,1]").getBytes(StandardCharsets.UTF_8);
        TreeShap shap = XgboostFile.explainer("model.json", whole);
        assertThat(shap.base()).containsExactly(0.5 + 1.25); // (3 · 1 + 1 · 2) / 4
        assertThat(shap.explain(new double[] {1}, 1)).containsExactly(0.75);
    }
}
