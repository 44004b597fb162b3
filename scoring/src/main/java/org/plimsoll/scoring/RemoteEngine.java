package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.RemoteProtocol.Described;
import org.plimsoll.scoring.Signature.Datatype;
import org.plimsoll.scoring.Signature.Tensor;

/**
 * A model that another server answers ({@link RemoteModel}). Its signature is checked against what the server says when it is
 * loaded; whether it answers as it did is for the golden rows to tell.
 */
public final class RemoteEngine implements ColumnEngine {

    /** So many rows are asked at once. */
    private static final int ROWS_A_QUESTION = 1_000;

    private final RemoteModel model;
    private final RemoteProtocol protocol;
    private final Schema inputs;
    private final List<Tensor> tensors;
    private final List<TaskOutputs.Own> own;
    private final TaskOutputs task;
    private final String platform;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed; // guarded by use

    private RemoteEngine(
            RemoteModel model,
            RemoteProtocol protocol,
            Schema inputs,
            List<Tensor> tensors,
            List<TaskOutputs.Own> own,
            TaskOutputs task,
            String platform) {
        this.model = model;
        this.protocol = protocol;
        this.inputs = inputs;
        this.tensors = tensors;
        this.own = own;
        this.task = task;
        this.platform = platform;
    }

    /** Reads {@code remote.json}, and asks its server what the model takes and answers. */
    static RemoteEngine open(Engines.Asked asked, Execution execution) {
        RemoteModel model =
                RemoteModel.read(Engines.bytes(asked.folder(), asked.mlflow().modelFile()));
        execution.requireReachable(model);
        var headers = model.resolved(System.getenv(), execution.secrets());
        RemoteProtocol protocol = switch (model.protocol()) {
            case REST, REST_JSON -> new RemoteRest(model, headers);
            case GRPC -> new RemoteGrpc(model, headers);
        };
        try {
            RemoteProtocol.Metadata metadata = protocol.metadata();
            List<Tensor> tensors = tensors(model, metadata, asked.columns());
            List<TaskOutputs.Own> own = outputs(model, metadata);
            List<Column> columns = new ArrayList<>();
            for (Tensor tensor : tensors) {
                tensor.columns()
                        .forEach(name ->
                                columns.add(taken(tensor, asked.columns().column(name), model)));
            }
            return new RemoteEngine(
                    model,
                    protocol,
                    new Schema(columns),
                    tensors,
                    own,
                    TaskOutputs.of(asked.task(), own, asked.output()),
                    metadata.platform());
        } catch (RuntimeException e) {
            protocol.close();
            throw e;
        }
    }

    /** A column as the tensor takes it: missing only where something can say so. */
    private static Column taken(Tensor tensor, Column column, RemoteModel model) {
        boolean isText = column.type().isText();
        if (isText != (tensor.datatype() == Datatype.BYTES) && isText) {
            throw Problem.invalid(
                    RemoteModel.FILE + ": tensor " + tensor + " of column " + column.name(),
                    column.type().word(),
                    "a number");
        }
        boolean json = model.protocol() == RemoteModel.Protocol.REST_JSON;
        boolean canBeMissing =
                model.missing().filter(how -> how != RemoteModel.Missing.REFUSE).isPresent()
                        || tensor.datatype().isFloating() && !json;
        return canBeMissing ? column : Column.required(column.name(), column.type());
    }

    private static List<Tensor> tensors(RemoteModel model, RemoteProtocol.Metadata metadata, Schema columns) {
        List<Tensor> tensors = new ArrayList<>();
        if (model.inputs().isEmpty()) {
            if (metadata.inputs().isEmpty()) {
                throw Problem.invalid(
                        RemoteModel.FILE + ": inputs",
                        "none",
                        "the tensors: the server of " + model.where() + " does not say them");
            }
            for (Described input : metadata.inputs()) {
                if (columns.find(input.name()).isPresent()) {
                    tensors.add(new Tensor(
                            input.name(), datatype(input), shape(Optional.of(input), true, 1), List.of(input.name())));
                } else if (columns.size() > 0) {
                    throw Problem.invalid(
                            RemoteModel.FILE + ": inputs",
                            "none, and the server asks for " + input,
                            "the tensors and their columns: the rows have no column of that name");
                }
            }
            return tensors;
        }
        for (RemoteModel.Input input : model.inputs()) {
            Optional<Described> described = metadata.inputs().stream()
                    .filter(each -> each.name().equals(input.name()))
                    .findFirst();
            if (described.isEmpty() && !metadata.inputs().isEmpty()) {
                throw mismatch(model, "input " + input.name(), "is not among " + metadata.inputs());
            }
            if (described.isPresent() && datatype(described.get()) != input.datatype()) {
                throw mismatch(model, "input " + input.name() + " " + input.datatype(), "is " + described.get());
            }
            int width = input.columns().size();
            List<Long> shape = shape(described, input.flat().orElse(false), width);
            boolean fits = shape.stream().skip(1).mapToLong(length -> length).reduce(1, (a, b) -> a * b) == width;
            if (!fits) {
                throw mismatch(model, "input " + input.name() + " of " + width + " columns", "is " + described.get());
            }
            tensors.add(new Tensor(input.name(), input.datatype(), shape, input.columns()));
        }
        return tensors;
    }

