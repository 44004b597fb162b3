package org.plimsoll.scoring;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * A model that only Python can open, a pickle of scikit-learn or any python_function of MLflow, in supervised processes of its
 * own ({@link PythonWorkers}). Rows go there as typed columns ({@link PythonFrame}) and become a table with the dtypes of the
 * model's signature, in its order.
 *
 * <p>A process is warm before it answers, and answers some rows as the first one did: one that is started again, and would
 * answer otherwise, is not used.
 */
public final class PythonEngine implements ColumnEngine {

    private static final System.Logger LOG = System.getLogger(PythonEngine.class.getName());

    /** So many rows are asked at once. */
    private static final int ROWS_A_FRAME = 8_192;

    /** So many rows warm a process up and show what it answers. */
    private static final int TRIAL_ROWS = 64;

    /** Where the inputs stand in a schema; kept for the schema that came last. */
    private record Binding(Schema schema, int[] places) {}

    private final String model;
    private final PythonEnvironment.Interpreter interpreter;
    private final ScoringConfig config;
    private final Schema inputs;
    private final PythonChild.Ready ready;
    private final List<TaskOutputs.Own> own;
    private final TaskOutputs task;
    private final PythonWorkers workers;
    private volatile Binding last;

    private PythonEngine(Engines.Asked asked, Execution execution, Columns trial) {
        this.config = execution.config();
        this.interpreter = PythonEnvironment.find(asked.folder(), config, execution.environments());
        PythonOrder order = PythonOrder.read(asked.folder(), asked.task(), asked.columns());
        PythonChild.Started first;
        try {
            first = PythonChild.start(interpreter.path(), order, config);
        } catch (Problem e) {
            throw e.detail().startsWith("this model needs")
                    ? PythonEnvironment.lacking(asked.folder(), interpreter, e.detail())
                    : e;
        }
        try {
            this.ready = first.ready();
            this.model = ready.model();
            List<Column> columns =
                    ready.inputs().stream().map(asked.columns()::column).toList();
            this.inputs = new Schema(columns);
            this.last = new Binding(inputs, places(inputs));
            Columns tried = trial.slice(0, Math.min(TRIAL_ROWS, trial.rows()));
            List<PythonFrame.Output> answers = tried(first.child(), tried);
            this.own = answers.stream().map(this::own).toList();
            this.task = TaskOutputs.of(asked.task(), own, asked.output());
            this.workers = new PythonWorkers(model, first.child(), () -> another(order, tried, answers), config);
        } catch (RuntimeException e) {
            first.child().close();
            throw e;
        }
        ready.openEnds().forEach(each -> LOG.log(Level.WARNING, "Python, {0}: {1}", model, each));
        ready.notes().forEach(each -> LOG.log(Level.INFO, "Python, {0}: {1}", model, each));
    }

    /**
     * Opens the model in a process.
     *
     * @throws Problem where Python is not allowed or not there, lacks what the model needs, or refuses it; where no output answers
     *     the task
     */
    static PythonEngine open(Engines.Asked asked, Execution execution) {
        if (asked.sample().rows() == 0) {
            throw Problem.of(Problem.Kind.INVALID, "there is no row to try the model with");
        }
        return new PythonEngine(asked, execution, asked.sample());
    }

    private TaskOutputs.Own own(PythonFrame.Output output) {
        boolean isAboutClasses = output.width() == ready.classes().size() && output.width() > 1;
        return new TaskOutputs.Own(
                output.name(), output.datatype(), output.width(), isAboutClasses ? ready.classes() : List.of());
    }

    private List<PythonFrame.Output> tried(PythonChild child, Columns rows) {
        try {
            return child.ask(inputs, places(rows.schema()), rows, 0, rows.rows(), config.pythonDeadline())
                    .orElseThrow(() -> Problem.of(Problem.Kind.TOO_LARGE, "one row is more than one frame takes"));
        } catch (PythonChild.Ended e) {
            throw Problem.refused("the Python process of " + model + " " + e.reason());
        }
    }

