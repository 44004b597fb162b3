package org.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.monitoring.ComparedColumn;
import org.plimsoll.monitoring.ComparedColumn.Statistic;
import org.plimsoll.monitoring.DriftReport;
import org.plimsoll.statistics.KolmogorovSmirnov;
import tools.jackson.databind.JsonNode;

/** The command as people call it; its numbers against SciPy, Evidently and NannyML (drift_golden.json says which). */
@Isolated("listens to the standard output of the whole process")
class DriftCommandTest {

    /** What the golden file has and no command prints: inner numbers of others, p-values nobody asks for, and random draws. */
    private static final Set<String> NOT_PRINTED = Set.of(
            "scipy.mannwhitneyu.less.asymptotic",
            "scipy.mannwhitneyu.two-sided.asymptotic",
            "scipy.ttest_ind",
            "np.std_pop_ref",
            "np.sturges_edges",
            "np.sturges_nbins",
            "np.doane_nbins_ref",
            "evidently.tvd_test");

    private static final Map<String, String> EVIDENTLY = Map.ofEntries(
            Map.entry("evidently.psi_stat_test", "psi"),
            Map.entry("evidently.jensenshannon_stat_test", "jensenshannon"),
            Map.entry("evidently.kl_div_stat_test", "kl_div"),
            Map.entry("evidently.hellinger_stat_test", "hellinger"),
            Map.entry("evidently.wasserstein_stat_test", "wasserstein"),
            Map.entry("evidently.ks_stat_test", "ks"),
            Map.entry("evidently.cramer_von_mises", "cramer_von_mises"),
            Map.entry("evidently.anderson_darling_test", "anderson"),
            Map.entry("evidently.energy_dist_test", "ed"),
            Map.entry("evidently.epps_singleton_test", "es"),
            Map.entry("evidently.t_test", "t_test"),
            Map.entry("evidently.mann_whitney_u_stat_test", "mannw"),
            Map.entry("evidently.chi_stat_test", "chisquare"),
            Map.entry("evidently.z_stat_test", "z"),
            Map.entry("evidently.g_test", "g_test"),
            Map.entry("evidently.fisher_exact_test", "fisher_exact"));

    @TempDir
    private Path folder;

    /** What a command gave. */
    private record Told(int exit, String out) {
        DriftReport report() {
            return Json.read(out, DriftReport.class);
        }
    }

