package org.plimsoll.serving;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.FeatureSpec;
import org.plimsoll.scoring.Features;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Task;

/** Three small models of late flights, as real artifacts: {@code good}, {@code like} (as good), {@code bad} (always contrary). */
final class Models {

    static final Schema INPUTS = new Schema(
            List.of(Column.required("distance", ColumnType.NUMBER), Column.required("hour", ColumnType.NUMBER)));

    static final Task TASK = new Task(
            Task.Kind.BINARY,
            "late",
            Optional.of("1"),
            List.of(),
            Optional.of("flight"),
            Optional.of("departed_at"),
            Optional.empty(),
            Optional.of(Task.DAY),
            List.of(),
            Optional.of(Duration.ofHours(12)),
            Optional.empty(),
            Optional.empty(),
            Optional.of(0.3),
            Optional.empty(),
            Optional.empty());

    private Models() {}

    /** Writes the artifact into a new folder. */
    static Path artifact(Path parent, String name) {
        try {
            Path model = Files.createTempFile(parent, name, ".json");
            try (InputStream json = Models.class.getResourceAsStream("/models/" + name + ".json")) {
                Files.write(model, json.readAllBytes());
            }
            Columns rows = rows(200, 3);
            Features features = Features.fit(FeatureSpec.defaults(INPUTS, Set.of()), rows, ZoneOffset.UTC);
            Path folder = parent.resolve("artifact-" + name);
            ModelArtifact.write(folder, new ModelArtifact.Draft(model, TASK, features, rows, 5));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of the signature's columns. */
    static Columns rows(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ColumnsBuilder builder = Columns.builder(INPUTS, rows);
        for (int row = 0; row < rows; row++) {
            builder.number(0, random.nextDouble(100, 2500))
                    .number(1, random.nextInt(24))
                    .endRow();
        }
        return builder.build();
    }

    /** Rows with entity and event time, as callers send them. */
    static Columns flights(int rows, long seed, String prefix, long departedAt) {
        Schema schema = new Schema(List.of(
                INPUTS.columns().get(0),
                INPUTS.columns().get(1),
                Column.optional("flight", ColumnType.TEXT),
                Column.optional("departed_at", ColumnType.TIMESTAMP)));
        SplittableRandom random = new SplittableRandom(seed);
        ColumnsBuilder builder = Columns.builder(schema, rows);
        for (int row = 0; row < rows; row++) {
            builder.number(0, random.nextDouble(100, 2500))
                    .number(1, random.nextInt(24))
                    .text(2, prefix + row)
                    .integer(3, departedAt)
                    .endRow();
        }
        return builder.build();
    }

    /** The truth of the models' world, drawn by the same chance as in {@code make.py}. */
    static boolean isLate(double distance, double hour, SplittableRandom random) {
        return random.nextDouble() < 0.04 + (hour > 15 && distance > 800 ? 0.5 : 0);
    }
}
