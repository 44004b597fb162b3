package org.plimsoll.scoring;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Schema;

/**
 * What goes into a model and what comes out: raw columns in, tensors out. It travels in the artifact; a routing table holds
 * only versions with compatible signatures.
 *
 * <p>Columns are what callers send, what the log keeps and what is watched, whatever the engine. A model that speaks of tensors
 * says in {@code tensors} which columns become which; one of several values a row, such as an embedding, takes one column for
 * each, {@code embedding[0]}, {@code embedding[1]}, ….
 *
 * @param inputs the raw columns, as callers send them
 * @param tensors what the columns become in front of the engine; none where that is a matrix of features, or a data frame
 * @param outputs in the order they are answered; the first is what the task is judged by
 */
public record Signature(
        Schema inputs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Tensor> tensors,
        List<Output> outputs) {

    /** What the elements of a tensor are, in the Open Inference Protocol's words. */
    public enum Datatype {
        BOOL,
        UINT8,
        UINT16,
        UINT32,
        UINT64,
        INT8,
        INT16,
        INT32,
        INT64,
        FP16,
        FP32,
        FP64,
        BYTES;

        /** Whether its elements are floating numbers, of which one may be NaN. */
        public boolean isFloating() {
            return this == FP16 || this == FP32 || this == FP64;
        }
    }

    /**
     * One tensor of the question, and the columns it is made of.
     *
     * @param shape -1 is any number of rows; one row has as many values as there are columns
     * @param columns in the order of a row's values
     */
    public record Tensor(String name, Datatype datatype, List<Long> shape, List<String> columns) {
        public Tensor {
            shape = List.copyOf(shape);
            columns = List.copyOf(columns);
        }

        @Override
        public String toString() {
            return name + " " + datatype + shape;
        }
    }

    /**
     * One tensor of the answer: a row of {@code width} values for each row asked about.
     *
     * @param width 1 for one value a row: shape [rows]; more: shape [rows, width]
     * @param classes where it is about classes: whose probability each value is, or what a label's value stands for by its place
     *     among them
     * @param from what the model itself calls the output, where that is another name
     */
    public record Output(
            String name,
            Datatype datatype,
            int width,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> classes,
            Optional<String> from) {

        public Output {
            classes = List.copyOf(classes);
            if (name.isBlank() || width < 1) {
                throw Problem.invalid("output", name + " of width " + width, "a name and a width of at least 1");
            }
            if (width > 1 && !classes.isEmpty() && classes.size() != width) {
                throw Problem.invalid("classes of output " + name, classes, width + " names");
            }
            if (datatype == Datatype.BYTES && classes.isEmpty()) {
                throw Problem.invalid("classes of output " + name, "none", "the words it may answer");
            }
        }

        public Output(String name, Datatype datatype, int width) {
            this(name, datatype, width, List.of(), Optional.empty());
        }

        /** Whether callers of that output are answered by this one. */
        boolean answers(Output promised) {
            return name.equals(promised.name)
                    && datatype == promised.datatype
                    && width == promised.width
                    && (promised.classes.isEmpty() || classes.equals(promised.classes));
        }

        @Override
        public String toString() {
            return name + " " + datatype + (width == 1 ? "[rows]" : "[rows, " + width + "]");
        }
    }

    public Signature {
        tensors = List.copyOf(tensors);
        outputs = List.copyOf(outputs);
    }

    /** A signature of columns alone. */
    public Signature(Schema inputs, List<Output> outputs) {
        this(inputs, List.of(), outputs);
    }

    /**
     * Why callers of this signature could not be answered by a model of the other one, in words; empty where they could. The
     * other may ask for less, and may allow what this one does not; it must answer the same outputs.
     */
    public List<String> incompatibilities(Signature other) {
        List<String> reasons = new ArrayList<>();
        for (Column wanted : other.inputs.columns()) {
            Optional<Column> sent = inputs.find(wanted.name());
            if (sent.isEmpty()) {
                if (!wanted.optional()) {
                    reasons.add("input " + wanted + " is needed, and callers do not send it");
                }
            } else if (!wanted.type().takes(sent.get().type())) {
                reasons.add("input " + wanted.name() + " is " + wanted.type().word() + ", and callers send "
                        + sent.get().type().word());
            } else if (sent.get().optional() && !wanted.optional()) {
                reasons.add("input " + wanted.name() + " may be missing in callers' rows, and is required");
            }
        }
        for (Output promised : outputs) {
            Optional<Output> given = other.outputs.stream()
                    .filter(output -> output.name().equals(promised.name()))
                    .findFirst();
            if (given.isEmpty()) {
                reasons.add("output " + promised + " is not answered");
            } else if (!given.get().answers(promised)) {
                String classes = given.get().toString().equals(promised.toString())
                        ? " of the classes " + given.get().classes() + " instead of " + promised.classes
                        : "";
                reasons.add("output " + promised + " is answered as " + given.get() + classes);
            }
        }
        return reasons;
    }

    /** That these columns can be asked about. @throws Problem naming the first input that is missing or of another type */
    public void check(Schema given) {
        for (Column wanted : inputs.columns()) {
            Optional<Column> sent = given.find(wanted.name());
            if (sent.isEmpty() && !wanted.optional()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "input " + wanted.name() + " is missing ("
                                + wanted.type().word() + "); the signature has " + inputs.size() + " columns: "
                                + String.join(", ", inputs.names()));
            }
            if (sent.isPresent() && !wanted.type().takes(sent.get().type())) {
                throw Problem.invalid(
                        "input " + wanted.name(),
                        sent.get().type().word(),
                        wanted.type().word());
            }
        }
    }
}