    /** A further process, which must be like the first. */
    private PythonChild another(PythonOrder order, Columns rows, List<PythonFrame.Output> expected) {
        PythonChild child = PythonChild.start(interpreter.path(), order, config).child();
        try {
            List<PythonFrame.Output> now = tried(child, rows);
            for (int i = 0; i < expected.size(); i++) {
                refuseOther(expected.get(i), i < now.size() ? Optional.of(now.get(i)) : Optional.empty());
            }
            return child;
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private static void refuseOther(PythonFrame.Output before, Optional<PythonFrame.Output> now) {
        boolean isAlike = now.isPresent()
                && now.get().name().equals(before.name())
                && now.get().values().length == before.values().length;
        for (int i = 0; isAlike && i < before.values().length; i++) {
            double recorded = before.values()[i];
            isAlike =
                    Math.abs(now.get().values()[i] - recorded) <= GoldenRows.TOLERANCE * Math.max(1, Math.abs(recorded))
                            || Double.isNaN(recorded);
        }
        if (!isAlike) {
            throw Problem.refused("started again, it does not answer as it did before: output " + before.name());
        }
    }

    private int[] places(Schema schema) {
        return inputs.columns().stream()
                .mapToInt(column -> schema.find(column.name()).isPresent() ? schema.index(column.name()) : -1)
                .toArray();
    }

    @Override
    public Schema inputs() {
        return inputs;
    }

    @Override
    public List<Signature.Tensor> tensors() {
        return List.of();
    }

    @Override
    public List<Signature.Output> outputs() {
        return task.outputs();
    }

    /** Numerical libraries sum in an order that depends on the number of rows. */
    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public String version() {
        return ready.library() + " in Python " + ready.python();
    }

    @Override
    public double[][] score(Columns rows) {
        Binding binding = last;
        if (binding.schema != rows.schema()) {
            binding = new Binding(rows.schema(), places(rows.schema()));
            last = binding;
        }
        double[][] all = new double[own.size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = new double[Math.multiplyExact(rows.rows(), own.get(i).width())];
        }
        for (int from = 0; from < rows.rows(); from += ROWS_A_FRAME) {
            score(rows, binding.places, from, Math.min(rows.rows(), from + ROWS_A_FRAME), all);
        }
        return task.answers(all, rows.rows());
    }

    private void score(Columns rows, int[] places, int from, int until, double[][] all) {
        Optional<List<PythonFrame.Output>> answer = workers.ask(inputs, places, rows, from, until);
        if (answer.isEmpty()) {
            if (until - from == 1) {
                throw Problem.of(
                        Problem.Kind.TOO_LARGE,
                        "row " + from + " is more than " + (PythonOrder.FRAME_BYTES >> 20) + " MiB");
            }
            int middle = (from + until) >>> 1;
            score(rows, places, from, middle, all);
            score(rows, places, middle, until, all);
            return;
        }
        List<PythonFrame.Output> outputs = answer.get();
        for (int i = 0; i < all.length; i++) {
            int width = own.get(i).width();
            if (i >= outputs.size()
                    || outputs.get(i).width() != width
                    || !outputs.get(i).name().equals(own.get(i).name())) {
                List<String> given = new ArrayList<>();
                outputs.forEach(output -> given.add(output.name() + " of width " + output.width()));
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "the model answers " + given + "; when it was loaded, it answered " + own);
            }
            System.arraycopy(outputs.get(i).values(), 0, all[i], from * width, (until - from) * width);
        }
    }

    @Override
    public String describe() {
        String fence = !config.pythonIsolated()
                ? "NOT isolated (scoring.python_isolated: false)"
                : ready.openEnds().isEmpty() ? "no network, no files but its own" : String.join("; ", ready.openEnds());
        return "Python: " + model + " by " + version() + " (" + interpreter.path() + ", " + interpreter.chosen() + "), "
                + config.pythonWorkers() + (config.pythonWorkers() == 1 ? " process, " : " processes, ") + fence
                + (ready.notes().isEmpty() ? "" : "; " + String.join("; ", ready.notes()));
    }

    @Override
    public void close() {
        workers.close();
    }
}