    private static Told drift(Object... arguments) {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int exit = Plimsoll.run(
                    Stream.concat(Stream.of("drift"), Stream.of(arguments).map(Object::toString))
                            .toArray(String[]::new));
            return new Told(exit, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    private Path write(String name, Columns rows) {
        Path file = folder.resolve(name + ".parquet");
        Query.standard(folder.resolve("scratch")).write(rows, file);
        return file;
    }

    private Path numbers(String name, double... values) {
        ColumnsBuilder builder =
                Columns.builder(new Schema(List.of(Column.optional("x", ColumnType.NUMBER))), values.length);
        for (double value : values) {
            builder.number(0, value).endRow();
        }
        return write(name, builder.build());
    }

    private Path words(String name, List<String> values) {
        ColumnsBuilder builder =
                Columns.builder(new Schema(List.of(Column.optional("x", ColumnType.TEXT))), values.size());
        for (String value : values) {
            if (!value.isEmpty()) {
                builder.text(0, value);
            }
            builder.endRow();
        }
        return write(name, builder.build());
    }

    // ---- golden values ----

    /** The golden file's generator. */
    private static double[] uniform(long seed, int rows) {
        double[] values = new double[rows];
        long state = seed;
        for (int i = 0; i < rows; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            values[i] = (state >>> 11) * 0x1p-53;
        }
        return values;
    }

    private static double[] mapped(double[] values, DoubleUnaryOperator by) {
        return Arrays.stream(values).map(by).toArray();
    }

    private static double[] exponential(long seed, int rows, double scale) {
        return mapped(uniform(seed, rows), u -> -scale * Math.log(1 - u));
    }

    private static List<String> letters(String letters, double[] uniform, double power) {
        return Arrays.stream(uniform)
                .mapToObj(u -> letters.substring(
                        (int) (letters.length() * Math.pow(u, power)),
                        (int) (letters.length() * Math.pow(u, power)) + 1))
                .toList();
    }

    private Path[] tables(JsonNode golden) {
        String name = golden.path("name").asString();
        return switch (name) {
            case "uniform_1000_vs_1000_shift" ->
                pair(uniform(1, 1000), mapped(uniform(2, 1000), u -> Math.pow(u, 1.1)));
            case "exp_2000_vs_1500" -> pair(exponential(3, 2000, 1), exponential(4, 1500, 1.2));
            case "ties_floor10_3000_vs_2500" ->
                pair(
                        mapped(uniform(5, 3000), u -> Math.floor(10 * u)),
                        mapped(uniform(6, 2500), u -> Math.floor(10 * Math.pow(u, 1.2))));
            case "ties_floor40" ->
                pair(
                        mapped(uniform(15, 3000), u -> Math.floor(40 * u)),
                        mapped(uniform(16, 2500), u -> Math.floor(40 * Math.pow(u, 1.2))));
            case "exp_20000_vs_5000 (NannyML estimated path)" ->
                pair(exponential(7, 20_000, 1), exponential(8, 5000, 1.1));
            case "exp_20000 with one 1e7 outlier in ref vs 1.5x" -> {
                double[] reference = exponential(9, 20_000, 1);
                reference[0] = 1e7;
                yield pair(reference, exponential(10, 5000, 1.5));
            }
            case "cat5_1000_vs_800" ->
                pair(letters("ABCDE", uniform(21, 1000), 1), letters("ABCDE", uniform(22, 800), 1.2));
            case "cat_new_category" ->
                pair(letters("ABCD", uniform(23, 1500), 1), letters("ABCDE", uniform(24, 1500), 1.1));
            case "bin_500_vs_500" -> pair(yes(uniform(25, 500), 0.3), yes(uniform(26, 500), 0.36));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static List<String> yes(double[] uniform, double below) {
        return Arrays.stream(uniform).mapToObj(u -> u < below ? "Y" : "N").toList();
    }

    private int made;

    private Path[] pair(double[] reference, double[] current) {
        made++;
        return new Path[] {numbers("reference-" + made, reference), numbers("current-" + made, current)};
    }

    private Path[] pair(List<String> reference, List<String> current) {
        made++;
        return new Path[] {words("reference-" + made, reference), words("current-" + made, current)};
    }

    @Test
    void drift_goldenTables_givesTheNumbersOfScipyEvidentlyAndNannyMl() throws IOException {
        JsonNode golden;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("drift_golden.json"))) {
            golden = Json.MAPPER.readTree(in);
        }
        int checked = 0;
        for (JsonNode each : golden.path("cases")) {
            checked += check(each);
        }
        assertThat(checked).as("golden numbers that were checked").isGreaterThan(150);
    }

    private int check(JsonNode golden) {
        Path[] files = tables(golden);
        ComparedColumn own = only(drift(files[0], files[1], "--json"));
        ComparedColumn evidently = only(drift(files[0], files[1], "--json", "--compat", "evidently"));
        ComparedColumn nannyMl = only(drift(files[0], files[1], "--json", "--compat", "nannyml"));
        String name = golden.path("name").asString();
        Set<String> left = new TreeSet<>();
        int checked = 0;
        for (Map.Entry<String, JsonNode> each : golden.path("out").properties()) {
            JsonNode value = each.getValue();
            String key = each.getKey();
            String what = name + " " + key;
            switch (key) {
                case "scipy.ks_2samp.auto" -> {
                    near(value(own, "kolmogorov_smirnov"), value.get(0), what);
                    near(value(evidently, "ks"), value.get(1), what);
                    checked += 2;
                }
                case "scipy.wasserstein" -> checked += near(value(own, "wasserstein"), value, what);
                case "scipy.energy_distance" -> checked += near(value(evidently, "ed"), value, what);
                case "scipy.cvm_2samp.asymptotic" -> checked += test(evidently, "cramer_von_mises", value, what);
                case "scipy.anderson_ksamp.midrank" -> checked += test(evidently, "anderson", value, what);
                case "scipy.epps_singleton" -> checked += test(evidently, "es", value, what);
                case "scipy.ks_2samp.asymp" -> checked += asymptotic(files, value, what);
                case "evidently.default" -> {
                    assertThat(evidently.note()).as(what).contains("by " + value.asString());
                    checked++;
                }
                default -> {
                    if (EVIDENTLY.containsKey(key)) {
                        checked += score(evidently, Objects.requireNonNull(EVIDENTLY.get(key)), value, what);
                    } else if (key.startsWith("nannyml.")) {
                        checked += chunk(nannyMl, key.substring("nannyml.".length()), value, what);
                    } else {
                        left.add(key);
                    }
                }
            }
        }
        left.removeAll(NOT_PRINTED);
        assertThat(left).as("golden values of " + name + " that nothing checks").isEmpty();
        return checked;
    }

    private static ComparedColumn only(Told told) {
        assertThat(told.report().columns()).hasSize(1);
        return told.report().columns().getFirst();
    }

    private static double value(ComparedColumn column, String statistic) {
        return column.statistic(statistic).orElseThrow().value();
    }

    private static int near(double value, JsonNode golden, String what) {
        assertThat(value)
                .as(what)
                .isCloseTo(golden.asDouble(), within(1e-9 * Math.max(1, Math.abs(golden.asDouble()))));
        return 1;
    }

    private static int test(ComparedColumn column, String name, JsonNode golden, String what) {
        Statistic found = column.statistic(name).orElseThrow();
        return near(found.statistic().orElseThrow(), golden.get(0), what) + near(found.value(), golden.get(1), what);
    }

    private static int asymptotic(Path[] files, JsonNode golden, String what) {
        Query query = Query.standard(files[0].resolveSibling("scratch"));
        return near(
                KolmogorovSmirnov.asymptotic(
                                query.read(List.of(files[0])).numbers("x"),
                                query.read(List.of(files[1])).numbers("x"))
                        .pValue(),
                golden.get(1),
                what);
    }

    /** A score, or an error where Evidently has none. */
    private static int score(ComparedColumn column, String name, JsonNode golden, String what) {
        if (golden.isString()) {
            assertThat(golden.asString()).startsWith("ERR");
            assertThat(column.statistic(name)).as(what).isEmpty();
            return 1;
        }
        Statistic found = column.statistic(name).orElseThrow();
        near(found.value(), golden.path("score"), what);
        assertThat(found.crossed()).as(what).isEqualTo(golden.path("drifted").asBoolean());
        near(found.bound().orElseThrow(), golden.path("threshold"), what);
        return 3;
    }

    private static int chunk(ComparedColumn column, String name, JsonNode golden, String what) {
        Statistic found = column.statistic(name).orElseThrow();
        assertThat(found.crossed()).as(what).isEqualTo(golden.path("alert").asBoolean());
        if (golden.has("p")) {
            return near(found.value(), golden.path("p"), what)
                    + near(found.statistic().orElseThrow(), golden.path("value"), what);
        }
        return near(found.value(), golden.path("value"), what)
                + near(found.bound().orElseThrow(), golden.path("upper"), what);
    }

    // ---- our own verdict ----

    private static double[] normal(long seed, int rows, double shift) {
        Random random = new Random(seed);
        double[] values = new double[rows];
        Arrays.setAll(values, i -> random.nextGaussian() + shift);
        return values;
    }

    @Test
    void drift_nothingChanged_isDone() {
        Told told = drift(numbers("a", normal(1, 5_000, 0)), numbers("b", normal(2, 4_000, 0)));
        assertThat(told.exit()).as(told.out()).isEqualTo(Exit.DONE);
        assertThat(told.out()).contains("0 of 1 columns drifted: no drift");
    }

    @Test
    void drift_aShift_isRefused() {
        Told told = drift(numbers("a", normal(1, 5_000, 0)), numbers("b", normal(2, 4_000, 0.5)));
        assertThat(told.exit()).as(told.out()).isEqualTo(Exit.REFUSED);
        assertThat(told.out()).contains("DRIFT");
    }

    @Test
    void drift_aShiftBehindOneOutlier_isStillRefused_thoughEvidentlyAndNannyMlAreBlind() {
        double[] reference = exponential(9, 20_000, 1);
        reference[0] = 1e7;
        Path[] files = pair(reference, exponential(10, 5000, 1.5));
        assertThat(drift(files[0], files[1]).exit()).isEqualTo(Exit.REFUSED);
        assertThat(drift(files[0], files[1], "--compat", "evidently").exit()).isEqualTo(Exit.DONE);
        assertThat(drift(files[0], files[1], "--compat", "nannyml").exit()).isEqualTo(Exit.DONE);
    }

    @Test
    void drift_fewRows_saysSo_andIsNotDone() {
        Told told = drift(numbers("a", normal(1, 12, 0)), numbers("b", normal(2, 12, 0)));
        assertThat(told.exit()).isEqualTo(Exit.REFUSED);
        assertThat(told.out()).contains("too few rows");
    }

    @Test
    void drift_brokenColumns_areFindingsAndNoCrash() throws IOException {
        Path before = folder.resolve("before.csv");
        Path now = folder.resolve("now.csv");
        StringBuilder first = new StringBuilder("gone,constant,missing,infinite,word,alike,turned\n");
        StringBuilder second = new StringBuilder("constant,missing,infinite,word,alike,turned,fresh\n");
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            double x = random.nextGaussian();
            first.append("%s,%s,%s,%s,%s,%s,%s%n".formatted(x, x, x, x, i % 3 == 0 ? "a" : "b", x, x));
            second.append("%s,,%s,%s,%s,%s,%s%n"
                    .formatted(
                            1.5,
                            i % 2 == 0 ? "inf" : -x,
                            i % 3 == 0 ? "a" : i % 50 == 1 ? "c" : "b",
                            x,
                            "w" + i % 5,
                            x));
        }
        Files.writeString(before, first);
        Files.writeString(now, second);
        Told told = drift(before, now, "--json");
        assertThat(told.exit()).isEqualTo(Exit.REFUSED);
        Map<String, String> verdicts = new java.util.TreeMap<>();
        told.report()
                .columns()
                .forEach(it ->
                        verdicts.put(it.name(), it.verdict() + " " + it.note().orElse("")));
        assertThat(verdicts.get("gone")).startsWith("ERROR it is gone");
        assertThat(verdicts.get("constant")).startsWith("HARM").contains("constant now");
        assertThat(verdicts.get("missing")).startsWith("ERROR all of its values are missing");
        assertThat(verdicts.get("infinite")).startsWith("ERROR it was number and is text now"); // CSV knows no infinity
        assertThat(verdicts.get("word")).startsWith("HARM").contains("new: c");
        assertThat(verdicts.get("alike")).startsWith("PASS");
        assertThat(verdicts.get("turned")).startsWith("ERROR it was number and is text now");
        assertThat(verdicts.get("fresh")).startsWith("PASS new");
        assertThat(drift(before, now).out()).contains("BROKEN", "not compared");
    }

    @Test
    void drift_infiniteValues_areCountedAsMissing_andSaid() {
        double[] current = normal(2, 4_000, 0);
        Arrays.fill(current, 0, 1_000, Double.POSITIVE_INFINITY);
        Told told = drift(numbers("a", normal(1, 5_000, 0)), numbers("b", current));
        assertThat(told.exit()).isEqualTo(Exit.REFUSED);
        assertThat(told.out()).contains("1,000 infinite values now, 0 before");
    }

    @Test
    void drift_obviousMistakes_areExplained() throws IOException {
        Path file = numbers("a", 1, 2, 3);
        assertThat(drift(file, folder.resolve("none.parquet")).exit()).isEqualTo(Exit.FAILED);
        assertThat(drift(file).exit()).isEqualTo(Exit.WRONG_USAGE);
        assertThat(drift(file, file, "--compat", "whylogs").exit()).isEqualTo(Exit.WRONG_USAGE);
        Path text = Files.writeString(folder.resolve("b.txt"), "x");
        assertThat(drift(file, text).exit()).isEqualTo(Exit.FAILED);
        assertThat(drift(file, numbers("empty")).exit()).isEqualTo(Exit.FAILED);
    }
}
