package org.plimsoll.scoring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A model file of XGBoost, version 1.x to 3.x, in JSON or UBJSON [1]: the boosters gbtree and dart, with the objectives of
 * {@link #OBJECTIVES}. Everything else is refused with its name rather than scored approximately.
 *
 * <p>Margins are added up in float as the version that wrote the file does: from the base score on; before 1.3 (dart: before
 * 1.4) from zero on, with the base score last.
 *
 * <p>The base score stands in the file as the mean answer (a probability, a count); margins begin with its inverse link. Since
 * 3.1 it may be a vector, one number for each output, or for several classes already a margin.
 *
 * <p>[1] XGBoost, doc/tutorials/saving_model.rst and doc/model.schema.
 *
 * <p>[2] XGBoost 3.2, src/data/cat_container.cc: {@code enc} has one entry for each feature. It refuses to predict for a category
 * that is not among them. Offsets count letters where the values are bytes, so that words beyond ASCII arrive cut off.
 */
final class XgboostFile {

    /** How an objective's base score becomes a margin. */
    private enum Base {
        AS_IS {
            @Override
            float margin(float score) {
                return score;
            }
        },
        LOGIT {
            @Override
            float margin(float score) {
                return -Logarithm.log(1f / score - 1f);
            }
        },
        LOG {
            @Override
            float margin(float score) {
                return Logarithm.log(score);
            }
        };

        abstract float margin(float score);
    }

    /** Sets of categories take 128 MiB at most, whatever a file claims. */
    private static final long MOST_WORDS = 1 << 24;

    private record Objective(Link link, Base base) {}

    /** Those whose scores were proved equal to XGBoost's own over random models. */
    private static final Map<String, Objective> OBJECTIVES = Map.ofEntries(
            Map.entry("binary:logistic", new Objective(Link.LOGISTIC, Base.LOGIT)),
            Map.entry("binary:logitraw", new Objective(Link.SCORE, Base.AS_IS)),
            Map.entry("count:poisson", new Objective(Link.EXP, Base.LOG)),
            Map.entry("multi:softprob", new Objective(Link.SOFTMAX, Base.AS_IS)),
            Map.entry("rank:map", new Objective(Link.SCORE, Base.AS_IS)),
            Map.entry("rank:ndcg", new Objective(Link.SCORE, Base.AS_IS)),
            Map.entry("rank:pairwise", new Objective(Link.SCORE, Base.AS_IS)),
            Map.entry("reg:absoluteerror", new Objective(Link.IDENTITY, Base.AS_IS)),
            Map.entry("reg:gamma", new Objective(Link.EXP, Base.LOG)),
            Map.entry("reg:linear", new Objective(Link.IDENTITY, Base.AS_IS)),
            Map.entry("reg:logistic", new Objective(Link.LOGISTIC, Base.LOGIT)),
            Map.entry("reg:pseudohubererror", new Objective(Link.IDENTITY, Base.AS_IS)),
            Map.entry("reg:squarederror", new Objective(Link.IDENTITY, Base.AS_IS)),
            Map.entry("reg:quantileerror", new Objective(Link.IDENTITY, Base.AS_IS)),
            Map.entry("reg:squaredlogerror", new Objective(Link.IDENTITY, Base.AS_IS)),
            Map.entry("reg:tweedie", new Objective(Link.EXP, Base.LOG)),
            Map.entry("survival:aft", new Objective(Link.EXP, Base.LOG)),
            Map.entry("survival:cox", new Objective(Link.EXP, Base.LOG)));

    /** Those that answer a class where a probability is needed, and the objective that trains the same model with one. */
    private static final Map<String, String> CLASSES =
            Map.of("binary:hinge", "binary:logistic", "multi:softmax", "multi:softprob");

    private final ModelTokens tokens;
    private final boolean withCover;
    private final List<XgboostTree> trees = new ArrayList<>();
    private long words;
    private int[] treeGroups = new int[0];
    private float[] weights = new float[0];
    private String booster = "gbtree";
    private String objective = "";
    private int[] written = new int[0];
    private String baseScore = "0.5";
    private int features;
    private int classes;
    private int targets = 1;
    private List<String> names = List.of();
    private CategoryCodes categories = CategoryCodes.NONE;
    private OptionalInt stoppedAt = OptionalInt.empty();
    private int parallel = 1;

    private XgboostFile(ModelTokens tokens, boolean withCover) {
        this.tokens = tokens;
        this.withCover = withCover;
    }

    /** The trees and the link of this file; {@code .json} is JSON, all else UBJSON unless it begins like JSON. */
    static TreeEngine read(String file, byte[] bytes) {
        return parsed(file, bytes, false).engine(new FlatTreesBuilder());
    }

    /** What explains this file's scores. @throws Problem where its trees do not tell what passed their splits */
    static TreeShap explainer(String file, byte[] bytes) {
        FlatTreesBuilder flat = new FlatTreesBuilder(true);
        XgboostFile model = parsed(file, bytes, true);
        return new TreeShap(model.engine(flat).trees(), flat.cover(), model.weights);
    }

    private static XgboostFile parsed(String file, byte[] bytes, boolean withCover) {
        try (JsonTokens json = new JsonTokens(file, new java.io.ByteArrayInputStream(bytes))) {
            ModelTokens tokens = isJson(bytes) ? json : new UbjTokens(file, ByteBuffer.wrap(bytes));
            XgboostFile model = new XgboostFile(tokens, withCover);
            model.document();
            return model;
        }
    }

    /** After the brace, JSON has a quote or white space, UBJSON the length of the first name. */
    private static boolean isJson(byte[] bytes) {
        int i = 1;
        while (i < bytes.length && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t')) {
            i++;
        }
        return bytes.length > i && bytes[0] == '{' && (bytes[i] == '"' || bytes[i] == '}');
    }

    private void document() {
        tokens.expect(ModelTokens.Kind.OBJECT, "an XGBoost model");
        boolean learner = false;
        while (tokens.hasName()) {
            if (tokens.text().equals("learner")) {
                learner();
                learner = true;
            } else if (tokens.text().equals("version")) {
                written = tokens.readInts();
            } else {
                tokens.skip();
            }
        }
        if (!learner) {
            throw tokens.problem("this is no XGBoost model: it has no learner");
        }
    }

    private void learner() {
        object(name -> {
            switch (name) {
                case "attributes" ->
                    object(attribute -> {
                        if (attribute.equals("best_iteration")) {
                            stoppedAt = OptionalInt.of(whole(tokens.readText()));
                        } else {
                            tokens.skip();
                        }
                    });
                case "feature_names" -> names = texts();
                case "gradient_booster" -> booster();
                case "learner_model_param" -> parameters();
                case "objective" ->
                    object(inner -> {
                        if (inner.equals("name")) {
                            objective = tokens.readText();
                        } else {
                            tokens.skip();
                        }
                    });
                default -> tokens.skip();
            }
        });
    }

    private void parameters() {
        object(name -> {
            switch (name) {
                case "base_score" -> baseScore = tokens.readText();
                case "num_feature" -> features = whole(tokens.readText());
                case "num_class" -> classes = whole(tokens.readText());
                case "num_target" -> targets = whole(tokens.readText());
                default -> tokens.skip();
            }
        });
    }

    private void booster() {
        object(name -> {
            switch (name) {
                case "name" -> booster = tokens.readText();
                case "model" -> model();
                case "gbtree" -> booster();
                case "weight_drop" -> weights = tokens.readFloats();
                default -> tokens.skip();
            }
        });
    }

    private void model() {
        object(name -> {
            switch (name) {
                case "trees" -> {
                    tokens.expect(ModelTokens.Kind.ARRAY, "trees");
                    while (tokens.hasElement()) {
                        XgboostTree tree = XgboostTree.read(tokens, withCover);
                        words += tree.words();
                        if (words > MOST_WORDS) {
                            throw tokens.problem("the model's categories are too great and too many");
                        }
                        trees.add(tree);
                    }
                }
                case "cats" -> categories();
                case "tree_info" -> treeGroups = tokens.readInts();
                case "gbtree_model_param" ->
                    object(parameter -> {
                        if (parameter.equals("num_parallel_tree")) {
                            parallel = Math.max(1, whole(tokens.readText()));
                        } else {
                            tokens.skip();
                        }
                    });
                default -> tokens.skip();
            }
        });
    }

    /** What a table's columns of categories were numbered by, since version 3.1 [2]. */
    private void categories() {
        List<List<String>> all = new ArrayList<>();
        object(name -> {
            if (!name.equals("enc")) {
                tokens.skip();
                return;
            }
            tokens.expect(ModelTokens.Kind.ARRAY, "an array of encodings");
            while (tokens.hasElement()) {
                all.add(encoding(all.size()));
            }
        });
        if (all.stream().anyMatch(each -> !each.isEmpty())) {
            categories = new CategoryCodes(all, Transform.Unknown.REFUSE);
        }
    }

    /** Whole numbers as they are; words as bytes in a row, with where each begins and the last one ends. */
    private List<String> encoding(int feature) {
        int[] offsets = new int[0];
        int[] values = new int[0];
        boolean isText = false;
        if (tokens.current() != ModelTokens.Kind.OBJECT) {
            throw tokens.problem("expected an encoding");
        }
        while (tokens.hasName()) {
            switch (tokens.text()) {
                case "offsets" -> {
                    offsets = tokens.readInts();
                    isText = true;
                }
                case "values" -> values = tokens.readInts();
                default -> tokens.skip();
            }
        }
        if (!isText) {
            return Arrays.stream(values).mapToObj(Integer::toString).toList();
        }
        List<String> words = new ArrayList<>();
        for (int i = 0; i + 1 < offsets.length; i++) {
            StringBuilder word = new StringBuilder();
            if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || offsets[i + 1] > values.length) {
                throw tokens.problem("the categories of feature " + feature + " stand outside of their array");
            }
            for (int at = offsets[i]; at < offsets[i + 1]; at++) {
                if (values[at] < 0 || values[at] > 127) {
                    throw tokens.problem(
                            "the categories of feature " + feature + " have letters beyond ASCII, and XGBoost"
                                    + " cuts such words off when it writes them; name the categories in ASCII, or number them in"
                                    + " features of your own");
                }
                word.append((char) values[at]);
            }
            words.add(word.toString());
        }
        return words;
    }

    private TreeEngine engine(FlatTreesBuilder flat) {
        // "gbtree" inside dart has a name of its own, so dart is known by its weights
        if (!booster.equals("gbtree") && !booster.equals("dart")) {
            throw tokens.problem("booster " + booster + " is not supported; gbtree and dart are");
        }
        Objective known = OBJECTIVES.get(objective);
        if (CLASSES.containsKey(objective)) {
            throw tokens.problem("objective " + objective + " is not supported: it answers a class and no probability;"
                    + " train with " + CLASSES.get(objective));
        }
        if (known == null) {
            throw tokens.problem("objective " + objective + " is not supported; supported are "
                    + String.join(", ", OBJECTIVES.keySet().stream().sorted().toList()));
        }
        if (targets > 1) {
            throw tokens.problem("models of " + targets + " targets are not supported");
        }
        if (features < 1 || features > 10_000_000) {
            throw tokens.problem("the model claims " + features + " features");
        }
        if (classes < 0 || classes > 100_000) {
            throw tokens.problem("the model claims " + classes + " classes");
        }
        if (!categories.byFeature().isEmpty() && categories.byFeature().size() != features) {
            throw tokens.problem("the file numbers the categories of "
                    + categories.byFeature().size() + " features, and there are " + features);
        }
        if (treeGroups.length != trees.size()) {
            throw tokens.problem("tree_info tells of " + treeGroups.length + " trees, and there are " + trees.size());
        }
        if (weights.length != 0 && weights.length != trees.size()) {
            throw tokens.problem("weight_drop tells of " + weights.length + " trees, and there are " + trees.size());
        }
        long best = stoppedAt.orElse(Integer.MAX_VALUE) + 1L;
        boolean goesOn = best * parallel * Math.max(1, classes) < trees.size();
        for (int i = 0; i < trees.size(); i++) {
            // XGBoost multiplies contributions by a tree's weight, and margins by a leaf's: of what is explained,
            // TreeShap does it
            boolean isWeighted = weights.length > 0 && !withCover;
            flat.add(trees.get(i), treeGroups[i], isWeighted ? weights[i] : 1);
            trees.set(i, XgboostTree.NONE);
        }
        int width = Math.max(1, classes);
        Base rule = objective.equals("binary:logitraw") && isBefore(1, 3) ? Base.LOGIT : known.base;
        boolean baseLast = isBefore(1, 3) || weights.length > 0 && isBefore(1, 4);
        float[] base = base(rule, width);
        FlatTrees ensemble =
                baseLast ? FloatTrees.withBaseLast(flat, base, features) : new FloatTrees(flat, base, features);
        Head head = new LinkHead(known.link, Precision.SINGLE, width);
        String version = Arrays.stream(written).mapToObj(Integer::toString).collect(Collectors.joining("."));
        return new TreeEngine(ensemble, head, names, categories, version, goesOn);
    }

    /** Whether the file was written by an earlier version; not where it does not say. */
    private boolean isBefore(int major, int minor) {
        return written.length > 1 && (written[0] < major || written[0] == major && written[1] < minor);
    }

    private float[] base(Base rule, int width) {
        String[] parts = baseScore.replace("[", "").replace("]", "").split(",", -1);
        float[] base = new float[width];
        if (parts.length != 1 && parts.length != width) {
            throw tokens.problem(
                    "base_score " + baseScore + " has " + parts.length + " numbers for " + width + " outputs");
        }
        for (int i = 0; i < width; i++) {
            String part = parts[parts.length == 1 ? 0 : i].strip();
            try {
                base[i] = rule.margin(Float.parseFloat(part));
            } catch (NumberFormatException _) {
                throw tokens.problem("base_score " + baseScore + " is no number");
            }
            if (Float.isNaN(base[i]) || Float.isInfinite(base[i])) {
                throw tokens.problem("base_score " + baseScore + " has no finite margin");
            }
        }
        return base;
    }

    private List<String> texts() {
        tokens.expect(ModelTokens.Kind.ARRAY, "names");
        List<String> texts = new ArrayList<>();
        while (tokens.hasElement()) {
            texts.add(tokens.text());
        }
        return texts;
    }

    private int whole(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw tokens.problem(text + " is no whole number");
        }
    }

    private interface Field {
        void read(String name);
    }

    private void object(Field field) {
        object(tokens, field);
    }

    private static void object(ModelTokens tokens, Field field) {
        tokens.expect(ModelTokens.Kind.OBJECT, "an object");
        while (tokens.hasName()) {
            field.read(tokens.text());
        }
    }
}
