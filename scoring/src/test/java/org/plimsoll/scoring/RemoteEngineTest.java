package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A server that speaks the protocol's JSON, and goes wrong as servers do. The house's own and gRPC are asked in other tests. */
class RemoteEngineTest {

    private static final Schema SCHEMA = new Schema(List.of(
            Column.optional("a", ColumnType.NUMBER),
            Column.required("b", ColumnType.NUMBER),
            Column.required("label", ColumnType.INTEGER)));
    private static final Task TASK = Json.read("{\"kind\":\"binary\",\"label\":\"label\"}", Task.class);
    private static final String METADATA = """
            {"name":"m","versions":["1"],"platform":"test",
             "inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],
             "outputs":[{"name":"p","datatype":"FP64","shape":[-1,2]}]}""";

    @TempDir
    Path temp;

    /** What the server does with a question; the usual is to answer it. */
    private interface Behaviour {
        void answer(HttpExchange exchange, byte[] question) throws IOException;
    }

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Behaviour> behaviour = new AtomicReference<>();
    private final AtomicReference<String> metadata = new AtomicReference<>(METADATA);
    private final AtomicReference<String> authorization = new AtomicReference<>("");
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        behaviour.set((exchange, question) -> send(exchange, 200, answer(question)));
        server.createContext("/v2", exchange -> {
            byte[] question = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            authorization.set(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (path.endsWith("/infer")) {
                asked.incrementAndGet();
                behaviour.get().answer(exchange, question);
            } else if (path.endsWith("/v2")) {
                send(exchange, 200, "{\"name\":\"test\",\"version\":\"1\",\"extensions\":[]}");
            } else {
                send(
                        exchange,
                        path.contains("/models/m") ? 200 : 404,
                        path.contains("/models/m") ? metadata.get() : "{\"error\":\"no such model\"}");
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Two classes: the second's probability is (a + b) / 10, where a missing a counts as 1. */
    private static String answer(byte[] question) {
        JsonNode data = Json.MAPPER.readTree(question).get("inputs").get(0).get("data");
        ArrayNode p = Json.MAPPER.createArrayNode();
        for (int i = 0; i < data.size(); i += 2) {
            double one = ((data.get(i).isNull() ? 1 : data.get(i).doubleValue())
                            + data.get(i + 1).doubleValue())
                    / 10;
            p.add(1 - one).add(one);
        }
        ObjectNode answer =
                Json.MAPPER.createObjectNode().put("model_name", "m").put("model_version", "1");
        ObjectNode output =
                answer.putArray("outputs").addObject().put("name", "p").put("datatype", "FP64");
        output.putArray("shape").add(data.size() / 2).add(2);
        output.set("data", p);
        return answer.toString();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String remote(String more) {
        return """
                {"v":1,"url":"http://127.0.0.1:%d","protocol":"rest","model":"m","deadline":"60s","missing":"null",
                 "inputs":[{"name":"x","datatype":"FP32","columns":["a","b"]}]%s}
                """.formatted(server.getAddress().getPort(), more);
    }

    private RemoteEngine open(String remote) throws IOException {
        return open(remote, List.of());
    }

    private RemoteEngine open(String remote, List<String> hosts) throws IOException {
        Path file = Files.writeString(temp.resolve(RemoteModel.FILE), remote);
        ScoringConfig usual = ScoringConfig.DEFAULT;
        ScoringConfig config = new ScoringConfig(
                usual.python(),
                usual.pythonAllowed(),
                usual.pythonWorkers(),
                usual.pythonQueue(),
                usual.pythonDeadline(),
                usual.pythonStart(),
                usual.pythonMemoryMib(),
                usual.pythonThreads(),
                usual.pythonIsolated(),
                hosts);
        Engines.Asked asked = new Engines.Asked(
                temp,
                MlflowFolder.of(file, Files.readAllBytes(file), List.of()),
                TASK,
                SCHEMA,
                Optional.empty(),
                true,
                rows(),
                Optional.empty());
        return RemoteEngine.open(asked, Execution.in(temp, config));
    }

    private static Columns rows() {
        return Columns.builder(SCHEMA, 2)
                .number(0, 2)
                .number(1, 3)
                .integer(2, 0)
                .endRow()
                .number(1, 4)
                .integer(2, 1)
                .endRow()
                .build();
    }

    @Test
    void answers_areThoseOfTheServer_missingValuesIncluded() throws IOException {
        try (RemoteEngine engine = open(remote(""))) {
            assertThat(engine.score(rows())[0]).containsExactly(0.5, 0.5);
            assertThat(engine.outputs().toString()).isEqualTo("[probability FP64[rows]]");
            assertThat(engine.describe())
                    .contains(
                            "m at http://127.0.0.1", "REST, JSON", "test", "its bytes are there, not in this artifact");
            assertThat(engine.isExact()).isFalse();
        }
    }

    @Test
    void artifact_holdsWhereTheModelIs_andIsJudgedByItsGoldenRows() throws IOException {
        Path file = Files.writeString(temp.resolve(RemoteModel.FILE), remote(""));
        Execution execution = Execution.in(temp, ScoringConfig.DEFAULT);
        Path folder = temp.resolve("artifact");
        ModelArtifact artifact = ModelArtifact.from(file, folder, TASK, rows(), 1, Optional.empty(), execution);
        assertThat(artifact.golden().by()).contains("m at http://127.0.0.1");
        try (Scorer scorer = artifact.scorer(execution)) {
            assertThat(artifact.golden().judge(scorer).holds()).isTrue();
        }
        assertThatThrownBy(artifact::scorer).hasMessageContaining("at another server");
        // the server begins to answer otherwise: the digest is the same, the golden rows tell
        behaviour.set(
                (exchange, question) -> send(exchange, 200, answer(question).replace("0.5", "0.75")));
        assertThat(ModelArtifact.open(folder).digest()).isEqualTo(artifact.digest());
        try (Scorer scorer = artifact.scorer(execution)) {
            assertThat(artifact.golden().judge(scorer).holds()).isFalse();
        }
    }

    @Test
    void busyServer_isAskedAgainWhenItSays_andOnlyThen() throws IOException {
        try (RemoteEngine engine = open(remote(""))) {
            behaviour.set((exchange, question) -> {
                if (asked.get() == 1) {
                    exchange.getResponseHeaders().set("Retry-After", "0");
                    send(exchange, 503, "{\"error\":\"warming up\"}");
                } else {
                    send(exchange, 200, answer(question));
                }
            });
            assertThat(engine.score(rows())[0]).containsExactly(0.5, 0.5);
            assertThat(asked.get()).isEqualTo(2);
            behaviour.set((exchange, question) -> send(exchange, 503, "{\"error\":\"overloaded\"}"));
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(rows()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY);
            assertThat(problem).hasMessageContaining("127.0.0.1").hasMessageContaining("503: overloaded");
            assertThat(asked.get()).isEqualTo(3);
        }
    }

    @Test
    void slowServer_isNotWaitedForBeyondTheDeadline_norAskedAgain() throws IOException {
        try (RemoteEngine engine = open(remote("").replace("60s", "1s"))) {
            behaviour.set((exchange, question) -> {
                exchange.sendResponseHeaders(200, 1000); // the head comes, the body does not
                exchange.getResponseBody().flush();
                sleep(6_000);
                exchange.close();
            });
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(rows()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.BUSY);
            assertThat(problem).hasMessageContaining("did not answer within 1000 ms");
            assertThat(asked.get()).isEqualTo(1);
        }
    }

    @Test
    void brokenConnection_isRepeatedOnlyWhereThatDoesNoHarm() throws IOException {
        Behaviour breaksOnce = (exchange, question) -> {
            if (asked.get() == 1) {
                exchange.close(); // without an answer
            } else {
                send(exchange, 200, answer(question));
            }
        };
        behaviour.set(breaksOnce);
        try (RemoteEngine engine = open(remote(""))) {
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(rows()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.UNREACHABLE);
            assertThat(asked.get()).isEqualTo(1);
        }
        asked.set(0);
        try (RemoteEngine engine = open(remote(",\"idempotent\":true"))) {
            assertThat(engine.score(rows())[0]).containsExactly(0.5, 0.5);
            assertThat(asked.get()).isEqualTo(2);
        }
    }

    @Test
    void redirect_isNotFollowed() throws IOException {
        try (RemoteEngine engine = open(remote(""))) {
            behaviour.set((exchange, question) -> {
                exchange.getResponseHeaders().set("Location", "http://elsewhere.example/v2");
                send(exchange, 307, "");
            });
            assertThatThrownBy(() -> engine.score(rows())).hasMessageContaining("redirects are not followed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "{\"outputs\":[]}",
                "{\"outputs\":[{\"name\":\"p\",\"datatype\":\"FP64\",\"shape\":[2,2],\"data\":[1,2,3]}]}",
                "{\"outputs\":[{\"name\":\"p\",\"datatype\":\"FP64\",\"shape\":[2,2],\"data\":[1,2,3,\"x\"]}]}",
                "{\"outputs\":[{\"name\":\"p\",\"datatype\":\"FP32\",\"shape\":[2,2],\"data\":[1,2,3,4]}]}",
                "{\"outputs\":[{\"name\":\"p\",\"datatype\":\"FP64\",\"parameters\":{\"binary_data_size\":99},\"shape\":[2,2]}]}",
            })
    void answerThatIsNone_isNamedWithItsServer(String answer) throws IOException {
        try (RemoteEngine engine = open(remote(""))) {
            behaviour.set((exchange, question) -> send(exchange, 200, answer));
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(rows()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.UNREACHABLE);
            assertThat(problem).hasMessageContaining("the server of m at http://127.0.0.1");
        }
    }

    @Test
    void answerWithoutEnd_isCutOff() throws IOException {
        try (RemoteEngine engine = open(remote(""))) {
            behaviour.set((exchange, question) -> {
                exchange.sendResponseHeaders(200, 0);
                byte[] much = new byte[1 << 20];
                try (exchange) {
                    for (int i = 0; i < 200; i++) {
                        exchange.getResponseBody().write(much);
                    }
                } catch (IOException cut) {
                    // as it should
                }
            });
            assertThatThrownBy(() -> engine.score(rows())).isInstanceOf(Problem.class);
        }
    }

    @Test
    void serverThatSaysOtherTensors_isRefusedWhenLoaded() {
        metadata.set(METADATA.replace("\"x\"", "\"y\""));
        assertThatThrownBy(() -> open(remote("")))
                .hasMessageContaining("input x")
                .hasMessageContaining("y FP32");
        metadata.set(METADATA.replace("[-1,2]}],\n", "[-1,3]}],\n"));
        assertThatThrownBy(() -> open(remote(""))).hasMessageContaining("of 2 columns");
        metadata.set(METADATA);
        assertThatThrownBy(() -> open(remote(",\"outputs\":[{\"name\":\"p\",\"datatype\":\"FP32\",\"width\":2}]")))
                .hasMessageContaining("p FP64");
        assertThatThrownBy(() -> open(remote("").replace("\"model\":\"m\"", "\"model\":\"other\"")))
                .hasMessageContaining("404: no such model");
    }

    @Test
    void refusedConnection_isTriedAgain_thenNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String nobody = remote("").replace(":" + server.getAddress().getPort(), ":" + free);
        Problem problem = catchThrowableOfType(Problem.class, () -> open(nobody));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.UNREACHABLE);
        assertThat(problem).hasMessageContaining(":" + free).hasMessageContaining("the connection is refused");
    }

    @Test
    void host_thatTheConfigurationDoesNotName_isNotAsked() {
        assertThatThrownBy(() -> open(remote(""), List.of("models.example")))
                .hasMessageContaining("scoring.remote_hosts names only models.example");
    }

    @Test
    void credentials_areReferences_toWhatWasPutThereForIt() throws IOException {
        Path secrets = Files.createDirectories(temp.resolve("secrets/remote"));
        Files.writeString(secrets.resolve("token"), "Bearer sesame\n");
        try (RemoteEngine engine = open(remote(",\"headers\":{\"Authorization\":\"file:token\"}"))) {
            engine.score(rows());
            assertThat(authorization.get()).isEqualTo("Bearer sesame");
            assertThat(engine.describe()).doesNotContain("sesame");
        }
        assertThatThrownBy(() -> open(remote(",\"headers\":{\"Authorization\":\"Bearer sesame\"}")))
                .hasMessageContaining("header Authorization holds its value");
        assertThatThrownBy(() -> open(remote(",\"headers\":{\"Authorization\":\"file:../../remote.json\"}")))
                .hasMessageContaining("a file in");
        assertThatThrownBy(() -> open(remote(",\"headers\":{\"Authorization\":\"env:PATH\"}")))
                .hasMessageContaining("PLIMSOLL_REMOTE_");
        RemoteModel model = RemoteModel.read(
                remote(",\"headers\":{\"A\":\"env:PLIMSOLL_REMOTE_A\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(model.resolved(Map.of("PLIMSOLL_REMOTE_A", "x"), secrets)).containsEntry("A", "x");
        assertThatThrownBy(() -> model.resolved(Map.of(), secrets)).hasMessageContaining("is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"v\":2,\"url\":\"http://h\",\"protocol\":\"rest\",\"model\":\"m\"}",
                "{\"v\":1,\"url\":\"file:///etc/passwd\",\"protocol\":\"rest\",\"model\":\"m\"}",
                "{\"v\":1,\"url\":\"http://user:secret@h\",\"protocol\":\"rest\",\"model\":\"m\"}",
                "{\"v\":1,\"url\":\"http://h\",\"protocol\":\"soap\",\"model\":\"m\"}",
                "{\"v\":1,\"url\":\"http://h\",\"protocol\":\"rest\",\"model\":\"\"}",
                "{\"v\":1,\"url\":\"http://h\",\"protocol\":\"rest\",\"model\":\"m\",\"deadline\":\"0s\"}",
                "{\"v\":1,\"url\":\"http://h\",\"protocol\":\"rest\",\"model\":\"m\",\"other\":1}",
                "[]",
            })
    void fileThatIsWrong_isRefused(String json) {
        assertThatThrownBy(() -> RemoteModel.read(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Problem.class)
                .message()
                .doesNotContain("secret");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
