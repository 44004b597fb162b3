package org.plimsoll.scoring;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import org.plimsoll.scoring.Signature.Datatype;

/**
 * A graph executed by ONNX Runtime, for everything that our own engines are not made for: text, embeddings, neural nets,
 * pipelines with their own preprocessing.
 *
 * <p>One thread a question: the same question always gives the same bits, and the pool of {@link NativeThreads} bounds what all
 * models together take. Matrix products of one row are computed by another kernel than those of several, and round otherwise;
 * so a lone row is asked twice over, and gives the bits that it gives in any batch.
 *
 * <p>The native library is loaded with the first model that needs it. Its telemetry is switched off.
 */
final class OnnxEngine implements ColumnEngine {

    /** Rows that are asked at once; bounds the memory of a question. */
    private static final int BLOCK = 4096;

    private final OrtSession session;
    private final List<TensorInput> tensors;
    private final boolean oneByOne;
    private final Schema inputs;
    private final List<TaskOutputs.Own> own;
    private final TaskOutputs outputs;
    private final String version;
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private boolean closed; // guarded by life

    private OnnxEngine(
            OrtSession session, OnnxInputs inputs, List<TaskOutputs.Own> own, TaskOutputs outputs, String version) {
        this.session = session;
        this.tensors = inputs.tensors();
        this.oneByOne = inputs.oneByOne();
        this.inputs = inputs.columns();
        this.own = own;
        this.outputs = outputs;
        this.version = version;
    }

    /**
     * Loads the graph.
     *
     * @throws Problem where ONNX Runtime refuses it, its inputs are no columns of those asked with, or no output answers the task
     */
    static OnnxEngine load(Engines.Asked asked, OnnxModel model, byte[] bytes) {
        OnnxInputs inputs = OnnxInputs.of(asked, model);
        return NativeThreads.call(() -> {
            OrtSession session = session(model, bytes);
            try {
                List<TaskOutputs.Own> own = own(session, model, inputs);
                TaskOutputs outputs = TaskOutputs.of(asked.task(), own, asked.output());
                String version = OrtEnvironment.getEnvironment().getVersion();
                return new OnnxEngine(session, inputs, own, outputs, version);
            } catch (RuntimeException | OrtException e) {
                session.close();
                throw e instanceof Problem ? e : refused(model, e);
            }
        });
    }

