package org.plimsoll.scoring;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

/**
 * How long a model file takes to load, and what it then holds in memory beside the flat form: 17 bytes a node (feature,
 * threshold, left child, leaf: 4 each; direction: 1), or 25 where thresholds and leaves are doubles, as LightGBM's are.
 *
 * <pre>
 *  java … org.plimsoll.scoring.Loading FILE
 *  java … org.plimsoll.scoring.Loading 100 json ubj txt        makes files of 100 MB: full trees of depth 10, drawn at random
 * </pre>
 */
public final class Loading {

    private static final int BYTES_A_NODE = 17;
    private static final int BYTES_A_NODE_OF_DOUBLES = 25;
    private static final int ROUNDS = 4;
    private static final int SPLITS = 1023;
    private static final int FEATURES = 20;

    private Loading() {}

    /** @param arguments a model file; or megabytes, and kinds of files to make */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1) {
            measure(Path.of(arguments[0]));
            return;
        }
        Path folder = Files.createTempDirectory("plimsoll-loading");
        for (int i = 1; i < arguments.length; i++) {
            Path file = folder.resolve("model." + arguments[i]);
            make(file, arguments[i], Long.parseLong(arguments[0]) * 1_000_000);
            measure(file);
            Files.delete(file);
        }
        Files.delete(folder);
    }

    private static void measure(Path file) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            long before = held();
            long began = System.nanoTime();
            TreeEngine engine = read(file);
            double seconds = (System.nanoTime() - began) / 1e9;
            long memory = held() - before;
            long nodes = engine.trees().nodes();
            boolean isDouble = engine.precision() == Precision.DOUBLE;
            System.out.println(String.format(
                    Locale.ROOT,
                    "%s, %,d bytes, %,d nodes: %.2f s; %,d bytes held, %.2f of the flat form of floats%s",
                    file.getFileName(),
                    Files.size(file),
                    nodes,
                    seconds,
                    memory,
                    (double) memory / (nodes * BYTES_A_NODE),
                    isDouble
                            ? String.format(
                                    Locale.ROOT,
                                    ", %.2f of that of doubles",
                                    (double) memory / (nodes * BYTES_A_NODE_OF_DOUBLES))
                            : ""));
        }
    }

    private static TreeEngine read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return LightgbmFile.is(bytes)
                ? LightgbmFile.read(file.toString(), bytes)
                : XgboostFile.read(file.toString(), bytes);
    }

    private static long held() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A model of full trees, whose splits and leaves are drawn at random, as its maker would write it. */
    private static void make(Path file, String kind, long size) throws IOException {
        Random random = new Random(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            byte[] first = kind.equals("txt") ? lightgbm(random, 0) : xgboost(random, 0, kind);
            int trees = (int) Math.max(1, size / first.length);
            switch (kind) {
                case "txt" -> {
                    out.write(ascii("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx="
                            + (FEATURES - 1) + "\nobjective=binary sigmoid:1\nfeature_names="
                            + joined(" ", FEATURES, i -> "f" + i) + "\nfeature_infos="
                            + joined(" ", FEATURES, _ -> "[-1:1]") + "\n\n"));
                    for (int tree = 0; tree < trees; tree++) {
                        out.write(lightgbm(random, tree));
                    }
                    out.write(ascii("end of trees\n"));
                }
                case "json" -> {
                    out.write(ascii("{\"learner\":{\"gradient_booster\":{\"model\":{\"tree_info\":["
                            + joined(",", trees, _ -> "0") + "],\"trees\":["));
                    for (int tree = 0; tree < trees; tree++) {
                        out.write(tree == 0 ? new byte[0] : ascii(","));
                        out.write(xgboost(random, tree, kind));
                    }
                    out.write(ascii(
                            "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"5E-1\",\"num_class\":\"0\","
                                    + "\"num_feature\":\"" + FEATURES
                                    + "\"},\"objective\":{\"name\":\"binary:logistic\"}},"
                                    + "\"version\":[3,2,0]}"));
                }
                case "ubj" -> {
                    out.write(ubj("{", "learner", "{", "gradient_booster", "{", "model", "{", "tree_info"));
                    out.write(array('l', trees, 4, ByteBuffer::putInt, _ -> 0));
                    out.write(ubj("trees", "["));
                    for (int tree = 0; tree < trees; tree++) {
                        out.write(xgboost(random, tree, kind));
                    }
                    out.write(ubj(
                            "]",
                            "}",
                            "name",
                            "=gbtree",
                            "}",
                            "learner_model_param",
                            "{",
                            "base_score",
                            "=5E-1",
                            "num_class",
                            "=0",
                            "num_feature",
                            "=" + FEATURES,
                            "}",
                            "objective",
                            "{",
                            "name",
                            "=binary:logistic",
                            "}",
                            "}",
                            "version"));
                    out.write(array('L', 3, 8, (bytes, value) -> bytes.putLong(value), i -> i == 0 ? 3 : 0));
                    out.write(ubj("}"));
                }
                default -> throw new IllegalArgumentException(kind + " is none of json, ubj, txt");
            }
        }
    }

    private static byte[] lightgbm(Random random, int tree) {
        return ascii("Tree=" + tree + "\nnum_leaves=" + (SPLITS + 1) + "\nnum_cat=0\nsplit_feature="
                + joined(" ", SPLITS, _ -> Integer.toString(random.nextInt(FEATURES)))
                + "\nsplit_gain=" + joined(" ", SPLITS, _ -> Float.toString(random.nextFloat()))
                + "\nthreshold=" + joined(" ", SPLITS, _ -> Double.toString(random.nextGaussian()))
                + "\ndecision_type=" + joined(" ", SPLITS, _ -> "2")
                + "\nleft_child=" + joined(" ", SPLITS, i -> child(2 * i + 1))
                + "\nright_child=" + joined(" ", SPLITS, i -> child(2 * i + 2))
                + "\nleaf_value=" + joined(" ", SPLITS + 1, _ -> Double.toString(random.nextGaussian() / 100))
                + "\nleaf_count=" + joined(" ", SPLITS + 1, _ -> Integer.toString(random.nextInt(1000)))
                + "\ninternal_count=" + joined(" ", SPLITS, _ -> Integer.toString(random.nextInt(1000)))
                + "\nis_linear=0\nshrinkage=0.1\n\n\n");
    }

    private static String child(int place) {
        return Integer.toString(place < SPLITS ? place : SPLITS - place - 1);
    }

    private static byte[] xgboost(Random random, int tree, String kind) throws IOException {
        int nodes = 2 * SPLITS + 1;
        IntToDoubleFunction real = _ -> random.nextGaussian();
        if (kind.equals("json")) {
            IntFunction<String> text = _ -> Float.toString((float) real.applyAsDouble(0));
            return ascii("{\"base_weights\":[" + joined(",", nodes, text) + "],\"default_left\":["
                    + joined(",", nodes, _ -> "0") + "],\"id\":" + tree + ",\"left_children\":["
                    + joined(",", nodes, i -> i < SPLITS ? Integer.toString(2 * i + 1) : "-1") + "],\"loss_changes\":["
                    + joined(",", nodes, text) + "],\"right_children\":["
                    + joined(",", nodes, i -> i < SPLITS ? Integer.toString(2 * i + 2) : "-1")
                    + "],\"split_conditions\":[" + joined(",", nodes, text) + "],\"split_indices\":["
                    + joined(",", nodes, _ -> Integer.toString(random.nextInt(FEATURES))) + "],\"sum_hessian\":["
                    + joined(",", nodes, text) + "],\"tree_param\":{\"size_leaf_vector\":\"1\"}}");
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        out.write(ubj("{", "base_weights"));
        out.write(array('d', nodes, 4, (bytes, _) -> bytes.putFloat((float) real.applyAsDouble(0)), _ -> 0));
        out.write(ubj("default_left"));
        out.write(array('U', nodes, 1, (bytes, value) -> bytes.put((byte) value), _ -> 0));
        out.write(ubj("left_children"));
        out.write(array('l', nodes, 4, ByteBuffer::putInt, i -> i < SPLITS ? 2 * i + 1 : -1));
        out.write(ubj("right_children"));
        out.write(array('l', nodes, 4, ByteBuffer::putInt, i -> i < SPLITS ? 2 * i + 2 : -1));
        out.write(ubj("split_conditions"));
        out.write(array('d', nodes, 4, (bytes, _) -> bytes.putFloat((float) real.applyAsDouble(0)), _ -> 0));
        out.write(ubj("split_indices"));
        out.write(array('l', nodes, 4, ByteBuffer::putInt, _ -> random.nextInt(FEATURES)));
        out.write(ubj("sum_hessian"));
        out.write(array('d', nodes, 4, (bytes, _) -> bytes.putFloat((float) real.applyAsDouble(0)), _ -> 0));
        out.write(ubj("tree_param", "{", "size_leaf_vector", "=1", "}", "}"));
        return out.toByteArray();
    }

    private interface Put {
        void into(ByteBuffer bytes, int value);
    }

    /** An array of one type in UBJSON. */
    private static byte[] array(char type, int count, int size, Put put, java.util.function.IntUnaryOperator value) {
        ByteBuffer bytes = ByteBuffer.allocate(9 + count * size);
        bytes.put((byte) '[')
                .put((byte) '$')
                .put((byte) type)
                .put((byte) '#')
                .put((byte) 'l')
                .putInt(count);
        for (int i = 0; i < count; i++) {
            put.into(bytes, value.applyAsInt(i));
        }
        return bytes.array();
    }

    /** Brackets as they are, names with their length, and texts, which begin with an equals sign. */
    private static byte[] ubj(String... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (String part : parts) {
            boolean isBracket = part.length() == 1 && "{}[]".contains(part);
            String word = part.startsWith("=") ? part.substring(1) : part;
            if (!isBracket) {
                if (part.startsWith("=")) {
                    out.write('S');
                }
                out.write('i');
                out.write(word.length());
            }
            out.writeBytes(ascii(word));
        }
        return out.toByteArray();
    }

    private static String joined(String separator, int count, IntFunction<String> text) {
        StringJoiner joiner = new StringJoiner(separator);
        for (int i = 0; i < count; i++) {
            joiner.add(text.apply(i));
        }
        return joiner.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
