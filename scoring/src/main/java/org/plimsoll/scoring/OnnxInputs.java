package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.OnnxModel.Value;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * Which columns a graph's input tensors are made of.
 *
 * <pre>
 *  one value a row         the column of the tensor's name
 *  several values a row    the columns name[0], name[1], …; else the columns of the MLflow signature;
 *                          else all columns that are left, in order, where they are as many
 * </pre>
 *
 * @param columns all columns needed, in the order of the tensors
 * @param oneByOne whether the graph takes one row at a time
 */
record OnnxInputs(List<TensorInput> tensors, Schema columns, boolean oneByOne) {

    private static final int WIDEST = 1 << 20;

    /** @throws Problem naming the input that no columns fit */
    static OnnxInputs of(Engines.Asked asked, OnnxModel model) {
        if (model.inputs().isEmpty()) {
            throw model.problem("has no inputs");
        }
        Set<String> taken = new HashSet<>();
        model.inputs().stream()
                .filter(input -> asked.columns().has(input.name()))
                .forEach(input -> taken.add(input.name()));
        List<TensorInput> tensors = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        boolean oneByOne = false;
        for (Value input : model.inputs()) {
            Datatype datatype = input.datatype()
                    .filter(type -> OnnxTensors.canAsk(type))
                    .orElseThrow(
                            () -> model.problem("has the input " + input.name() + " of a kind that is not supported"));
            if (input.shape().length > 0 && input.shape()[0] > 1) {
                throw model.problem("takes exactly " + input.shape()[0]
                        + " rows at a time; export it with a first dimension that is not fixed");
            }
            oneByOne |= input.shape().length > 0 && input.shape()[0] == 1;
            TensorInput tensor = new TensorInput(input.name(), datatype, fixed(asked, model, input), List.of());
            List<String> names = names(asked, model, tensor, taken);
            taken.addAll(names);
            tensors.add(new TensorInput(tensor.name(), datatype, tensor.shape(), names));
            for (String name : names) {
                columns.add(column(asked.columns().column(name), datatype));
            }
        }
        return new OnnxInputs(List.copyOf(tensors), new Schema(columns), oneByOne);
    }

    /** The shape with all but the rows fixed; of one dimension that the graph leaves open, as many as there are columns for. */
    private static long[] fixed(Engines.Asked asked, OnnxModel model, Value input) {
        long[] shape =
                input.shape().length == 0 ? new long[] {-1} : input.shape().clone();
        long width = 1;
        int open = -1;
        for (int i = 1; i < shape.length; i++) {
            if (shape[i] < 1) {
                if (open >= 0) {
                    throw model.problem("leaves several dimensions of the input " + input.name() + " open");
                }
                open = i;
            } else {
                width = Math.min(width * shape[i], WIDEST + 1L);
            }
        }
        if (open >= 0) {
            long there = numbered(asked.columns(), input.name());
            long left = there > 0
                    ? there
                    : model.inputs().size() == 1 ? free(asked, Set.of()).size() : 0;
            if (left == 0 || left % width != 0) {
                throw model.problem(
                        "leaves a dimension of the input " + input.name() + " open, and there are no columns "
                                + input.name() + "[0], " + input.name() + "[1], … to fill it");
            }
            shape[open] = left / width;
            width = left;
        }
        if (width > WIDEST) {
            throw model.problem("takes " + width + " values a row; at most " + WIDEST + " are");
        }
        return shape;
    }

    private static int numbered(Schema columns, String name) {
        return (int) IntStream.range(0, WIDEST)
                .takeWhile(i -> columns.has(name + "[" + i + "]"))
                .count();
    }

    private static List<String> names(Engines.Asked asked, OnnxModel model, TensorInput tensor, Set<String> taken) {
        int width = 1;
        for (int i = 1; i < tensor.shape().length; i++) {
            width *= (int) tensor.shape()[i];
        }
        if (width == 1 && asked.columns().has(tensor.name())) {
            return List.of(tensor.name());
        }
        if (numbered(asked.columns(), tensor.name()) == width) {
            return IntStream.range(0, width)
                    .mapToObj(i -> tensor.name() + "[" + i + "]")
                    .toList();
        }
        List<String> signed = asked.mlflow().columns();
        if (model.inputs().size() == 1
                && signed.size() == width
                && signed.stream().allMatch(asked.columns()::has)) {
            return signed;
        }
        List<String> free = free(asked, taken);
        if (free.size() == width && (model.inputs().size() == 1 || width > 1)) {
            return free;
        }
        throw Problem.of(
                Problem.Kind.INVALID,
                "the model's input " + tensor.described() + " takes " + width + (width == 1 ? " column" : " columns")
                        + " and names none that is there; " + free.size() + " columns could be meant: "
                        + String.join(", ", free.subList(0, Math.min(20, free.size())))
                        + (width == 1
                                ? "; name one of them " + tensor.name()
                                : "; leave exactly the model's columns in the data, in its order, or call them "
                                        + tensor.name() + "[0], " + tensor.name() + "[1], …"));
    }

    /** The columns that nothing speaks of yet. */
    private static List<String> free(Engines.Asked asked, Set<String> taken) {
        Set<String> bookkeeping = asked.task().bookkeeping();
        return asked.columns().names().stream()
                .filter(name -> !taken.contains(name) && !bookkeeping.contains(name))
                .toList();
    }

    /** What callers send for it: floating tensors take missing values as NaN, the others none. */
    private static Column column(Column given, Datatype datatype) {
        ColumnType wanted = switch (datatype) {
            case FP16, FP32, FP64 -> ColumnType.NUMBER;
            case BOOL -> ColumnType.BOOLEAN;
            case BYTES -> given.type() == ColumnType.CATEGORY ? ColumnType.CATEGORY : ColumnType.TEXT;
            case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> ColumnType.INTEGER;
        };
        if (!wanted.takes(given.type())) {
            throw Problem.invalid(
                    "column " + given.name(),
                    given.type().word(),
                    wanted.word() + ", since the model takes it as " + datatype);
        }
        return new Column(given.name(), wanted, datatype.isFloating());
    }
}