    private static OrtSession session(OnnxModel model, byte[] bytes) {
        try {
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "plimsoll");
            environment.setTelemetry(false);
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
                options.setDeterministicCompute(true);
                options.setCPUArenaAllocator(false);
                return environment.createSession(bytes, options);
            }
        } catch (OrtException e) {
            throw refused(model, e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw Problem.of(Problem.Kind.REFUSED, "ONNX Runtime does not run on this machine: " + e.getMessage());
        }
    }

    private static Problem refused(OnnxModel model, Exception e) {
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return model.problem("is refused by ONNX Runtime: " + said);
    }

    private static List<TaskOutputs.Own> own(OrtSession session, OnnxModel model, OnnxInputs inputs)
            throws OrtException {
        List<String> classes = OnnxFile.classes(model);
        List<TaskOutputs.Own> own = new ArrayList<>();
        int[] widths = widths(session, inputs, classes.size());
        int i = 0;
        for (NodeInfo output : session.getOutputInfo().values()) {
            Datatype datatype = output.getInfo() instanceof TensorInfo tensor
                    ? OnnxTensors.datatype(tensor)
                            .orElseThrow(() -> model.problem("has the output " + output.getName() + " of " + tensor.type
                                    + ", which is not supported"))
                    : Datatype.FP32; // a ZipMap's probabilities
            boolean ofClasses = datatype.isFloating() ? widths[i] == classes.size() : widths[i] == 1;
            own.add(new TaskOutputs.Own(output.getName(), datatype, widths[i], ofClasses ? classes : List.of()));
            i++;
        }
        return own;
    }

    /** Values a row of each output: as the graph says, or where it does not, as it answers two rows of nothing. */
    private static int[] widths(OrtSession session, OnnxInputs inputs, int classes) throws OrtException {
        List<NodeInfo> infos = List.copyOf(session.getOutputInfo().values());
        int[] widths = new int[infos.size()];
        boolean unknown = false;
        for (int i = 0; i < widths.length; i++) {
            widths[i] = infos.get(i).getInfo() instanceof TensorInfo tensor
                    ? width(tensor.getShape())
                    : Math.max(1, classes);
            unknown |= widths[i] < 1;
        }
        if (unknown) {
            int rows = inputs.oneByOne() ? 1 : 2;
            Map<String, OnnxTensor> asked = new HashMap<>();
            try {
                for (TensorInput tensor : inputs.tensors()) {
                    asked.put(tensor.name(), OnnxTensors.blank(tensor, rows));
                }
                try (OrtSession.Result result = session.run(asked)) {
                    for (int i = 0; i < widths.length; i++) {
                        if (widths[i] < 1) {
                            long elements = ((TensorInfo) result.get(i).getInfo()).getNumElements();
                            widths[i] = (int) Math.max(1, elements / rows);
                        }
                    }
                }
            } finally {
                asked.values().forEach(OnnxTensor::close);
            }
        }
        return widths;
    }

    private static int width(long[] shape) {
        long width = 1;
        for (int i = 1; i < shape.length; i++) {
            width = shape[i] < 1 ? -1 : width * shape[i];
            if (width < 1 || width > 1 << 20) {
                return -1;
            }
        }
        return (int) width;
    }

    @Override
    public Schema inputs() {
        return inputs;
    }

    @Override
    public List<Signature.Tensor> tensors() {
        return tensors.stream().map(TensorInput::described).toList();
    }

    @Override
    public List<Signature.Output> outputs() {
        return outputs.outputs();
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public double[][] score(Columns rows) {
        int block = oneByOne ? 1 : BLOCK;
        if (rows.rows() <= block) {
            return NativeThreads.call(() -> asked(rows));
        }
        double[][] all = new double[outputs().size()][];
        for (int output = 0; output < all.length; output++) {
            all[output] = new double
                    [Math.multiplyExact(rows.rows(), outputs().get(output).width())];
        }
        for (int from = 0; from < rows.rows(); from += block) {
            Columns some = rows.slice(from, Math.min(rows.rows(), from + block));
            double[][] answers = NativeThreads.call(() -> asked(some));
            for (int output = 0; output < all.length; output++) {
                int width = outputs().get(output).width();
                System.arraycopy(answers[output], 0, all[output], from * width, some.rows() * width);
            }
        }
        return all;
    }

    private double[][] asked(Columns rows) throws OrtException {
        life.readLock().lock();
        try {
            if (closed) {
                throw Problem.of(Problem.Kind.BUSY, "the model was unloaded; ask again");
            }
            boolean alone = rows.rows() == 1 && !oneByOne;
            return run(alone ? rows.pick(0, 0) : rows, alone ? 1 : rows.rows());
        } finally {
            life.readLock().unlock();
        }
    }

    /** @param answered so many of the rows are answered */
    private double[][] run(Columns rows, int answered) throws OrtException {
        Map<String, OnnxTensor> asked = new HashMap<>();
        try {
            for (TensorInput tensor : tensors) {
                asked.put(tensor.name(), OnnxTensors.of(tensor, rows));
            }
            Set<String> wanted = new LinkedHashSet<>();
            for (int i = 0; i < own.size(); i++) {
                if (outputs.needs(i)) {
                    wanted.add(own.get(i).name());
                }
            }
            double[][] values = new double[own.size()][];
            try (OrtSession.Result result = session.run(asked, wanted)) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = outputs.needs(i)
                            ? values(own.get(i), result.get(own.get(i).name()).orElseThrow(), rows.rows(), answered)
                            : new double[0];
                }
            }
            return outputs.answers(values, answered);
        } finally {
            asked.values().forEach(OnnxTensor::close);
        }
    }

    private static double[] values(TaskOutputs.Own own, OnnxValue value, int rows, int answered) throws OrtException {
        double[] values = switch (value) {
            case OnnxTensor tensor -> OnnxTensors.values(own, tensor);
            case OnnxSequence sequence -> mapped(own, sequence);
            default -> throw Problem.of(Problem.Kind.INTERNAL, "output " + own + " is no tensor");
        };
        if (values.length != (long) rows * own.width()) {
            throw Problem.of(
                    Problem.Kind.INTERNAL,
                    "the model gave " + values.length + " values of " + own.name() + " for " + rows + " rows of "
                            + own.width());
        }
        return answered == rows ? values : Arrays.copyOf(values, answered * own.width());
    }

    /** What a ZipMap gives: for each row a map from class to probability. */
    private static double[] mapped(TaskOutputs.Own own, OnnxSequence sequence) throws OrtException {
        List<? extends OnnxValue> maps = sequence.getValue();
        double[] values = new double[maps.size() * own.width()];
        for (int row = 0; row < maps.size(); row++) {
            try (OnnxMap map = (OnnxMap) maps.get(row)) {
                for (Map.Entry<?, ?> each : map.getValue().entrySet()) {
                    int place = own.classes().indexOf(String.valueOf(each.getKey()));
                    values[row * own.width() + place] = ((Number) each.getValue()).doubleValue();
                }
            }
        }
        return values;
    }

    @Override
    public String describe() {
        return "ONNX Runtime " + version + ": " + inputs.size() + " columns in " + tensors.size() + " tensors";
    }

    /** Waits for the questions that have begun. */
    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw Problem.internal("ONNX Runtime does not close", e);
        } finally {
            life.writeLock().unlock();
        }
    }
}
