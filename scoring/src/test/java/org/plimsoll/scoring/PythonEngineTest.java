package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Json;
import org.plimsoll.core.Needs;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import tools.jackson.databind.JsonNode;

/** Real Python, real models logged by MLflow; one of them misbehaves where a row tells it to. */
@Needs(Needs.Thing.MLFLOW)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PythonEngineTest {

    private static final Schema SCHEMA = new Schema(List.of(
            Column.optional("age", ColumnType.NUMBER),
            Column.optional("city", ColumnType.TEXT),
            Column.required("visits", ColumnType.INTEGER),
            Column.required("member", ColumnType.BOOLEAN),
            Column.required("label", ColumnType.INTEGER),
            Column.required("word", ColumnType.TEXT)));
    private static final Task TASK = Json.read("{\"kind\":\"binary\",\"label\":\"label\"}", Task.class);

    private Path home;
    private Path models;
    private Columns rows;
    private JsonNode answers;
    private PythonEngine own;

    @BeforeAll
    void log(@TempDir Path temporary) throws IOException, InterruptedException {
        home = temporary;
        models = Files.createDirectories(home.resolve("models"));
        Path program = Checkout.resolve("scoring/src/test/python/python_models.py");
        Path said = home.resolve("log.txt");
        int status = new ProcessBuilder(Needs.Thing.MLFLOW.command(), program.toString(), models.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(said)).isZero();
        answers = Json.MAPPER.readTree(Files.readAllBytes(models.resolve("answers.json")));
        rows = rows(Json.MAPPER.readTree(Files.readAllBytes(models.resolve("rows.json"))));
        own = open("own", TASK, config(Duration.ofSeconds(30)));
    }

    @AfterAll
    void close() {
        if (own != null) {
            own.close();
        }
    }

    private static Columns rows(JsonNode given) {
        int count = given.get("visits").size();
        ColumnsBuilder builder = Columns.builder(SCHEMA, count);
        for (int row = 0; row < count; row++) {
            JsonNode age = given.get("age").get(row);
            JsonNode city = given.get("city").get(row);
            builder.number(0, age.isNull() ? Double.NaN : age.doubleValue());
            if (!city.isNull()) {
                builder.text(1, city.asString());
            }
            builder.integer(2, given.get("visits").get(row).longValue())
                    .bool(3, given.get("member").get(row).booleanValue())
                    .integer(4, given.get("label").get(row).longValue())
                    .text(5, given.get("word").get(row).asString())
                    .endRow();
        }
        return builder.build();
    }

    private static ScoringConfig config(Duration deadline) {
        return config(Needs.Thing.MLFLOW.command(), true, 1, 8, deadline, true);
    }

    private static ScoringConfig config(
            String python, boolean isAllowed, int workers, int queue, Duration deadline, boolean isIsolated) {
        ScoringConfig usual = ScoringConfig.DEFAULT;
        return new ScoringConfig(
                Optional.of(python),
                isAllowed,
                workers,
                queue,
                deadline,
                Duration.ofMinutes(5),
                usual.pythonMemoryMib(),
                usual.pythonThreads(),
                isIsolated,
                List.of());
    }

    private PythonEngine open(String model, Task task, ScoringConfig config) {
        return open(models.resolve(model), task, config, rows);
    }

    private PythonEngine open(Path folder, Task task, ScoringConfig config, Columns sample) {
        MlflowFolder mlflow = MlflowFolder.read(
                new String(Engines.bytes(folder, "MLmodel"), java.nio.charset.StandardCharsets.UTF_8));
        return PythonEngine.open(
                new Engines.Asked(
                        folder, mlflow, task, sample.schema(), Optional.empty(), true, sample, Optional.empty()),
                Execution.in(home, config));
    }

    /** One row for the model that misbehaves. */
    private static Columns row(String city, long visits) {
        return Columns.builder(SCHEMA, 1)
                .text(1, city)
                .integer(2, visits)
                .integer(3, 0)
                .integer(4, 0)
                .text(5, "no")
                .endRow()
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "binary     | {'kind':'binary','label':'label'}                  | probability FP64[rows]",
                "worded     | {'kind':'binary','label':'word','positive':'yes'}  | probability FP64[rows]",
                "three      | {'kind':'multiclass','label':'label'}              | probabilities FP64[rows, 3]",
                "regression | {'kind':'regression','label':'label'}              | prediction FP64[rows]",
                "own        | {'kind':'binary','label':'label'}                  | probability FP64[rows]",
            },
            quoteCharacter = '"')
    void modelOfMlflow_completed_answersAsInPython(String model, String task, String output) {
        Execution execution = Execution.in(home, config(Duration.ofSeconds(30)));
        Task asked = Json.read(task.replace('\'', '"'), Task.class);
        Path folder = home.resolve("artifact-" + model);
        ModelArtifact.from(models.resolve(model), folder, asked, rows, 3, Optional.empty(), execution);
        ModelArtifact artifact = ModelArtifact.open(folder);
        assertThat(artifact.signature().outputs().getFirst().toString()).isEqualTo(output);
        assertThat(artifact.golden().by()).contains("Python 3");
        try (Scorer scorer = artifact.scorer(execution)) {
            Parity parity = artifact.golden().judge(scorer);
            assertThat(parity.holds()).as(parity.differences().toString()).isTrue();
            double[] given = scorer.score(rows).values()[0];
            assertThat(given).hasSize(answers.get(model).size());
            for (int i = 0; i < given.length; i++) {
                assertThat(given[i]).isEqualTo(answers.get(model).get(i).doubleValue());
            }
            // more columns, in another order
            double[] again = scorer.score(rows.select(List.of("word", "member", "visits", "city", "age")))
                    .values()[0];
            assertThat(again).isEqualTo(given);
            assertThat(scorer.engine()).contains("Python: ", "1 process");
        }
    }

    @Test
    void modelWithoutNames_takesWhatIsThere_orSaysHowManyItWants() {
        Columns two = rows.select(List.of("visits", "member", "label"));
        try (PythonEngine engine = open(models.resolve("unnamed"), TASK, config(Duration.ofSeconds(30)), two)) {
            assertThat(engine.inputs().names()).containsExactly("visits", "member");
            assertThat(engine.score(two)[0][0])
                    .isEqualTo(answers.get("unnamed").get(0).doubleValue());
        }
        assertThatThrownBy(() -> open("unnamed", TASK, config(Duration.ofSeconds(30))))
                .hasMessageContaining("takes 2 columns without naming them")
                .hasMessageContaining("age, city, visits, member");
    }

    @Test
    void columnTheModelNeeds_notThere_isNamed() {
        assertThatThrownBy(() -> open(
                        models.resolve("binary"),
                        TASK,
                        config(Duration.ofSeconds(30)),
                        rows.select(List.of("age", "city", "member", "label"))))
                .hasMessageContaining("visits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "home", "descriptors", "write"})
    void process_findsNothingOfOthers(String what) {
        assumeThat(own.describe()).contains("no network, no files but its own");
        assertThat(own.score(row(what, 1))[1][0]).isZero();
    }

    @Test
    void process_reachesNoNetwork_unlessTheFenceIsSwitchedOff() throws IOException {
        assumeThat(own.describe()).contains("no network");
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                PythonEngine open = open(
                        "own", TASK, config(Needs.Thing.MLFLOW.command(), true, 1, 8, Duration.ofSeconds(30), false))) {
            assertThat(own.score(row("network", listening.getLocalPort()))[1][0])
                    .isZero();
            assertThat(open.score(row("network", listening.getLocalPort()))[1][0])
                    .isEqualTo(1);
            assertThat(open.describe()).contains("NOT isolated");
        }
    }

    @Test
    void rowThatTheModelRefuses_isTold_andTheProcessGoesOn() {
        Problem problem = catchThrowableOfType(Problem.class, () -> own.score(row("raise", 1)));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
        assertThat(problem).hasMessageContaining("ValueError: no such city: raise");
        problem = catchThrowableOfType(Problem.class, () -> own.score(row("memory", 1)));
        assertThat(problem).hasMessageContaining("MemoryError");
        assertThat(own.score(row("Oslo", 4))[0][0]).isEqualTo(0.4);
    }

    @Test
    void processThatEnds_failsItsQuestion_andIsReplaced() {
        try (PythonEngine engine = open("own", TASK, config(Duration.ofSeconds(30)))) {
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(row("exit", 1)));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY);
            assertThat(problem).hasMessageContaining("status 7").hasMessageContaining("going down");
            // while there is none, the answer comes at once and says why
            problem = catchThrowableOfType(Problem.class, () -> engine.score(row("Oslo", 1)));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY);
            assertThat(problem).hasMessageContaining("status 7").hasMessageContaining("next start");
            until(Duration.ofMinutes(3), () -> answers(engine));
        }
    }

    private static boolean answers(PythonEngine engine) {
        try {
            return engine.score(row("Oslo", 4))[0][0] == 0.4;
        } catch (Problem notYet) {
            return false;
        }
    }

    @Test
    void questionPastItsDeadline_isKilledWithAllThatItStarted() {
        try (PythonEngine engine = open("own", TASK, config(Duration.ofSeconds(3)))) {
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(row("child", 1)));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY);
            assertThat(problem).hasMessageContaining("did not answer within 3 s and was killed");
            until(Duration.ofSeconds(20), () -> running("3599").isEmpty());
        }
    }

    private static List<String> running(String argument) {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            List<String> found = new ArrayList<>();
            for (Path each : all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    String line = Files.readString(each.resolve("cmdline"));
                    if (line.contains("sleep\0" + argument)) {
                        found.add(line);
                    }
                } catch (IOException gone) {
                    // ended meanwhile
                }
            }
            return found;
        } catch (IOException noLinux) {
            return List.of();
        }
    }

    @Test
    void moreQuestionsThanMayWait_areRefusedAtOnce() throws Exception {
        ScoringConfig narrow = config(Needs.Thing.MLFLOW.command(), true, 1, 0, Duration.ofSeconds(8), true);
        try (PythonEngine engine = open("own", TASK, narrow);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch asking = new CountDownLatch(1);
            Future<double[][]> first = threads.submit(() -> {
                asking.countDown();
                return engine.score(row("hang", 1));
            });
            asking.await();
            Thread.sleep(500); // it has the only process by now
            Problem refused = catchThrowableOfType(Problem.class, () -> engine.score(row("Oslo", 1)));
            assertThat(refused.kind()).isEqualTo(Problem.Kind.BUSY);
            assertThat(refused).hasMessageContaining("scoring.python_queue");
            assertThatThrownBy(first::get).hasMessageContaining("killed");
        }
    }

    @Test
    void closing_whileOthersAsk_answersOrRefuses() throws Exception {
        PythonEngine engine = open("own", TASK, config(Duration.ofSeconds(30)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> asking = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                asking.add(threads.submit(() -> {
                    int answered = 0;
                    while (true) {
                        try {
                            assertThat(engine.score(row("Oslo", 4))[0][0]).isEqualTo(0.4);
                            answered++;
                        } catch (Problem closed) {
                            assertThat(closed).hasMessageContaining("is closed");
                            return answered;
                        }
                    }
                }));
            }
            Thread.sleep(300);
            engine.close();
            int all = 0;
            for (Future<Integer> each : asking) {
                all += each.get(60, TimeUnit.SECONDS);
            }
            assertThat(all).isPositive();
        }
    }

    @Test
    void serverKilled_leavesNoProcess() throws Exception {
        Path said = home.resolve("killed.txt");
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        models.resolve("own").toString(),
                        Needs.Thing.MLFLOW.command())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            until(Duration.ofMinutes(3), () -> {
                try {
                    return Files.readString(said).contains("open") || !server.isAlive();
                } catch (IOException e) {
                    return false;
                }
            });
            assertThat(server.isAlive()).as(Files.readString(said)).isTrue();
            List<ProcessHandle> children = server.descendants().toList();
            assertThat(children).isNotEmpty();
            server.destroyForcibly().waitFor();
            until(Duration.ofSeconds(20), () -> children.stream().noneMatch(PythonEngineTest::isRunning));
        } finally {
            server.destroyForcibly();
        }
    }

    /** A process that has ended and that nobody has waited for is no longer running. */
    private static boolean isRunning(ProcessHandle process) {
        try {
            return !Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                    .matches("(?s).*\\) [ZX] .*");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Opens a model, and waits while it is in the middle of an answer that never comes. */
    static final class Opener {
        public static void main(String[] given) {
            Path folder = Path.of(given[0]);
            Columns sample = row("Oslo", 1);
            Engines.Asked asked = new Engines.Asked(
                    folder,
                    MlflowFolder.read(
                            new String(Engines.bytes(folder, "MLmodel"), java.nio.charset.StandardCharsets.UTF_8)),
                    TASK,
                    sample.schema(),
                    Optional.empty(),
                    true,
                    sample,
                    Optional.empty());
            ScoringConfig config = config(given[1], true, 1, 8, Duration.ofMinutes(30), true);
            PythonEngine engine = PythonEngine.open(asked, Execution.in(folder, config));
            System.out.println("open");
            engine.score(row("hang", 1));
        }
    }

    @Test
    void python_whereItIsNotAllowed_isRefused() {
        ScoringConfig none = config(Needs.Thing.MLFLOW.command(), false, 1, 8, Duration.ofSeconds(30), true);
        assertThatThrownBy(() -> open("binary", TASK, none)).hasMessageContaining("scoring.python_allowed");
    }

    @Test
    void interpreter_thatCannotRun_isNamed() throws IOException {
        assertThatThrownBy(
                        () -> open("binary", TASK, config("/no/such/python", true, 1, 8, Duration.ofSeconds(9), true)))
                .hasMessageContaining("/no/such/python");
        Path broken =
                Files.writeString(home.resolve("python-broken"), "#!/bin/sh\necho no module named os >&2\nexit 3\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(
                        () -> open("binary", TASK, config(broken.toString(), true, 1, 8, Duration.ofSeconds(9), true)))
                .hasMessageContaining("ended with status 3: no module named os");
    }

    @Test
    void requirements_thatTheInterpreterDoesNotMeet_areNamedWithWhatToDo() throws IOException {
        Path folder = copy("binary", "unmet");
        Files.writeString(
                folder.resolve("requirements.txt"), "mlflow==3.1\nscikit-learn==0.24.2\nno-such-package>=2\n");
        assertThatThrownBy(() -> open(folder, TASK, config(Duration.ofSeconds(30)), rows))
                .hasMessageContaining("this model needs no-such-package >=2 (this interpreter has none)")
                .hasMessageContaining("scikit-learn 0.24.2 (this interpreter has ")
                .hasMessageContaining("plimsoll model environment " + folder);
    }

    @Test
    void pickle_thatIsNone_orOutsideTheFolder_isRefused() throws IOException {
        Path broken = copy("binary", "broken");
        byte[] pickle = Files.readAllBytes(broken.resolve("model.pkl"));
        Files.write(broken.resolve("model.pkl"), java.util.Arrays.copyOf(pickle, pickle.length / 2));
        assertThatThrownBy(() -> open(broken, TASK, config(Duration.ofSeconds(30)), rows))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Error");
        Path outside = copy("binary", "outside");
        String mlmodel = Files.readString(outside.resolve("MLmodel"))
                .replace("pickled_model: model.pkl", "pickled_model: /etc/hosts");
        Files.writeString(outside.resolve("MLmodel"), mlmodel);
        assertThatThrownBy(() -> open(outside, TASK, config(Duration.ofSeconds(30)), rows))
                .isInstanceOf(Problem.class);
    }

    private Path copy(String model, String name) throws IOException {
        Path folder = Files.createDirectories(home.resolve(name));
        try (Stream<Path> files = Files.list(models.resolve(model))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(Objects.requireNonNull(file.getFileName())));
            }
        }
        return folder;
    }

    private static void until(Duration most, BooleanSupplier is) {
        long end = System.nanoTime() + most.toNanos();
        while (!is.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for " + most).isLessThan(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
