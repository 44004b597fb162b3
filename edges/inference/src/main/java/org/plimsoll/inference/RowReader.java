package org.plimsoll.inference;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.Question;

/**
 * From tensors to rows: one input for each column, {@code [rows]} or {@code [rows, 1]}; or, where every column is a number, one
 * input {@code [rows, columns]} in the signature's order; or the tensors that the model itself speaks of, each of which holds
 * the values of several columns, row by row. What the task needs beside the model's own inputs (entity, event time,
 * segments, cluster, weight) may come as inputs too. An unknown name, a forgotten input, a wrong type, a missing value where
 * the column allows none: refused, with what would be right.
 */
final class RowReader {

    private final String version;
    private final String endpoint;
    private final Signature signature;
    private final Task task;
    private final Set<String> companions;

    /** Where a column's values are: every {@code stride}-th of a tensor's, from {@code offset} on. */
    private record Source(Tensor tensor, int stride, int offset) {

        Source(Tensor tensor) {
            this(tensor, 1, 0);
        }
    }

    /**
     * @param version that answers, for the words of errors
     * @param endpoint in the address
     */
    RowReader(String version, String endpoint, Signature signature, Task task) {
        this.version = version;
        this.endpoint = endpoint;
        this.signature = signature;
        this.task = task;
        this.companions = companions(task);
    }

    /** Columns beside the model's own that callers may send. */
    static Set<String> companions(Task task) {
        Set<String> names = new LinkedHashSet<>();
        task.entity().ifPresent(names::add);
        task.eventTime().ifPresent(names::add);
        names.addAll(task.segments());
        task.cluster()
                .filter(name -> !name.equals(Task.DAY) && !name.equals(Task.ROW))
                .ifPresent(names::add);
        task.weight().ifPresent(names::add);
        task.group().ifPresent(names::add);
        return names;
    }

    /** The rows of a request. @throws Problem INVALID */
    Question read(InferRequest request) {
        List<Tensor> inputs = request.inputs();
        if (isMatrix(inputs)) {
            return question(request, matrix(inputs.getFirst()));
        }
        Map<String, Tensor> byName = new HashMap<>();
        for (Tensor input : inputs) {
            if (byName.put(input.name(), input) != null) {
                throw Problem.invalid("input `" + input.name() + "`", "given twice", "one tensor for each column");
            }
        }
        Map<String, Source> spread = spread(byName);
        int rows = rows(inputs);
        List<Column> columns = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        for (Column column : signature.inputs().columns()) {
            Tensor input = byName.remove(column.name());
            Source source = input == null ? spread.get(column.name()) : new Source(input);
            if (source == null) { // a forgotten input is no missing value, also where values may be missing
                throw missing(column);
            }
            columns.add(column);
            sources.add(source);
        }
        for (Tensor input : byName.values()) {
            columns.add(companion(input));
            sources.add(new Source(input));
        }
        return question(request, fill(new Schema(columns), sources, rows));
    }

    /** The columns that tensors of several values a row hold; those tensors are taken out. */
    private Map<String, Source> spread(Map<String, Tensor> byName) {
        Map<String, Source> sources = new HashMap<>();
        for (Signature.Tensor known : signature.tensors()) {
            int width = known.columns().size();
            Tensor given = byName.get(known.name());
            if (given == null || width == 1 && signature.inputs().has(known.name())) {
                continue;
            }
            List<Long> shape = given.shape();
            boolean fits = shape.size() == known.shape().size()
                    && shape.subList(1, shape.size())
                            .equals(known.shape().subList(1, known.shape().size()));
            if (!fits) {
                throw Problem.invalid(
                        "shape of input `" + known.name() + "`", shape, known.shape() + "; -1 is any number of rows");
            }
            byName.remove(known.name());
            for (int k = 0; k < width; k++) {
                sources.put(known.columns().get(k), new Source(given, width, k));
            }
        }
        return sources;
    }

    private int rows(List<Tensor> inputs) {
        if (inputs.isEmpty()) {
            throw Problem.invalid("inputs", "an empty list", "one tensor for each column");
        }
        long rows = inputs.getFirst().rows();
        for (Tensor input : inputs) {
            List<Long> shape = input.shape();
            boolean known = signature.tensors().stream()
                    .anyMatch(tensor -> tensor.name().equals(input.name())
                            && tensor.columns().size() > 1);
            if (!known && (shape.size() > 2 || shape.size() == 2 && shape.get(1) != 1)) {
                throw Problem.invalid("shape of input `" + input.name() + "`", shape, "[rows] or [rows, 1]");
            }
            if (input.rows() != rows) {
                throw Problem.invalid(
                        "shape of input `" + input.name() + "`",
                        shape,
                        "[" + rows + "], as input `" + inputs.getFirst().name() + "` has so many rows");
            }
        }
        if (rows == 0) {
            throw Problem.invalid("rows", 0, "at least one");
        }
        return (int) rows;
    }

    private boolean isMatrix(List<Tensor> inputs) {
        List<Column> columns = signature.inputs().columns();
        return inputs.size() == 1
                && signature.tensors().stream()
                        .noneMatch(
                                tensor -> tensor.name().equals(inputs.getFirst().name()))
                && columns.size() > 1
                && inputs.getFirst().shape().size() == 2
                && inputs.getFirst().shape().get(1) == columns.size()
                && columns.stream().allMatch(column -> column.type() == ColumnType.NUMBER);
    }

