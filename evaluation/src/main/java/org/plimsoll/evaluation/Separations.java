package org.plimsoll.evaluation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Evaluation.Separation;
import org.plimsoll.scoring.Task;

/**
 * Proves that no model had seen the rows it is judged on: by raw file and row number, and, where the task has an event time, by
 * time.
 *
 * <pre>
 *  training rows ──────────┤ last            maturity          │
 *                          │◄─────────────────────────────────►│
 *  a row judged    here: ERROR        here: left out               here: judged
 * </pre>
 *
 * Where a model was brought from elsewhere its training rows are unknown: then nothing is proved, and nothing refuted.
 *
 * <p>A row within the maturity of the last training row may share its luck with a label that was already known while training.
 */
final class Separations {

    private final Columns rows;
    private final Task task;
    private final boolean[] isLeftOut;
    private final List<Separation> separations = new ArrayList<>();
    private final List<String> unproved = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, SortedSet<String>> trainedSegments = new HashMap<>();
    private List<Double> constant = List.of();

    Separations(Columns rows, Task task) {
        this.rows = rows;
        this.task = task;
        this.isLeftOut = new boolean[rows.rows()];
        task.segments().forEach(segment -> trainedSegments.put(segment, new TreeSet<>()));
    }

    /** Holds the training rows of one model against the rows it is judged on. */
    void check(Subject model, Query query) {
        if (model.trainingRows().isEmpty()) {
            unproved.add("the training rows of " + model.name()
                    + " are not known; that it had not seen these is the word of whoever brought it");
            return;
        }
        try {
            List<java.nio.file.Path> file = List.of(model.trainingRows().get());
            Schema schema = query.describe(file).schema();
            if (!schema.hasRowIdentity()) {
                errors.add("the training rows of " + model.name() + " have lost " + Schema.FILE + " and " + Schema.ROW);
                return;
            }
            check(model.name(), query.read(file, needed(schema)));
        } catch (Problem unreadable) {
            errors.add("the training rows of " + model.name() + " cannot be read: " + unreadable.detail());
        }
    }

    /** Of a wide table only what is looked at. */
    private List<String> needed(Schema schema) {
        List<String> names = new ArrayList<>(List.of(Schema.FILE, Schema.ROW));
        task.eventTime().filter(schema::has).ifPresent(names::add);
        List.of(task.label()).stream().filter(schema::has).forEach(names::add);
        task.segments().stream()
                .filter(schema::has)
                .filter(name -> !names.contains(name))
                .forEach(names::add);
        return names;
    }

    void check(String model, Columns training) {
        long shared = shared(training);
        if (shared > 0) {
            errors.add(count(shared) + " were in the training rows of " + model);
        }
        Optional<Long> last = last(training);
        long notAfter = 0;
        long within = 0;
        if (task.eventTime().isPresent()) {
            if (last.isEmpty()) {
                errors.add("the training rows of " + model + " have no "
                        + task.eventTime().get());
            } else {
                long mature = last.get() + task.maturityOrZero().toMillis();
                long[] times = rows.integers(rows.index(task.eventTime().get()));
                for (int row = 0; row < times.length; row++) {
                    if (times[row] <= last.get()) {
                        notAfter++;
                    } else if (times[row] <= mature) {
                        within++;
                        isLeftOut[row] = true;
                    }
                }
            }
        }
        if (notAfter > 0) {
            errors.add(count(notAfter) + " are not after the last training row of " + model + ", "
                    + Instant.ofEpochMilli(last.orElseThrow())
                    + "; divide them by time, or leave event_time out of the task");
        }
        remember(training);
        separations.add(
                new Separation(model, training.rows(), shared, notAfter, within, last.map(Instant::ofEpochMilli)));
    }

    private String count(long some) {
        return some + " of " + rows.rows() + " rows";
    }

    private long shared(Columns training) {
        Map<String, long[]> trained = new HashMap<>();
        rowsByFile(training).forEach((file, numbers) -> {
            long[] sorted = numbers.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            trained.put(file, sorted);
        });
        long shared = 0;
        int file = rows.index(Schema.FILE);
        int number = rows.index(Schema.ROW);
        for (int row = 0; row < rows.rows(); row++) {
            Optional<long[]> sorted = rows.text(file, row).flatMap(name -> Optional.ofNullable(trained.get(name)));
            if (sorted.isPresent() && Arrays.binarySearch(sorted.get(), rows.integer(number, row)) >= 0) {
                shared++;
            }
        }
        return shared;
    }

    private static Map<String, List<Long>> rowsByFile(Columns some) {
        Map<String, List<Long>> found = new HashMap<>();
        int file = some.index(Schema.FILE);
        int number = some.index(Schema.ROW);
        for (int row = 0; row < some.rows(); row++) {
            found.computeIfAbsent(some.text(file, row).orElse(""), _ -> new ArrayList<>())
                    .add(some.integer(number, row));
        }
        return found;
    }

    private Optional<Long> last(Columns training) {
        if (task.eventTime().isEmpty()
                || !training.schema().has(task.eventTime().get())
                || training.rows() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                Arrays.stream(training.integers(training.index(task.eventTime().get())))
                        .max()
                        .orElseThrow());
    }

    /** The segments it was trained for, so that one without any row here is missed; and the constant model. */
    private void remember(Columns training) {
        for (Column column : training.schema().columns()) {
            Optional.ofNullable(trainedSegments.get(column.name())).ifPresent(values -> {
                int index = training.index(column.name());
                for (int row = 0; row < training.rows(); row++) {
                    values.add(training.written(index, row).orElse(PairedTable.MISSING));
                }
            });
        }
        if (constant.isEmpty() && training.schema().has(task.label()) && training.rows() > 0) {
            constant = ConstantModel.of(task, task.labels(training));
        }
    }

    /** What nobody can show. */
    List<String> unproved() {
        return List.copyOf(unproved);
    }

    /** What cannot be believed. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    List<Separation> separations() {
        return List.copyOf(separations);
    }

    /** What the constant model of the first model's training rows answers; empty where it is not known. */
    List<Double> constant() {
        return constant;
    }

    /** The values of a segment that models were trained for. */
    SortedSet<String> trained(String segment) {
        return trainedSegments.getOrDefault(segment, new TreeSet<>());
    }

    /** The rows that may be judged. */
    int[] judged() {
        int[] kept = new int[rows.rows()];
        int n = 0;
        for (int row = 0; row < isLeftOut.length; row++) {
            if (!isLeftOut[row]) {
                kept[n++] = row;
            }
        }
        return Arrays.copyOf(kept, n);
    }
}
