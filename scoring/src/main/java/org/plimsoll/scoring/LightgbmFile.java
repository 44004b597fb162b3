package org.plimsoll.scoring;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
 *  …
 *  pandas_categorical:[["ATL","ORD"]]  how pandas numbered the columns of dtype category
 * </pre>
 *
 * <p>Linear leaves are refused. Where nothing was missing in training, a missing value is a zero.
 *
 * <p>[1] LightGBM, src/io/tree.cpp (Tree::ToString) and src/boosting/gbdt_model_text.cpp.
 *
 * <p>[2] LightGBM, src/c_api.cpp (RowPairFunctionFromDenseMatric): a row's values up to kZeroThreshold are left out, and so are 0.
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

    /** What stands behind the trees and is read. */
    private static final String PANDAS = "pandas_categorical:";

    /** What the first block says. */
    private record Header(
            int features, int width, String objective, List<String> names, List<String> infos, boolean averages) {}

    private final LightgbmText text;
    private final boolean withCover;
    private long words;

    private LightgbmFile(String file, byte[] bytes, boolean withCover) {
        this.text = new LightgbmText(file, bytes);
        this.withCover = withCover;
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
        return new TreeShap(trees, flat.cover(), new float[0]);
    }

    private static LightgbmFile of(String file, byte[] bytes, boolean withCover) {
        if (!is(bytes)) {
            throw Problem.of(Problem.Kind.INVALID, file + " is no model of LightGBM: its first line is not 'tree'");
        }
        return new LightgbmFile(file, bytes, withCover);
    }

    private TreeEngine engine(FlatTreesBuilder flat) {
        Header header = header();
        int width = header.width;
        int trees = 0;
        while (text.skipEmpty() && text.startsWith("Tree=")) {
            text.readBlock();
            flat.add(tree(), trees % width, 1);
            trees++;
        }
        if (!text.is("end of trees")) {
            throw text.problem("expected 'Tree=' or 'end of trees'; the file may be cut off");
        }
        if (trees % width != 0) {
            throw text.problem(trees + " trees for " + width + " outputs");
        }
        BitSet zeroIsMissing = flat.zeroIsMissing();
        FlatTrees ensemble = zeroIsMissing.isEmpty()
                ? new DoubleTrees(flat, width, header.features)
                : new DoubleTrees(
                        flat,
                        new ZeroSplits(flat.categories(true), zeroIsMissing, flat.threshold()),
                        width,
                        header.features);
        return answering(header, ensemble, trees / width);
    }

    private Header header() {
        text.readBlock();
        String version = text.text("version");
        if (!version.equals("v3") && !version.equals("v4")) {
            throw text.problem("version " + version + " is not supported; v3 and v4 are");
        }
        int features = text.whole("max_feature_idx") + 1;
        int width = text.whole("num_tree_per_iteration");
        if (features < 1 || features > 10_000_000 || width < 1 || width > 100_000) {
            throw text.problem("the model claims " + features + " features and " + width + " outputs");
        }
        List<String> names = List.of(text.text("feature_names", "").split(" +", -1));
        if (names.size() != features) {
            throw text.problem(names.size() + " feature names for " + features + " features");
        }
        List<String> infos = List.of(text.text("feature_infos", "").split(" +", -1));
        return new Header(
                features,
                width,
                text.text("objective"),
                names,
                infos.size() == features ? infos : List.of(),
                text.has("average_output"));
    }

    private TreeEngine answering(Header header, FlatTrees trees, int iterations) {
        String[] objective = header.objective.split(" ", -1);
        Link link = OBJECTIVES.get(objective[0]);
        if (link == null) {
            throw text.problem("objective " + objective[0] + " is not supported; supported are "
                    + String.join(", ", OBJECTIVES.keySet().stream().sorted().toList()));
        }
        double steepness = 1;
        for (int i = 1; i < objective.length; i++) {
            if (objective[i].equals("sqrt")) {
                link = Link.SQUARE;
            }
            if (objective[i].startsWith("sigmoid:")) {
                steepness = text.number(objective[i].substring("sigmoid:".length()));
            }
        }
        boolean unnamed = header.names.getFirst().equals("Column_0");
        double divisor = header.averages ? Math.max(1, iterations) : 1;
        Head head = new LinkHead(link, Precision.DOUBLE, trees.width(), divisor, steepness);
        return new TreeEngine(trees, head, unnamed ? List.of() : header.names, categories(header), "", false);
    }

    /**
     * The lists behind the trees by which a table's columns of categories were numbered. Which features they belong to does not
     * stand there: they are those whose range is a list of values, in order.
     */
    private CategoryCodes categories(Header header) {
        List<List<String>> lists = lists();
        if (lists.isEmpty()) {
            return CategoryCodes.NONE;
        }
        int[] known = ofKind(header, info -> !info.startsWith("[") && !info.equals("none"));
        int[] possible = ofKind(header, info -> !info.startsWith("["));
        int[] features = known.length == lists.size() ? known : possible;
        if (features.length != lists.size()) {
            throw text.problem("pandas numbered the categories of " + lists.size() + " columns, and the model has "
                    + known.length + " features of categories: the file does not say which belong together; train with"
                    + " either columns of dtype category or categorical_feature, not with both");
        }
        List<List<String>> byFeature = new ArrayList<>(Collections.nCopies(header.features, List.of()));
        for (int i = 0; i < features.length; i++) {
            byFeature.set(features[i], lists.get(i));
        }
        return new CategoryCodes(byFeature, Transform.Unknown.MISSING);
    }

    private static int[] ofKind(Header header, Predicate<String> kind) {
        return IntStream.range(0, header.infos.size())
                .filter(i -> kind.test(header.infos.get(i)))
                .toArray();
    }

    private List<List<String>> lists() {
        boolean isInParameters = false;
        for (; text.skipEmpty(); text.rest("")) {
            isInParameters = !text.is("end of parameters") && (isInParameters || text.is("parameters:"));
            if (text.startsWith(PANDAS)) {
                return lists(text.rest(PANDAS));
            }
        }
        if (isInParameters) {
            throw text.problem("the file is cut off: its parameters do not end");
        }
        return List.of();
    }

    private List<List<String>> lists(String json) {
        try {
            List<List<String>> lists = new ArrayList<>();
            for (JsonNode column : Json.MAPPER.readTree(json)) {
                List<String> values = new ArrayList<>();
                for (JsonNode value : column) {
                    if (!value.isString() && !value.isIntegralNumber() && !value.isBoolean()) {
                        throw text.problem(
                                value + " in " + PANDAS + " is no category: words, whole numbers and booleans are");
                    }
                    values.add(value.asString());
                }
                lists.add(values);
            }
            return lists;
        } catch (JacksonException e) {
            throw text.problem(PANDAS + " is no list of lists; the file may be cut off: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private LightgbmTree tree() {
        int leaves = text.whole("num_leaves");
        if (leaves < 1) {
            throw text.problem("a tree of " + leaves + " leaves");
        }
        if (!text.text("is_linear", "0").equals("0")) {
            throw text.problem("linear leaves are not supported");
        }
        double[] leaf = text.numbers("leaf_value", leaves);
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
        int[] feature = text.wholes("split_feature", splits);
        double[] threshold = text.numbers("threshold", splits);
        int[] decision = text.wholes("decision_type", splits);
        int[] left = text.wholes("left_child", splits);
        int[] right = text.wholes("right_child", splits);
        double[] below = new double[splits];
        boolean[] missingLeft = new boolean[splits];
        boolean[] zeroIsMissing = new boolean[splits];
        long[][] sets = new long[splits][];
        boolean any = text.has("cat_boundaries");
        int[] boundaries = any ? text.wholes("cat_boundaries") : new int[0];
        long[] bits = any ? text.longs("cat_threshold") : new long[0];
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
                below[i] = leastRight(threshold[i]);
                zeroIsMissing[i] = missing == ZERO_IS_MISSING;
                missingLeft[i] = missing != NOTHING_IS_MISSING ? (decision[i] & DEFAULT_LEFT) != 0 : 0 <= threshold[i];
            }
        }
        double[] covers = withCover ? covers(splits, leaves) : new double[0];
        return new LightgbmTree(left, right, feature, below, missingLeft, zeroIsMissing, sets, leaf, covers);
    }

    /** The rows that passed each split, then each leaf. */
    private double[] covers(int splits, int leaves) {
        double[] covers = Arrays.copyOf(text.numbers("internal_count", splits), splits + leaves);
        System.arraycopy(text.numbers("leaf_count", leaves), 0, covers, splits, leaves);
        return covers;
    }

    /**
     * The least number that goes right: x &lt;= threshold is x &lt; that. LightGBM takes what is within {@link ZeroSplits#ZERO} of
     * zero for zero before it compares [2].
     */
    private double leastRight(double threshold) {
        if (Double.isNaN(threshold)) {
            throw text.problem("a split at NaN");
        }
        if (Math.abs(threshold) <= ZeroSplits.ZERO) {
            return threshold < 0 ? -ZeroSplits.ZERO : Math.nextUp(ZeroSplits.ZERO);
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
            throw text.problem("a split by category points outside its arrays");
        }
        int count = boundaries[index + 1] - boundaries[index];
        words += count + 1;
        if (words > MOST_WORDS) {
            throw text.problem("the model's categories are too great and too many");
        }
        long[] set = new long[Math.max(1, count + 1 >>> 1)];
        for (int i = 0; i < count; i++) {
            set[i >>> 1] |= (bits[boundaries[index] + i] & 0xffff_ffffL) << ((i & 1) << 5);
        }
        return set;
    }
}
