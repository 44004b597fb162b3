package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.tracking.Port;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A program of the user's. It starts in a clean folder with its code in it, sees only these variables, and knows nothing of us:
 *
 * <pre>
 *  IN_&lt;NAME&gt;      the input's file; of a dataset and of a model the folder
 *  OUT_&lt;NAME&gt;     where the output is expected: a file or a folder
 *  PARAMS_FILE    JSON, the step's params
 *  METRICS_FILE   may be written: a JSON object of numbers
 *  SEED           of everything random; PYTHONHASHSEED=0, TZ=UTC, LC_ALL=C.UTF-8 and the usual variables for threads are set
 *  PATH, HOME     HOME is the clean folder
 * </pre>
 */
record CommandExecution(Work.Command work) implements StepExecution {

    static final String LOG = "log.txt";

    private static final int TAIL_LINES = 20;
    private static final int TAIL_BYTES = 8_000;
    private static final List<String> THREADS = List.of(
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
            "RAYON_NUM_THREADS",
            "POLARS_MAX_THREADS");

    @Override
    public void execute(Workbench bench) {
        try {
            Path params = bench.folder().resolve("params.json");
            Files.write(params, CanonicalJson.bytes(work.params())); // its bytes are the same in a rerun
            Path metrics = bench.folder().resolve("metrics.json");
            Path log = bench.folder().resolve(LOG);
            Process process = start(bench, params, metrics, log);
            int code = await(process);
            if (code != 0) {
                throw failed("ended with exit code " + code, log);
            }
            for (Map.Entry<String, Path> output : bench.outputs().entrySet()) {
                if (!Files.exists(output.getValue())) {
                    throw failed(
                            "ended well, but wrote no output " + output.getKey() + ": it belongs where "
                                    + variable("OUT", output.getKey()) + " says",
                            log);
                }
            }
            report(bench, metrics);
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "the command " + shown() + " cannot run: " + e.getMessage());
        }
    }

    private Process start(Workbench bench, Path params, Path metrics, Path log) throws IOException {
        Program program = Program.find(work.argv().getFirst());
        List<String> command = new ArrayList<>(work.argv());
        command.set(0, program.path().toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        Path here = bench.code().orElse(bench.folder());
        builder.directory(here.toFile());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Map<String, String> variables = builder.environment();
        String path = Optional.ofNullable(variables.get("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        variables.clear();
        variables.put("PATH", path);
        variables.put("HOME", bench.folder().toString());
        variables.put("TMPDIR", bench.folder().toString());
        variables.put("TZ", "UTC");
        variables.put("LC_ALL", "C.UTF-8");
        variables.put("PYTHONHASHSEED", "0");
        variables.put("PYTHONDONTWRITEBYTECODE", "1");
        variables.put("SOURCE_DATE_EPOCH", "0");
        variables.put("OMP_WAIT_POLICY", "passive");
        THREADS.forEach(name -> variables.put(name, Integer.toString(bench.threads())));
        variables.put("SEED", Long.toString(bench.seed()));
        variables.put("PARAMS_FILE", params.toString());
        variables.put("METRICS_FILE", metrics.toString());
        for (Map.Entry<String, Workbench.Input> input : bench.inputs().entrySet()) {
            variables.put(
                    variable("IN", input.getKey()),
                    place(bench, input.getKey(), input.getValue()).toString());
        }
        bench.outputs().forEach((name, output) -> variables.put(variable("OUT", name), output.toString()));
        return builder.start();
    }

    private static String variable(String prefix, String name) {
        return prefix + "_" + name.toUpperCase(Locale.ROOT);
    }

    /** Copies, because the files of the blob store are everybody's; the file system shares the bytes where it can. */
    private static Path place(Workbench bench, String name, Workbench.Input input) throws IOException {
        if (input.folder().isPresent()) {
            return input.folder().get();
        }
        Path in = Files.createDirectories(bench.folder().resolve("in"));
        if (input.port().form() == Port.Form.FILE) {
            return Files.copy(input.files().getFirst().file(), in.resolve(name + ".parquet"));
        }
        Path folder = Files.createDirectories(in.resolve(name));
        for (int i = 0; i < input.files().size(); i++) {
            Files.copy(input.files().get(i).file(), folder.resolve("%05d.parquet".formatted(i)));
        }
        return folder;
    }

    /** Waits for the program; when we are interrupted it ends, with all it started. */
    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            List<ProcessHandle> all = process.descendants().toList();
            all.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private static void report(Workbench bench, Path metrics) throws IOException {
        if (!Files.exists(metrics)) {
            return;
        }
        JsonNode read;
        try {
            read = Json.MAPPER.readTree(Files.readAllBytes(metrics));
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID, "the metrics the command wrote are not JSON: " + e.getOriginalMessage());
        }
        if (!read.isObject()) {
            throw Problem.invalid("METRICS_FILE", "not an object", "a JSON object of numbers, such as {\"auc\": 0.71}");
        }
        read.forEachEntry((key, value) -> {
            if (!value.isNumber() && !value.isNull()) {
                throw Problem.invalid("metric " + key, value, "a number, or null for none");
            }
            bench.metric(key, value.isNull() ? Double.NaN : value.doubleValue(), 0);
        });
    }

    private Problem failed(String how, Path log) throws IOException {
        String tail = tail(log);
        return Problem.of(
                Problem.Kind.INVALID,
                "the command " + shown() + " " + how + (tail.isEmpty() ? "" : "; its last lines were\n" + tail),
                Map.of("command", shown()));
    }

    private static String tail(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - TAIL_BYTES));
            var bytes = ByteBuffer.allocate(TAIL_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            Charset utf8 = StandardCharsets.UTF_8;
            List<String> lines = utf8.decode(bytes.flip()).toString().lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))
                    .indent(2)
                    .stripTrailing();
        }
    }

    private String shown() {
        return String.join(" ", work.argv());
    }
}
