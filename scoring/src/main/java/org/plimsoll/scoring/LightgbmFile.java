package org.plimsoll.scoring;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;

/**
 * A model file of LightGBM: text of version v3 or v4, lines {@code key=value}, one block for each tree [1].
 *
 * <pre>
 *  tree
 *  version=v4
 *  num_class=1
 *  num_tree_per_iteration=1
 *  max_feature_idx=3
 *  objective=binary sigmoid:1
 *  feature_names=distance hour origin weekday
 *  average_output                      of random forests: sums are divided by the number of iterations
 *
 *  Tree=0
 *  num_leaves=5
 *  num_cat=1
 *  split_feature=0 3 0 0               four arrays over the splits; a child below zero is leaf -1-child
 *  threshold=0.4 0 -0.5 0.3            of a split by category: which part of cat_threshold
 *  decision_type=10 9 8 10             bit 0: by category; bit 1: missing goes left; bits 2-3: what is missing: 0 nothing, 1 zero, 2 NaN
 *  left_child=1 2 -1 -3   right_child=-2 3 -4 -5   leaf_value=…
 *  cat_boundaries=0 1     cat_threshold=170          bits of 32 categories; those in the set go left
 *
 *  end of trees
 * </pre>
 *
 * <p>Linear leaves are refused. Where nothing was missing in training, a missing value is a zero.
 *
 * <p>[1] LightGBM, src/io/tree.cpp (Tree::ToString) and src/boosting/gbdt_model_text.cpp.
 */
final class LightgbmFile {

    private static final int CATEGORICAL = 1;
    private static final int DEFAULT_LEFT = 2;
    private static final int NOTHING_IS_MISSING = 0;
    private static final int ZERO_IS_MISSING = 1;
    private static final long MOST_WORDS = 1 << 24;

    /** Those whose scores were proved equal to LightGBM's own over random models. */
    private static final Map<String, Link> OBJECTIVES = Map.ofEntries(
            Map.entry("binary", Link.LOGISTIC),
            Map.entry("cross_entropy", Link.LOGISTIC),
            Map.entry("cross_entropy_lambda", Link.LOG1P_EXP),
            Map.entry("fair", Link.IDENTITY),
            Map.entry("gamma", Link.EXP),
            Map.entry("huber", Link.IDENTITY),
            Map.entry("lambdarank", Link.SCORE),
            Map.entry("mape", Link.IDENTITY),
            Map.entry("multiclass", Link.SOFTMAX),
            Map.entry("multiclassova", Link.LOGISTIC),
            Map.entry("poisson", Link.EXP),
            Map.entry("quantile", Link.IDENTITY),
            Map.entry("rank_xendcg", Link.SCORE),
            Map.entry("regression", Link.IDENTITY),
            Map.entry("regression_l1", Link.IDENTITY),
            Map.entry("tweedie", Link.EXP));

    private final String file;
    private final boolean withCover;
    private final String[] lines;
    private int line;
    private long words;

    private LightgbmFile(String file, byte[] bytes, boolean withCover) {
        this.file = file;
        this.withCover = withCover;
        this.lines = new String(bytes, StandardCharsets.UTF_8).split("\r?\n", -1);
    }

