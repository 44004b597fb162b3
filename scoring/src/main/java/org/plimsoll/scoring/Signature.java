package org.plimsoll.scoring;

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
 * @param inputs the raw columns, as callers send them
 * @param outputs in the order they are answered
 */
public record Signature(Schema inputs, List<Output> outputs) {

    /** What the numbers of an output are, in the Open Inference Protocol's words. */
    public enum Datatype {
        FP32,
        FP64,
        INT64,
        BYTES
    }

    /**
     * One tensor of the answer: a row of {@code width} values for each row asked about.
     *
     * @param width 1 for one value a row: shape [rows]; more: shape [rows, width]
     */
    public record Output(String name, Datatype datatype, int width) {

        public Output {
            if (name.isBlank() || width < 1) {
                throw Problem.invalid("output", name + " of width " + width, "a name and a width of at least 1");
            }
        }

        @Override
        public String toString() {
            return name + " " + datatype + (width == 1 ? "[rows]" : "[rows, " + width + "]");
        }
    }

    public Signature {
        outputs = List.copyOf(outputs);
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
            } else if (!given.get().equals(promised)) {
                reasons.add("output " + promised + " is answered as " + given.get());
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
