package org.plimsoll.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;
import tools.jackson.databind.JsonNode;

/**
 * Gradient-boosted trees by XGBoost.
 *
 * <p>Bit-identical over repetitions and numbers of threads for {@code hist}, {@code approx} and {@code exact}, with and without
 * sampling (measured for 3.0.4 with 1, 2, 3 and 8 threads). So {@code seed} and the rows decide the bytes of the model.
 *
 * <p>The environment must have {@code OMP_WAIT_POLICY=passive} before the JVM starts: waiting threads spin otherwise, which took
 * 44.8 s instead of 1.3 s for twelve small models on a busy machine.
 */
final class XgboostTrainer implements Trainer {

    private static final int ROUNDS = 100;
    private static final int MOST_ROUNDS = 100_000;

    /** XGBoost's documented parameters of boosters, objectives and trees; seed, threads and devices are the step's. */
    private static final Set<String> PARAMETERS = Set.of(
            "alpha",
            "base_score",
            "booster",
            "colsample_bylevel",
            "colsample_bynode",
            "colsample_bytree",
            "eta",
            "eval_metric",
            "feature_selector",
            "gamma",
            "grow_policy",
            "huber_slope",
            "interaction_constraints",
            "lambda",
            "lambdarank_num_pair_per_sample",
            "lambdarank_pair_method",
            "learning_rate",
            "max_bin",
            "max_delta_step",
            "max_depth",
            "max_leaves",
            "min_child_weight",
            "min_split_loss",
            "monotone_constraints",
            "normalize_type",
            "num_class",
            "num_parallel_tree",
            "objective",
            "one_drop",
            "quantile_alpha",
            "rate_drop",
            "reg_alpha",
            "reg_lambda",
            "rounds",
            "sample_type",
            "sampling_method",
            "scale_pos_weight",
            "skip_drop",
            "subsample",
            "top_k",
            "tree_method",
            "tweedie_variance_power",
            "updater");

    @Override
    public String name() {
        return "xgboost";
    }

    @Override
    public String suffix() {
        return ".ubj";
    }

    @Override
    public String version() {
        try (InputStream in = XGBoost.class.getResourceAsStream("/xgboost4j-version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return String.valueOf(properties.getProperty("version"));
        } catch (IOException e) {
            throw Problem.internal("XGBoost does not say its version", e);
        }
    }

    @Override
    public Set<String> parameters() {
        return PARAMETERS;
    }

    @Override
    public void check(Map<String, JsonNode> params, Complaint complaint) {
        params.forEach((name, value) -> {
            if (!PARAMETERS.contains(name)) {
                throw complaint.about(
                        name,
                        name.equals("nthread") || name.equals("seed")
                                ? "`" + name + "` is not among params: it is a key of the step"
                                        + (name.equals("nthread") ? ", called threads" : "")
                                : "`" + name + "` is not a parameter of XGBoost");
            }
            if (value.isObject() || value.isNull()) {
                throw complaint.about(name, "`" + name + "` is a text, a number, true or false");
            }
        });
        JsonNode rounds = params.get("rounds");
        boolean sound = rounds == null
                || rounds.isIntegralNumber() && rounds.longValue() >= 1 && rounds.longValue() <= MOST_ROUNDS;
        if (!sound) {
            throw complaint.about(
                    "rounds", "rounds is " + rounds + "; expected a whole number from 1 to " + MOST_ROUNDS);
        }
    }

    @Override
    public void train(
            EncodedRows rows, Map<String, JsonNode> params, long seed, int threads, Path model, Workbench bench) {
        int rounds = params.containsKey("rounds") ? params.get("rounds").intValue() : ROUNDS;
        DMatrix matrix = matrix(rows);
        try {
            Booster booster = XGBoost.train(matrix, settings(rows, params, seed, threads), 0, Map.of(), null, null);
            try {
                DMatrix[] watched = {matrix};
                String[] names = {"train"};
                for (int round = 0; round < rounds; round++) {
                    bench.stopIfInterrupted();
                    booster.update(matrix, round);
                    report(booster.evalSet(watched, names, round), round, bench);
                    bench.progress(round + 1, rounds, "trees");
                }
                booster.saveModel(model.toString());
            } finally {
                booster.dispose();
            }
        } catch (XGBoostError e) {
            throw refused(e);
        } finally {
            matrix.dispose();
        }
    }

    private static DMatrix matrix(EncodedRows rows) {
        try {
            DMatrix matrix = new DMatrix(rows.x(), rows.rows(), rows.width(), Float.NaN);
            matrix.setLabel(rows.labels());
            if (rows.weights().isPresent()) {
                matrix.setWeight(rows.weights().get());
            }
            if (rows.groups().isPresent()) {
                matrix.setGroup(rows.groups().get());
            }
            return matrix;
        } catch (XGBoostError e) {
            throw refused(e);
        }
    }

    private static Map<String, Object> settings(
            EncodedRows rows, Map<String, JsonNode> params, long seed, int threads) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("objective", objective(rows.task()));
        if (rows.task().kind() == Task.Kind.MULTICLASS) {
            settings.put(
                    "num_class",
                    rows.task().classes().isEmpty()
                            ? classes(rows.labels())
                            : rows.task().classes().size());
        }
        new TreeMap<>(params).forEach((name, value) -> {
            if (!name.equals("rounds")) {
                settings.put(name, PipelineFile.plain(value));
            }
        });
        settings.put("seed", seed);
        settings.put("nthread", threads);
        settings.put("verbosity", 0);
        settings.put("validate_parameters", true);
        return settings;
    }

    private static String objective(Task task) {
        return switch (task.kind()) {
            case BINARY -> "binary:logistic";
            case MULTICLASS -> "multi:softprob";
            case REGRESSION -> "reg:squarederror";
            case RANKING -> "rank:ndcg";
        };
    }

    private static int classes(float[] labels) {
        float greatest = 0;
        for (float label : labels) {
            if (label < 0 || label != (int) label) {
                throw Problem.invalid(
                        "label",
                        label,
                        "classes numbered from 0, of a multiclass task without classes; name the label's values in the"
                                + " task (classes: [a, b]), or take it as a number (kind: regression)");
            }
            greatest = Math.max(greatest, label);
        }
        return (int) greatest + 1;
    }

    /** XGBoost says {@code [3]<TAB>train-logloss:0.61<TAB>…}; the metric is that of the training rows. */
    private static void report(String line, int round, Workbench bench) {
        for (String part : line.strip().split("\t")) {
            int colon = part.lastIndexOf(':');
            if (part.startsWith("train-") && colon > 0) {
                String name = part.substring("train-".length(), colon);
                bench.metric(name, Double.parseDouble(part.substring(colon + 1)), round);
            }
        }
    }

    /** XGBoost's message without its stack of native frames. */
    private static Problem refused(XGBoostError e) {
        String message = String.valueOf(e.getMessage());
        int stack = message.indexOf("Stack trace:");
        String said = (stack > 0 ? message.substring(0, stack) : message)
                .replaceAll("^\\[[0-9:]+] \\S+:\\d+: ", "")
                .strip();
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        return Problem.of(
                Problem.Kind.INVALID,
                "XGBoost refused: " + (bytes.length > 1000 ? said.substring(0, 900) + " …" : said));
    }
}
