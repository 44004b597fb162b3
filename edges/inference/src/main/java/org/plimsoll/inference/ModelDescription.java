package org.plimsoll.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;

/**
 * What the protocol says of a model: its inputs and outputs as tensors; -1 is any number of rows.
 *
 * @param name the endpoint
 * @param versions that may answer now: {@code late-arrival@3}
 */
record ModelDescription(
        String name,
        List<String> versions,
        String platform,
        List<TensorDescription> inputs,
        List<TensorDescription> outputs,
        Map<String, String> properties) {

    /** A tensor's name, type and shape. */
    record TensorDescription(String name, String datatype, List<Long> shape) {}

    /** Outputs that say of each row what answered it. */
    static final String VERSION_OUTPUT = "version";

    static final String ARM_OUTPUT = "arm";

    /** Outputs that say why, where the request has the parameter {@code reasons}: columns, and how much each moved the margin. */
    static final String REASONS_OUTPUT = "reasons";

    static final String CONTRIBUTIONS_OUTPUT = "contributions";

    static ModelDescription of(
            String endpoint, List<String> versions, Signature signature, Task task, Map<String, String> properties) {
        List<TensorDescription> inputs = new ArrayList<>();
        for (Signature.Tensor tensor : signature.tensors()) {
            inputs.add(new TensorDescription(tensor.name(), tensor.datatype().name(), tensor.shape()));
        }
        if (signature.tensors().isEmpty()) {
            for (Column column : signature.inputs().columns()) {
                inputs.add(new TensorDescription(
                        column.name(), datatype(column.type()).name(), List.of(-1L)));
            }
        }
        for (String companion : RowReader.companions(task)) {
            if (!signature.inputs().has(companion)) {
                boolean isTime = task.eventTime().filter(companion::equals).isPresent();
                Datatype datatype = isTime ? Datatype.INT64 : Datatype.BYTES;
                inputs.add(new TensorDescription(companion, datatype.name(), List.of(-1L)));
            }
        }
        List<TensorDescription> outputs = new ArrayList<>();
        for (Signature.Output output : signature.outputs()) {
            outputs.add(new TensorDescription(output.name(), output.datatype().name(), shape(-1, output)));
        }
        Map<String, String> known = new TreeMap<>(properties);
        ClassLabels.of(task, signature.outputs()).ifPresent(labels -> {
            outputs.add(new TensorDescription(ClassLabels.OUTPUT, Datatype.BYTES.name(), List.of(-1L)));
            for (int place = 0; place < labels.names().size(); place++) {
                known.put(ClassLabels.PARAMETER + place, labels.names().get(place));
            }
        });
        task.positive().ifPresent(positive -> known.put("positive", positive));
        outputs.add(new TensorDescription(VERSION_OUTPUT, Datatype.BYTES.name(), List.of(-1L)));
        outputs.add(new TensorDescription(ARM_OUTPUT, Datatype.BYTES.name(), List.of(-1L)));
        return new ModelDescription(endpoint, versions, "plimsoll", inputs, outputs, known);
    }

    /** One value a row is {@code [rows]}, several are {@code [rows, width]}. */
    static List<Long> shape(long rows, Signature.Output output) {
        return output.width() == 1 ? List.of(rows) : List.of(rows, (long) output.width());
    }

    /** How a column travels. */
    static Datatype datatype(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> Datatype.BOOL;
            case INTEGER, TIMESTAMP -> Datatype.INT64;
            case NUMBER -> Datatype.FP64;
            case TEXT, CATEGORY -> Datatype.BYTES;
        };
    }
}