    /** Whether these bytes begin like a model of LightGBM. */
    static boolean is(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, 5), StandardCharsets.UTF_8).equals("tree\n")
                || new String(bytes, 0, Math.min(bytes.length, 6), StandardCharsets.UTF_8).equals("tree\r\n");
    }

    static TreeEngine read(String file, byte[] bytes) {
        return of(file, bytes, false).engine(new FlatTreesBuilder());
    }

    /** What explains this file's scores. @throws Problem where its trees do not tell what passed their splits */
    static TreeShap explainer(String file, byte[] bytes) {
        FlatTreesBuilder flat = new FlatTreesBuilder(true);
        FlatTrees trees = of(file, bytes, true).engine(flat).trees();
        return new TreeShap(trees, flat.cover());
    }

    private static LightgbmFile of(String file, byte[] bytes, boolean withCover) {
        if (!is(bytes)) {
            throw Problem.of(Problem.Kind.INVALID, file + " is no model of LightGBM: its first line is not 'tree'");
        }
        return new LightgbmFile(file, bytes, withCover);
    }

    private TreeEngine engine(FlatTreesBuilder flat) {
        Map<String, String> header = block();
        String version = text(header, "version");
        if (!version.equals("v3") && !version.equals("v4")) {
            throw problem("version " + version + " is not supported; v3 and v4 are");
        }
        int features = whole(header, "max_feature_idx") + 1;
        int width = whole(header, "num_tree_per_iteration");
        if (features < 1 || features > 10_000_000 || width < 1 || width > 100_000) {
            throw problem("the model claims " + features + " features and " + width + " outputs");
        }
        int trees = 0;
        while (skipEmpty() && lines[line].startsWith("Tree=")) {
            flat.add(tree(block()), trees % width, 1);
            trees++;
        }
        if (line >= lines.length || !lines[line].equals("end of trees")) {
            throw problem("expected 'Tree=' or 'end of trees'; the file may be cut off");
        }
        if (trees % width != 0) {
            throw problem(trees + " trees for " + width + " outputs");
        }
        BitSet zeroIsMissing = flat.zeroIsMissing();
        FlatTrees ensemble = zeroIsMissing.isEmpty()
                ? new DoubleTrees(flat, width, features)
                : new DoubleTrees(
                        flat, new ZeroSplits(flat.categories(true), zeroIsMissing, flat.threshold()), width, features);
        return answering(header, ensemble, trees / width, features);
    }

    private TreeEngine answering(Map<String, String> header, FlatTrees trees, int iterations, int features) {
        String[] objective = text(header, "objective").split(" ", -1);
        Link link = OBJECTIVES.get(objective[0]);
        if (link == null) {
            throw problem("objective " + objective[0] + " is not supported; supported are "
                    + String.join(", ", OBJECTIVES.keySet().stream().sorted().toList()));
        }
        double steepness = 1;
        for (int i = 1; i < objective.length; i++) {
            if (objective[i].equals("sqrt")) {
                link = Link.SQUARE;
            }
            if (objective[i].startsWith("sigmoid:")) {
                steepness = number(objective[i].substring("sigmoid:".length()));
            }
        }
        List<String> names =
                List.of(header.getOrDefault("feature_names", "").strip().split(" +", -1));
        if (names.size() != features) {
            throw problem(names.size() + " feature names for " + features + " features");
        }
        boolean unnamed = names.getFirst().equals("Column_0");
        double divisor = header.containsKey("average_output") ? Math.max(1, iterations) : 1;
        Head head = new LinkHead(link, Precision.DOUBLE, trees.width(), divisor, steepness);
        return new TreeEngine(trees, head, unnamed ? List.of() : names, "", false);
    }

    private boolean skipEmpty() {
        while (line < lines.length && lines[line].isBlank()) {
            line++;
        }
        return line < lines.length;
    }

    /** The lines up to the next empty one. */
    private Map<String, String> block() {
        Map<String, String> values = new HashMap<>();
        for (; line < lines.length && !lines[line].isBlank(); line++) {
            int mark = lines[line].indexOf('=');
            values.put(mark < 0 ? lines[line] : lines[line].substring(0, mark), lines[line].substring(mark + 1));
        }
        return values;
    }

    private LightgbmTree tree(Map<String, String> values) {
        int leaves = whole(values, "num_leaves");
        if (leaves < 1) {
            throw problem("a tree of " + leaves + " leaves");
        }
        if (!values.getOrDefault("is_linear", "0").equals("0")) {
            throw problem("linear leaves are not supported");
        }
        double[] leaf = numbers(values, "leaf_value", leaves);
        if (leaves == 1) {
            double[] covers = withCover ? new double[1] : new double[0]; // nothing passes a split
            return new LightgbmTree(
                    new int[0],
                    new int[0],
                    new int[0],
                    new double[0],
                    new boolean[0],
                    new boolean[0],
                    new long[0][],
                    leaf,
                    covers);
        }
        int splits = leaves - 1;
        int[] feature = wholes(values, "split_feature", splits);
        double[] threshold = numbers(values, "threshold", splits);
        int[] decision = wholes(values, "decision_type", splits);
        int[] left = wholes(values, "left_child", splits);
        int[] right = wholes(values, "right_child", splits);
        double[] below = new double[splits];
        boolean[] missingLeft = new boolean[splits];
        boolean[] zeroIsMissing = new boolean[splits];
        long[][] sets = new long[splits][];
        boolean any = values.containsKey("cat_boundaries");
        int[] boundaries = any ? wholes(values, "cat_boundaries", -1) : new int[0];
        long[] bits = any ? longs(values, "cat_threshold") : new long[0];
        for (int i = 0; i < splits; i++) {
            int missing = decision[i] >> 2 & 3;
            if ((decision[i] & CATEGORICAL) != 0) {
                sets[i] = categories(boundaries, bits, threshold[i]);
                int other = left[i]; // those in the set go left here, and right in our trees
                left[i] = right[i];
                right[i] = other;
                missingLeft[i] = true;
                below[i] = 0;
            } else {
                sets[i] = LightgbmTree.NO_CATEGORIES;
                below[i] = firstAbove(threshold[i]);
                zeroIsMissing[i] = missing == ZERO_IS_MISSING;
                missingLeft[i] = missing != NOTHING_IS_MISSING ? (decision[i] & DEFAULT_LEFT) != 0 : 0 <= threshold[i];
            }
        }
        double[] covers = withCover ? covers(values, splits, leaves) : new double[0];
        return new LightgbmTree(left, right, feature, below, missingLeft, zeroIsMissing, sets, leaf, covers);
    }

    /** The rows that passed each split, then each leaf. */
    private double[] covers(Map<String, String> values, int splits, int leaves) {
        double[] covers = Arrays.copyOf(numbers(values, "internal_count", splits), splits + leaves);
        System.arraycopy(numbers(values, "leaf_count", leaves), 0, covers, splits, leaves);
        return covers;
    }

    /** The least number greater than this one: x <= threshold is x < that. */
    private double firstAbove(double threshold) {
        if (Double.isNaN(threshold)) {
            throw problem("a split at NaN");
        }
        return Math.nextUp(threshold);
    }

    private long[] categories(int[] boundaries, long[] bits, double part) {
        int index = (int) part;
        if (index < 0
                || index + 1 >= boundaries.length
                || boundaries[index] < 0
                || boundaries[index + 1] < boundaries[index]
                || boundaries[index + 1] > bits.length) {
            throw problem("a split by category points outside its arrays");
        }
        int count = boundaries[index + 1] - boundaries[index];
        words += count + 1;
        if (words > MOST_WORDS) {
            throw problem("the model's categories are too great and too many");
        }
        long[] set = new long[Math.max(1, count + 1 >>> 1)];
        for (int i = 0; i < count; i++) {
            set[i >>> 1] |= (bits[boundaries[index] + i] & 0xffff_ffffL) << ((i & 1) << 5);
        }
        return set;
    }

    private String text(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw problem("there is no " + key);
        }
        return value.strip();
    }

    private int whole(Map<String, String> values, String key) {
        return whole(text(values, key));
    }

    private int whole(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw problem(text + " is no whole number");
        }
    }

    private double number(String text) {
        if (text.equals("inf") || text.equals("-inf")) {
            return text.equals("inf") ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw problem(text + " is no number");
        }
    }

    private String[] parts(Map<String, String> values, String key, int expected) {
        String text = text(values, key);
        String[] parts = text.isEmpty() ? new String[0] : text.split(" +", -1);
        if (expected >= 0 && parts.length != expected) {
            throw problem(key + " has " + parts.length + " values, and the tree " + expected);
        }
        return parts;
    }

    private int[] wholes(Map<String, String> values, String key, int expected) {
        return Arrays.stream(parts(values, key, expected)).mapToInt(this::whole).toArray();
    }

    private double[] numbers(Map<String, String> values, String key, int expected) {
        return Arrays.stream(parts(values, key, expected))
                .mapToDouble(this::number)
                .toArray();
    }

    private long[] longs(Map<String, String> values, String key) {
        List<Long> all = new ArrayList<>();
        for (String part : parts(values, key, -1)) {
            try {
                all.add(Long.parseLong(part));
            } catch (NumberFormatException _) {
                throw problem(part + " is no whole number");
            }
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    private Problem problem(String what) {
        return Problem.of(Problem.Kind.INVALID, file + ", line " + Math.min(line + 1, lines.length) + ": " + what);
    }
}