    /** The shape that is sent: the server's where it fits, else [rows, columns], or [rows] for one column that is flat. */
    private static List<Long> shape(Optional<Described> described, boolean isFlat, int width) {
        List<Long> said = described.map(Described::shape).orElse(List.of());
        if (said.size() == 1 && width == 1) {
            return List.of(-1L);
        }
        if (said.size() > 1) {
            List<Long> shape = new ArrayList<>(said);
            shape.set(0, -1L);
            if (said.size() == 2 && said.get(1) < 0) {
                shape.set(1, (long) width);
            }
            return List.copyOf(shape);
        }
        return width == 1 && isFlat ? List.of(-1L) : List.of(-1L, (long) width);
    }

    private static List<TaskOutputs.Own> outputs(RemoteModel model, RemoteProtocol.Metadata metadata) {
        if (model.outputs().isEmpty() && metadata.outputs().isEmpty()) {
            throw Problem.invalid(
                    RemoteModel.FILE + ": outputs",
                    "none",
                    "the tensors: the server of " + model.where() + " does not say them");
        }
        List<TaskOutputs.Own> own = new ArrayList<>();
        if (model.outputs().isEmpty()) {
            for (Described output : metadata.outputs()) {
                if (datatype(output) != Datatype.BYTES) {
                    own.add(new TaskOutputs.Own(output.name(), datatype(output), width(model, output), List.of()));
                }
            }
            return own;
        }
        for (RemoteModel.Output output : model.outputs()) {
            Optional<Described> described = metadata.outputs().stream()
                    .filter(each -> each.name().equals(output.name()))
                    .findFirst();
            if (described.isEmpty() && !metadata.outputs().isEmpty()) {
                throw mismatch(model, "output " + output.name(), "is not among " + metadata.outputs());
            }
            if (described.isPresent() && datatype(described.get()) != output.datatype()) {
                throw mismatch(model, "output " + output.name() + " " + output.datatype(), "is " + described.get());
            }
            own.add(new TaskOutputs.Own(output.name(), output.datatype(), output.width(), output.classes()));
        }
        return own;
    }

    private static int width(RemoteModel model, Described output) {
        long width = 1;
        for (long length : output.shape().stream().skip(1).toList()) {
            if (length < 1 || width * length > 1_000_000) {
                throw Problem.invalid(
                        RemoteModel.FILE + ": outputs",
                        "none, and the server of " + model.where() + " answers " + output,
                        "the outputs with their widths");
            }
            width *= length;
        }
        return (int) width;
    }

    private static Datatype datatype(Described tensor) {
        for (Datatype type : Datatype.values()) {
            if (type.name().equals(tensor.datatype())) {
                return type;
            }
        }
        throw Problem.invalid(
                "the remote model's tensor " + tensor.name(), tensor.datatype(), "a datatype of the protocol");
    }

    private static Problem mismatch(RemoteModel model, String ours, String theirs) {
        return Problem.refused(RemoteModel.FILE + " says " + ours + ", and at " + model.url() + " it " + theirs);
    }

    @Override
    public Schema inputs() {
        return inputs;
    }

    @Override
    public List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public List<Signature.Output> outputs() {
        return task.outputs();
    }

    @Override
    public String version() {
        return platform;
    }

    /** The model at its server, for people. */
    String where() {
        return model.where();
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public double[][] score(Columns rows) {
        use.readLock().lock();
        try {
            if (closed) {
                throw Problem.of(Problem.Kind.BUSY, model.where() + " is closed");
            }
            List<TaskOutputs.Own> wanted = new ArrayList<>();
            double[][] all = new double[own.size()][0];
            for (int i = 0; i < own.size(); i++) {
                if (task.needs(i)) {
                    wanted.add(own.get(i));
                    all[i] = new double[rows.rows() * own.get(i).width()];
                }
            }
            for (int from = 0; from < rows.rows(); from += ROWS_A_QUESTION) {
                int until = Math.min(rows.rows(), from + ROWS_A_QUESTION);
                Columns some = from == 0 && until == rows.rows() ? rows : rows.slice(from, until);
                List<RemoteTensors.Answer> answers = protocol.infer(tensors, wanted, some, model.deadlineOrUsual());
                for (int w = 0; w < wanted.size(); w++) {
                    double[] values = answers.get(w).values();
                    TaskOutputs.Own output = wanted.get(w);
                    System.arraycopy(values, 0, all[own.indexOf(output)], from * output.width(), values.length);
                }
            }
            return task.answers(all, rows.rows());
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public String describe() {
        return "remote: " + model.where() + " over " + protocol.describe() + (platform.isEmpty() ? "" : ", " + platform)
                + "; its bytes are there, not in this artifact: only its golden rows show what it answers";
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                protocol.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
