package org.plimsoll.monitoring;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.JoinedLog;
import org.plimsoll.predictions.KnownOutcomes;
import org.plimsoll.predictions.Outcome;
import org.plimsoll.predictions.Outcomes;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.Reading;

/**
 * The rows that a version answered on one day, beside their truths: a gate's table, from real traffic.
 *
 * @param rows rows answered, with and without a truth
 * @param unreadable rows whose truth says nothing that the task understands
 * @param table the labelled rows, as {@link org.plimsoll.evaluation.PairedTable} takes them
 * @param scores of all rows; of a model that answers several values, the first
 * @param stretch where the rows were read
 * @param told outcomes that were known of that stretch, of this day's rows or of others
 */
record MatureDay(
        LocalDate day, long rows, long unreadable, Columns table, double[] scores, Stretch stretch, long told) {

    /** The same rows, each a unit by itself: for the number of one day alone. */
    private static final String EACH_ROW = "row ";

    long labelled() {
        return table.rows();
    }

    /** Reads the stretch of the log that the day's rows stand in. */
    static MatureDay read(
            Reading db,
            JoinedLog log,
            EndpointName endpoint,
            VersionId version,
            Task task,
            LocalDate day,
            Stretch stretch) {
        Reader reader = new Reader(version, task, day, stretch, told(db, endpoint, stretch));
        log.scan(db, endpoint, stretch.first(), stretch.last(), Detail.COLUMNS, reader::add);
        return reader.read();
    }

    /** Whether the log and the outcomes say the same about the day as when this was read: outcomes are added and never changed. */
    boolean isCurrent(Reading db, EndpointName endpoint, Stretch now) {
        return now.equals(stretch) && told(db, endpoint, now) == told;
    }

    private static long told(Reading db, EndpointName endpoint, Stretch stretch) {
        return Outcomes.count(db, endpoint, stretch.firstPrediction(), stretch.lastPrediction());
    }

    /** The table with each row as a cluster of its own. */
    Columns independent() {
        ColumnsBuilder builder = Columns.builder(table.schema(), table.rows());
        for (int row = 0; row < table.rows(); row++) {
            builder.text(0, EACH_ROW + row);
            for (int c = 1; c < table.schema().size(); c++) {
                if (table.schema().columns().get(c).type() == ColumnType.NUMBER) {
                    builder.number(c, table.number(c, row));
                } else {
                    builder.text(c, table.text(c, row).orElseThrow());
                }
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static final class Reader {
        private final VersionId version;
        private final Task task;
        private final LocalDate day;
        private final long begins;
        private final long ends;
        private final Stretch stretch;
        private final long told;
        private int width = 1;
        private ColumnsBuilder builder;
        private final List<Double> scores = new ArrayList<>();
        private long unreadable;

        Reader(VersionId version, Task task, LocalDate day, Stretch stretch, long told) {
            this.version = version;
            this.task = task;
            this.day = day;
            this.begins = start(day);
            this.ends = start(day.plusDays(1));
            this.stretch = stretch;
            this.told = told;
            this.builder = builder(task, width);
        }

        private long start(LocalDate of) {
            return of.atStartOfDay(task.zoneOrUtc()).toInstant().toEpochMilli();
        }

        private static ColumnsBuilder builder(Task task, int width) {
            List<Column> columns = new ArrayList<>(List.of(
                    Column.required(PairedTable.CLUSTER, ColumnType.TEXT),
                    Column.required(PairedTable.LABEL, ColumnType.NUMBER),
                    Column.required(PairedTable.WEIGHT, ColumnType.NUMBER)));
            PairedTable.columns(PairedTable.CANDIDATE, width)
                    .forEach(name -> columns.add(Column.required(name, ColumnType.NUMBER)));
            task.segments().forEach(name -> columns.add(Column.required(PairedTable.SEGMENT + name, ColumnType.TEXT)));
            return Columns.builder(new Schema(columns), 1_024);
        }

        /** How many values a row is answered by is known with the first that comes. */
        private void widen(PredictionBatch.Part part) {
            int found = task.kind() == Task.Kind.MULTICLASS ? part.width() : 1;
            if (scores.isEmpty() && found != width) {
                width = found;
                builder = builder(task, width);
            }
        }

        void add(PredictionBatch batch, KnownOutcomes known) {
            for (PredictionBatch.Part part : batch.parts()) {
                if (part.arm() == Arm.SHADOW || !part.layout().version().equals(version)) {
                    continue;
                }
                widen(part);
                for (int i = 0; i < part.rows().length; i++) {
                    int row = part.rows()[i];
                    if (batch.eventTimes()[row] >= begins && batch.eventTimes()[row] < ends) {
                        add(batch, part, i, known.of(batch, row));
                    }
                }
            }
        }

        private void add(PredictionBatch batch, PredictionBatch.Part part, int i, Optional<Outcome> outcome) {
            int row = part.rows()[i];
            double[] answer = Arrays.copyOf(part.answer(i), width);
            scores.add(answer[0]);
            OptionalDouble truth = outcome.map(it -> task.truth(it.label())).orElse(OptionalDouble.empty());
            if (truth.isEmpty() || !Arrays.stream(answer).allMatch(Double::isFinite)) {
                unreadable += outcome.isPresent() ? 1 : 0;
                return;
            }
            builder.text(0, cluster(batch, row)).number(1, truth.getAsDouble()).number(2, weight(batch, row));
            for (int k = 0; k < width; k++) {
                builder.number(3 + k, answer[k]);
            }
            for (int s = 0; s < task.segments().size(); s++) {
                builder.text(3 + width + s, written(batch.raw(), task.segments().get(s), row));
            }
            builder.endRow();
        }

        private String cluster(PredictionBatch batch, int row) {
            Optional<String> unit = task.clusterOrDefault();
            if (unit.isEmpty()) {
                return batch.id() + " " + row;
            }
            if (unit.get().equals(Task.DAY)) {
                return day.toString();
            }
            return unit.equals(task.entity()) ? batch.entities()[row] : written(batch.raw(), unit.get(), row);
        }

        private double weight(PredictionBatch batch, int row) {
            return task.weight()
                    .filter(name -> batch.raw().schema().has(name))
                    .map(name -> batch.raw().number(batch.raw().index(name), row))
                    .filter(weight -> weight > 0)
                    .orElse(1.0);
        }

        private static String written(Columns raw, String column, int row) {
            return raw.schema().has(column)
                    ? raw.written(raw.index(column), row).orElse("missing")
                    : "missing";
        }

        MatureDay read() {
            return new MatureDay(
                    day,
                    scores.size(),
                    unreadable,
                    builder.build(),
                    scores.stream().mapToDouble(Double::doubleValue).toArray(),
                    stretch,
                    told);
        }
    }
}
