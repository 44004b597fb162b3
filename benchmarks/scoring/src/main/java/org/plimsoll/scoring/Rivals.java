package org.plimsoll.scoring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * One model four times: trained by XGBoost, and executed by XGBoost itself, by ONNX Runtime and by us; and one of like size
 * trained and executed by LightGBM. All answer probabilities for the same rows.
 */
final class Rivals implements AutoCloseable {

    static final int FEATURES = 20;

    private final TreeEngine trees;
    private final Booster xgboost;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession onnx;
    private final LGBMBooster lightgbm;
    private final TreeEngine lightgbmTrees;
    private final String lightgbmThreads;

    /** @param threads that each may use for one call */
    Rivals(int count, int depth, int threads) {
        int rows = 50_000;
        Random random = new Random(1);
        float[] x = rows(random, rows);
        float[] y = new float[rows];
        for (int row = 0; row < rows; row++) {
            int at = row * FEATURES;
            double signal = x[at] + x[at + 1] * x[at + 2] + Math.sin(3 * x[at + 3]) + 0.5 * x[at + 4] * x[at + 5];
            y[row] = signal + random.nextGaussian() > 0 ? 1 : 0;
        }
        lightgbmThreads = "num_threads=" + threads;
        try {
            Path kept = Path.of(System.getProperty("java.io.tmpdir"), "plimsoll-benchmark-" + count + "x" + depth);
            if (!Files.exists(kept.resolve("model.txt"))) { // training takes longer than measuring
                Files.createDirectories(kept);
                Booster trained = trained(x, y, rows, count, depth);
                trained.saveModel(kept.resolve("model.json").toString());
                trained.dispose();
                Files.writeString(kept.resolve("model.txt"), lightgbm(x, y, rows, count, depth));
            }
            xgboost = XGBoost.loadModel(kept.resolve("model.json").toString());
            xgboost.setParam("nthread", threads);
            byte[] json = xgboost.toByteArray("json");
            trees = XgboostFile.read("model.json", json);
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            onnx = environment.createSession(OnnxExport.of(json), options);
            lightgbm = LGBMBooster.createFromModelfile(kept.resolve("model.txt").toString());
            lightgbmTrees = LightgbmFile.read("model.txt", Files.readAllBytes(kept.resolve("model.txt")));
            agree();
        } catch (IOException | XGBoostError | OrtException | LGBMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows of features, normal. */
    static float[] rows(Random random, int rows) {
        float[] x = new float[rows * FEATURES];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    static double[] widened(float[] x) {
        double[] wide = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            wide[i] = x[i];
        }
        return wide;
    }

    private static Booster trained(float[] x, float[] y, int rows, int count, int depth) throws XGBoostError {
        DMatrix matrix = new DMatrix(x, rows, FEATURES, Float.NaN);
        matrix.setLabel(y);
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "objective",
                "binary:logistic",
                "max_depth",
                depth,
                "eta",
                0.1,
                "min_child_weight",
                0.1,
                "tree_method",
                "hist",
                "nthread",
                2));
        return XGBoost.train(matrix, parameters, count, new HashMap<>(), null, null);
    }

    private static String lightgbm(float[] x, float[] y, int rows, int count, int depth) throws LGBMException {
        String parameters = "objective=binary learning_rate=0.1 verbose=-1 num_threads=2 min_data_in_leaf=5 max_depth="
                + depth + " num_leaves=" + (1 << depth);
        LGBMDataset dataset = LGBMDataset.createFromMat(x, rows, FEATURES, true, parameters, null);
        dataset.setField("label", y);
        LGBMBooster booster = LGBMBooster.create(dataset, parameters);
        for (int i = 0; i < count; i++) {
            booster.updateOneIter();
        }
        String text = booster.saveModelToString(0, -1, LGBMBooster.FeatureImportanceType.SPLIT);
        booster.close();
        dataset.close();
        return text;
    }

    /** A measurement of wrong answers would be worth nothing. */
    private void agree() {
        float[] x = rows(new Random(2), 500);
        double[] wide = widened(x);
        double[] ours = plimsoll(wide, 500);
        float[][] theirs = xgboost(x, 500);
        float[] graph = onnx(x, 500);
        double[] light = lightgbm(wide, 500);
        double[] lightOurs = plimsollLightgbm(wide, 500);
        for (int i = 0; i < 500; i++) {
            if (Math.abs(ours[i] - theirs[i][0]) > 1e-7
                    || Math.abs(ours[i] - graph[i]) > 1e-5
                    || Math.abs(light[i] - lightOurs[i]) > 1e-14) {
                throw new IllegalStateException("row " + i + ": " + ours[i] + ", XGBoost " + theirs[i][0] + ", ONNX "
                        + graph[i] + "; LightGBM " + light[i] + ", ours " + lightOurs[i]);
            }
        }
    }

    Booster booster() {
        return xgboost;
    }

    double[] plimsoll(double[] x, int rows) {
        return trees.score(x, rows)[0];
    }

    /** The model of LightGBM by our own trees. */
    double[] plimsollLightgbm(double[] x, int rows) {
        return lightgbmTrees.score(x, rows)[0];
    }

    float[][] xgboost(float[] x, int rows) {
        try {
            return xgboost.inplace_predict(x, rows, FEATURES, Float.NaN);
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    float[] onnx(float[] x, int rows) {
        try (OnnxTensor tensor =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[] {rows, FEATURES});
                OrtSession.Result result = onnx.run(Map.of("x", tensor))) {
            float[] answers = new float[rows];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(answers);
            return answers;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    double[] lightgbm(double[] x, int rows) {
        try {
            return lightgbm.predictForMat(
                    x, rows, FEATURES, true, PredictionType.C_API_PREDICT_NORMAL, lightgbmThreads);
        } catch (LGBMException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            onnx.close();
            lightgbm.close();
            xgboost.dispose();
        } catch (OrtException | LGBMException e) {
            throw new IllegalStateException(e);
        }
    }
}
