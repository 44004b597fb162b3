package org.plimsoll.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.FeatureSpec;
import org.plimsoll.scoring.Features;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Task;

/**
 * Real artifacts for tests, made in milliseconds: rows whose label follows {@code x}, and models of stumps in XGBoost's JSON
 * that look at a column of one's choice. One that looks at {@code x} is good, one that looks at {@code noise} is worthless.
 */
public final class LittleModel {

    public static final Task TASK = new Task(
            Task.Kind.BINARY,
            "late",
            Optional.of("true"),
            List.of(),
            Optional.of("flight"),
            Optional.of("departed_at"),
            Optional.empty(),
            Optional.of(Task.DAY),
            List.of("hub"),
            Optional.of(Duration.ofHours(12)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final Schema ROWS = new Schema(List.of(
            Column.required("_file", ColumnType.TEXT),
            Column.required("_row", ColumnType.INTEGER),
            Column.required("flight", ColumnType.TEXT),
            Column.required("departed_at", ColumnType.TIMESTAMP),
            Column.required("x", ColumnType.NUMBER),
            Column.required("noise", ColumnType.NUMBER),
            Column.required("hub", ColumnType.CATEGORY),
            Column.required("late", ColumnType.BOOLEAN)));

    private LittleModel() {}

    /** So many rows a day, from a day on: late more often the greater {@code x} is. */
    public static Columns rows(Instant from, int days, int rowsADay, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        ColumnsBuilder rows = Columns.builder(ROWS, days * rowsADay);
        String file = Digest.of("raw " + from + " " + seed).hex();
        for (int i = 0; i < days * rowsADay; i++) {
            double x = random.nextGaussian();
            Instant at = from.plus(Duration.ofDays(i / rowsADay)).plus(Duration.ofSeconds(60L * (i % rowsADay)));
            rows.text(0, file)
                    .integer(1, i)
                    .text(2, "flight-" + i)
                    .integer(3, at.toEpochMilli())
                    .number(4, x)
                    .number(5, random.nextGaussian())
                    .text(6, random.nextBoolean() ? "ORD" : "DFW")
                    .bool(7, random.nextDouble() < 1 / (1 + Math.exp(1 - 1.5 * x)))
                    .endRow();
        }
        return rows.build();
    }

    /**
     * Writes a model folder.
     *
     * @param column what it looks at: {@code x} or {@code noise}
     * @param weight how sure it is; another weight makes other bytes
     */
    public static ModelArtifact write(Path folder, Columns training, String column, double weight) {
        try {
            Path file = Files.createTempDirectory("little-").resolve("model.json");
            Files.writeString(file, stumps(weight));
            FeatureSpec spec = FeatureSpec.read(column, Json.MAPPER.readTree("\"number\""));
            Features features = Features.fit(List.of(spec), training, ZoneOffset.UTC);
            return ModelArtifact.write(folder, new ModelArtifact.Draft(file, TASK, features, training, 7));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One stump for each threshold from −2 to 2: together a staircase. */
    private static String stumps(double weight) {
        String trees = IntStream.rangeClosed(-8, 8)
                .mapToObj(step -> """
                        {"tree_param":{"num_nodes":"3","size_leaf_vector":"1","num_feature":"1"},
                         "left_children":[1,-1,-1],"right_children":[2,-1,-1],"parents":[2147483647,0,0],
                         "split_indices":[0,0,0],"split_conditions":[%s,%s,%s],"default_left":[1,0,0],
                         "split_type":[0,0,0],"categories":[],"categories_nodes":[],"categories_segments":[],
                         "categories_sizes":[]}""".formatted(step / 4.0, -weight, weight))
                .collect(Collectors.joining(","));
        String info = IntStream.range(0, 17).mapToObj(i -> "0").collect(Collectors.joining(","));
        return """
                {"version":[3,0,4],"learner":{"feature_names":[],"feature_types":[],
                 "learner_model_param":{"base_score":"0.3","num_feature":"1","num_class":"0","num_target":"1"},
                 "objective":{"name":"binary:logistic"},
                 "gradient_booster":{"name":"gbtree","model":{"trees":[%s],"tree_info":[%s]}}}}""".formatted(trees, info);
    }
}
