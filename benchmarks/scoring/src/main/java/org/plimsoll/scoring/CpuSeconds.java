package org.plimsoll.scoring;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * CPU time a row of each engine, all threads, in turn within one run: for machines that are never quiet. The least of some
 * rounds counts; others' work on the same cores makes figures greater and ratios hardly.
 *
 * <pre>
 *  java … org.plimsoll.scoring.CpuSeconds 100x6 1 100 100000
 *  java … org.plimsoll.scoring.CpuSeconds features
 * </pre>
 */
public final class CpuSeconds {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int ROUNDS = 7;
    private static final long NANOS_A_ROUND = 200_000_000;

    private interface Call {
        Object answer(int question);
    }

    private CpuSeconds() {}

    /** @param arguments trees x depth, then numbers of rows a call; or {@code features} */
    public static void main(String[] arguments) {
        if (arguments[0].equals("features")) {
            features();
            return;
        }
        String[] model = arguments[0].split("x", -1);
        for (int i = 1; i < arguments.length; i++) {
            int rows = Integer.parseInt(arguments[i]);
            try (Rivals rivals =
                    new Rivals(Integer.parseInt(model[0]), Integer.parseInt(model[1]), rows >= 10_000 ? 2 : 1)) {
                measure(arguments[0], rivals, rows);
            }
        }
    }

    private static void features() {
        FeaturesBenchmark benchmark = new FeaturesBenchmark();
        double one = Double.POSITIVE_INFINITY;
        double many = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            one = Math.min(one, microsARow(_ -> benchmark.oneRow(), 1_000, 1));
            many = Math.min(many, microsARow(_ -> benchmark.rowInAThousand(), 1, 1_000));
        }
        System.out.println(String.format(
                Locale.ROOT, "20 mixed columns: one row %.3f µs of CPU, a row of a thousand %.3f µs", one, many));
    }

    private static void measure(String model, Rivals rivals, int rows) {
        int questions = Math.max(2, Math.min(20_000, 400_000 / rows));
        int size = rows * Rivals.FEATURES;
        float[] all = Rivals.rows(new Random(7), questions * rows);
        float[][] narrow = new float[questions][];
        double[][] wide = new double[questions][];
        for (int i = 0; i < questions; i++) {
            narrow[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
            wide[i] = Rivals.widened(narrow[i]);
        }
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("plimsoll", i -> rivals.plimsoll(wide[i], rows));
        calls.put("XGBoost4J", i -> rivals.xgboost(narrow[i], rows));
        calls.put("ONNX Runtime", i -> rivals.onnx(narrow[i], rows));
        calls.put("plimsoll, LightGBM's model", i -> rivals.plimsollLightgbm(wide[i], rows));
        calls.put("lightgbm4j", i -> rivals.lightgbm(wide[i], rows));
        Map<String, Double> least = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Call> call : calls.entrySet()) {
                least.merge(call.getKey(), microsARow(call.getValue(), questions, rows), Math::min);
            }
        }
        least.forEach((engine, micros) -> System.out.println(String.format(
                Locale.ROOT,
                "%s, %,d rows: %-28s %8.3f µs of CPU a row, %6.2f times plimsoll",
                model,
                rows,
                engine,
                micros,
                micros
                        / least.getOrDefault(
                                engine.contains("ight") ? "plimsoll, LightGBM's model" : "plimsoll", micros))));
    }

    private static double microsARow(Call call, int questions, int rows) {
        long began = PROCESS.getProcessCpuTime();
        long calls = 0;
        long taken;
        do {
            for (int i = 0; i < Math.min(questions, 1 + 2_000 / rows); i++) {
                call.answer((int) (calls++ % questions));
            }
            taken = PROCESS.getProcessCpuTime() - began;
        } while (taken < NANOS_A_ROUND);
        return taken / 1e3 / calls / rows;
    }
}