    private Columns matrix(Tensor input) {
        int rows = (int) input.rows();
        int width = signature.inputs().size();
        ColumnsBuilder builder = Columns.builder(signature.inputs(), rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                set(builder, column, signature.inputs().columns().get(column), input, row * width + column, row);
            }
            builder.endRow();
        }
        return build(builder);
    }

    private Columns fill(Schema schema, List<Source> sources, int rows) {
        ColumnsBuilder builder = Columns.builder(schema, rows);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < sources.size(); column++) {
                Source source = sources.get(column);
                int index = row * source.stride + source.offset;
                set(builder, column, schema.columns().get(column), source.tensor, index, row);
            }
            builder.endRow();
        }
        return build(builder);
    }

    private Columns build(ColumnsBuilder builder) {
        try {
            return builder.build();
        } catch (Problem problem) {
            throw Problem.of(problem.kind(), "input is refused: " + problem.detail(), problem.facts());
        }
    }

    private static void set(ColumnsBuilder builder, int column, Column of, Tensor input, int index, int row) {
        if (input.values().isNull(index)) {
            return; // missing; refused when the batch is built, where the column is required
        }
        switch (input.values()) {
            case Tensor.Wholes wholes -> setWhole(builder, column, of, input, wholes.values()[index]);
            case Tensor.Floats floats -> setFloat(builder, column, of, input, floats.values()[index], row);
            case Tensor.Texts texts -> setText(builder, column, of, input, texts.values()[index], row);
        }
    }

    private static void setWhole(ColumnsBuilder builder, int column, Column of, Tensor input, long value) {
        boolean fits = switch (of.type()) {
            case BOOLEAN -> input.datatype() == Datatype.BOOL;
            case INTEGER, NUMBER -> true;
            case TIMESTAMP -> input.datatype() != Datatype.BOOL;
            case TEXT, CATEGORY -> false;
        };
        if (!fits) {
            throw wrongType(of, input);
        }
        builder.integer(column, value);
    }

    private static void setFloat(ColumnsBuilder builder, int column, Column of, Tensor input, double value, int row) {
        if (of.type() != ColumnType.NUMBER) {
            throw wrongType(of, input);
        }
        if (Double.isInfinite(value) || Double.isNaN(value) && !of.optional()) {
            throw Problem.invalid("input `" + of.name() + "`, row " + row, value, "a finite number");
        }
        builder.number(column, value);
    }

    private static void setText(ColumnsBuilder builder, int column, Column of, Tensor input, String value, int row) {
        switch (of.type()) {
            case TEXT, CATEGORY -> builder.text(column, value);
            case TIMESTAMP -> builder.integer(column, instant("input `" + of.name() + "`, row " + row, value));
            case BOOLEAN, INTEGER, NUMBER -> throw wrongType(of, input);
        }
    }

    private static long instant(String where, String text) {
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw Problem.invalid(
                    where, text, "an instant in UTC, such as 2001-02-03T04:05:06Z, or epoch milliseconds");
        }
    }

    /** The column a companion becomes: its type follows the tensor's, and an event time is an instant. */
    private Column companion(Tensor input) {
        String name = input.name();
        if (!companions.contains(name)) {
            Set<String> known = new LinkedHashSet<>(signature.inputs().names());
            known.addAll(companions);
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "input `" + name + "` is not one of " + version + "; "
                            + Spelling.nearest(name, known)
                                    .map(likely -> "did you mean `" + likely + "`?")
                                    .orElse("GET /v2/models/" + endpoint + " lists them"));
        }
        if (task.eventTime().equals(Optional.of(name))) {
            return Column.optional(name, ColumnType.TIMESTAMP);
        }
        ColumnType type = switch (input.datatype()) {
            case BOOL -> ColumnType.BOOLEAN;
            case BYTES -> ColumnType.TEXT;
            case FP16, FP32, FP64 -> ColumnType.NUMBER;
            default -> ColumnType.INTEGER;
        };
        return Column.optional(name, type);
    }

    private Problem missing(Column column) {
        return Problem.of(
                Problem.Kind.INVALID,
                "input `" + column.name() + "` is missing (" + ModelDescription.datatype(column.type())
                        + ", shape [-1]); the signature of " + version + " has "
                        + signature.inputs().size() + " columns: GET /v2/models/" + endpoint
                        + (column.optional() ? "; where a value is not known, send null" : ""));
    }

    private static Problem wrongType(Column column, Tensor input) {
        return Problem.invalid(
                "datatype of input `" + column.name() + "`",
                input.datatype(),
                ModelDescription.datatype(column.type()) + ", as the column is of type "
                        + column.type().word());
    }

    private static Question question(InferRequest request, Columns rows) {
        Optional<String> entity =
                Optional.ofNullable(request.parameters().get("entity")).map(Object::toString);
        Optional<Long> eventTime = Optional.ofNullable(request.parameters().get("event_time"))
                .map(value -> switch (value) {
                    case Long millis -> millis;
                    case String text -> instant("parameter event_time", text);
                    default ->
                        throw Problem.invalid(
                                "parameter event_time", value, "an instant in UTC, or epoch milliseconds");
                });
        return new Question(rows, entity, eventTime, reasons(request));
    }

    private static int reasons(InferRequest request) {
        return switch (request.parameters().getOrDefault("reasons", 0L)) {
            case Long wanted when wanted >= 0 && wanted <= Integer.MAX_VALUE -> wanted.intValue();
            case Object other -> throw Problem.invalid("parameter reasons", other, "how many for each row, such as 3");
        };
    }
}
