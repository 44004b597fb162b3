package org.plimsoll.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.FeatureSpec;
import org.plimsoll.scoring.Features;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Precision;
import org.plimsoll.scoring.Task;

/** Made-up flights and XGBoost models trained on them: what an evaluation is handed. */
final class Flights {

    static final long START = 978_307_200_000L; // 2001-01-01
    static final long HOUR = 3_600_000L;
    static final long DAY = 24 * HOUR;
    static final String[] ORIGINS = {"DFW", "LAX", "ORD"};
    static final Task TASK = Json.read("""
            {"kind":"binary","label":"late","entity":"flight","event_time":"departed_at","zone":"UTC","cluster":"day",
             "segments":["origin"],"maturity":"PT12H"}
            """, Task.class);

    private static final Schema SCHEMA = Schema.of(
            Column.required(Schema.FILE, ColumnType.TEXT),
            Column.required(Schema.ROW, ColumnType.INTEGER),
            Column.required("flight", ColumnType.TEXT),
            Column.required("departed_at", ColumnType.TIMESTAMP),
            Column.required("hour", ColumnType.INTEGER),
            Column.required("distance", ColumnType.NUMBER),
            Column.required("origin", ColumnType.CATEGORY),
            Column.required("late", ColumnType.BOOLEAN));

    private final Path folder;
    private final Query query;

    Flights(Path folder, Query query) {
        this.folder = folder;
        this.query = query;
    }

    /** Flights of whole days, a hundred a day, late by hour, distance and origin; row numbers go on from day to day. */
    static Columns days(int from, int until, boolean areLabelsShuffled) {
        ColumnsBuilder builder = Columns.builder(SCHEMA, (until - from) * 100);
        for (int day = from; day < until; day++) {
            SplittableRandom random = new SplittableRandom(day);
            double luck = random.nextDouble() - 0.5;
            for (int i = 0; i < 100; i++) {
                int hour = i * 24 / 100;
                double distance = random.nextDouble() * 2_000;
                int origin = random.nextInt(3);
                double logit = -2 + hour / 8.0 + luck + (origin == 0 ? distance / 1_000 : -distance / 2_000);
                double chance = areLabelsShuffled ? 0.3 : 1 / (1 + Math.exp(-logit));
                builder.text(0, "ab".repeat(32))
                        .integer(1, day * 100L + i)
                        .text(2, "flight " + day + "-" + i)
                        .integer(3, START + day * DAY + hour * HOUR)
                        .integer(4, hour)
                        .number(5, distance)
                        .text(6, ORIGINS[origin])
                        .bool(7, random.nextDouble() < chance)
                        .endRow();
            }
        }
        return builder.build();
    }

    /** The rows as a Parquet file. */
    Path file(String name, Columns rows) {
        Path file = folder.resolve(name + ".parquet");
        query.write(rows, file);
        return file;
    }

    static Digest digest(Path file) {
        try {
            return Digest.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A model trained on these rows, handed in with them. */
    Subject trained(String name, Columns rows, ToDoubleFunction<Double> seen) {
        Features features = Features.fit(
                FeatureSpec.defaults(SCHEMA, Set.of(Schema.FILE, Schema.ROW, "flight", "departed_at", "late")),
                rows,
                ZoneOffset.UTC);
        float[] x = new float[rows.rows() * features.width()];
        double[] encoded = features.encode(rows, Precision.SINGLE);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) seen.applyAsDouble(encoded[i]);
        }
        try {
            DMatrix matrix = new DMatrix(x, rows.rows(), features.width(), Float.NaN);
            float[] labels = new float[rows.rows()];
            double[] truth = TASK.labels(rows);
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (float) truth[i];
            }
            matrix.setLabel(labels);
            Booster booster = XGBoost.train(
                    matrix,
                    Map.of("objective", "binary:logistic", "max_depth", 3, "eta", 0.3, "nthread", 1, "seed", 1),
                    30,
                    Map.of(),
                    null,
                    null);
            Path model = folder.resolve(name + ".ubj");
            booster.saveModel(model.toString());
            Path artifact = folder.resolve(name);
            Digest digest = ModelArtifact.write(artifact, new ModelArtifact.Draft(model, TASK, features, rows, 42))
                    .digest();
            Path training = file(name + "-train", rows);
            return new Subject(
                    name.replace('-', '@'), digest, artifact, Optional.of(digest(training)), Optional.of(training));
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    Subject trained(String name, Columns rows) {
        return trained(name, rows, value -> value);
    }

    static List<Claim> claims() {
        Metric auc = Metric.parse("auc");
        return List.of(
                Claim.of(auc, Scope.ALL, new Bound.NotWorse(Reference.CHAMPION, 0.005)),
                Claim.of(auc, Scope.each("origin"), new Bound.NotWorse(Reference.CHAMPION, 0.02)),
                Claim.of(auc, Scope.ALL, new Bound.NotWorse(Reference.ANCHOR, 0.01)),
                Claim.of(Metric.parse("log_loss"), Scope.ALL, new Bound.AtMost(0.7)));
    }
}
