package org.plimsoll.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.access.AccessOperations;
import org.plimsoll.access.AccessOperations.FoundHome;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Credentials;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Standing;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.predictions.FilePredictionLog;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.scoring.Contributions;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.FeatureSpec;
import org.plimsoll.scoring.FeatureStep;
import org.plimsoll.scoring.Features;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Reason;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.EndpointTime;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.LiveEndpoints;
import org.plimsoll.serving.LocalTables;
import org.plimsoll.serving.Node;
import org.plimsoll.serving.Permit;
import org.plimsoll.serving.Permits;
import org.plimsoll.serving.RolloutJob;
import org.plimsoll.serving.RolloutOrder;
import org.plimsoll.serving.Rollouts;
import org.plimsoll.serving.Seal;
import org.plimsoll.serving.ServingOperations;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.Folders;
import org.plimsoll.store.SqliteDatabase;
import org.plimsoll.store.Worker;
import tools.jackson.databind.JsonNode;

/** A real server on a free port, a real model, requests as applications send them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InferenceEdgeTest {

    private static final EndpointName LATE = new EndpointName("late-arrival");
    private static final EndpointName MIXED = new EndpointName("mixed");
    private static final ModelName MODEL = new ModelName("late-arrival");
    private static final ModelName MIXED_MODEL = new ModelName("mixed-columns");
    private static final Schema INPUTS = new Schema(
            List.of(Column.required("distance", ColumnType.NUMBER), Column.required("hour", ColumnType.NUMBER)));
    private static final String GOOD_INPUTS = """
        {"name":"distance","shape":[2],"datatype":"FP64","data":[1200.5,300]},
        {"name":"hour","shape":[2],"datatype":"FP64","data":[18,7]},
        {"name":"flight","shape":[2],"datatype":"BYTES","data":["UA 1","UA 2"]},
        {"name":"departed_at","shape":[2],"datatype":"INT64","data":[981173106000,981173107000]}\
        """;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private FilePredictionLog log;
    private ModelArtifact model;
    private LiveEndpoints live;
    private URI root;

    @BeforeAll
    void serve(@TempDir Path home) {
        Clock clock = Clock.systemUTC();
        Database database = open(SqliteDatabase.open(home.resolve("plimsoll.db"), clock));
        BlobStore blobs = new FileBlobStore(home.resolve("blobs"));
        Seal seal = Seal.loadOrCreate(home.resolve("keys"));
        Permits permits = new Permits(seal);
        LocalTables tables = new LocalTables(home.resolve("serving"), seal);
        log = open(new FilePredictionLog(home.resolve("predictions"), FilePredictionLog.Limits.USUAL, clock));
        live = open(new LiveEndpoints(
                home.resolve("serving"),
                tables,
                blobs,
                permits,
                log,
                clock,
                Execution.in(home, ScoringConfig.DEFAULT)));
        live.boot();
        Endpoints endpoints = new Endpoints();
        Rollouts rollouts = new Rollouts(endpoints, live);
        Node node = new Node(database, endpoints, permits, live, tables);
        RolloutJob job = new RolloutJob(
                database,
                endpoints,
                permits,
                rollouts,
                live,
                tables,
                log,
                blobs,
                Query.standard(home.resolve("scratch")));
        Standing standing = open(new Standing(database, clock, Optional.of("home token")));
        SecureRandom random = new SecureRandom();
        Principals principals = new Principals(random);
        Entrance entrance = new Entrance(
                database,
                new Catalogue(List.of(
                        AccessOperations.PRINCIPALS,
                        AccessOperations.CREDENTIALS,
                        ServingOperations.ENDPOINTS,
                        ServingOperations.URGENT,
                        ServingOperations.ROLLOUTS)),
                standing,
                clock,
                List.of(principals, new Credentials(principals, random, clock), endpoints, live, rollouts));
        entrance.as(Actor.SYSTEM).perform(new FoundHome());
        var person = entrance.as(standing.actor(Optional.of("home token")));
        person.perform(new CreateEndpoint(
                LATE, new EnvironmentName("production"), MODEL, Optional.of(EndpointTime.REPLAY), Optional.empty()));
        person.perform(new CreateEndpoint(
                new EndpointName("empty"),
                new EnvironmentName("production"),
                MODEL,
                Optional.of(EndpointTime.CLOCK),
                Optional.empty()));

        person.perform(new CreateEndpoint(
                MIXED,
                new EnvironmentName("production"),
                MIXED_MODEL,
                Optional.of(EndpointTime.CLOCK),
                Optional.empty()));
        promote(database, permits, rollouts, LATE, MODEL, Folders.add(blobs, artifact(home)));
        promote(database, permits, rollouts, MIXED, MIXED_MODEL, Folders.add(blobs, mixed(home)));
        while (new Worker(database, "test", List.of(job.kind()), 1).runOne()) {
            node.round();
        }
        node.round();

        HttpRouting.Builder routing = HttpRouting.builder().addFilter((chain, asked, reply) -> {
            asked.context().register(new Caller(Actor.ANONYMOUS, "127.0.0.1", "request"));
            chain.proceed();
        });
        routing.register(new InferenceEdge(live, standing, "0.1"));
        WebServer server = WebServer.builder().port(0).routing(routing).build().start();
        opened.add(server::stop);
        root = URI.create("http://127.0.0.1:" + server.port());
    }

    private static void promote(
            Database database,
            Permits permits,
            Rollouts rollouts,
            EndpointName endpoint,
            ModelName model,
            Digest artifact) {
        Permit permit = database.write(
                        Actor.SYSTEM,
                        tx -> permits.issue(
                                tx,
                                endpoint,
                                new VersionId(model, 1),
                                artifact,
                                Digest.of("candidate"),
                                Duration.ofDays(1)))
                .value();
        RolloutPlan atOnce =
                new RolloutPlan(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());
        database.write(
                Actor.SYSTEM,
                tx -> rollouts.start(
                        tx, new RolloutOrder(permit, atOnce, Digest.of("policy"), true, Optional.empty())));
    }

    /** A scikit-learn pipeline over text, whole numbers and numbers, as skl2onnx wrote it. */
    private static Path mixed(Path home) {
        try (InputStream onnx = InferenceEdgeTest.class.getResourceAsStream("/inference-models/mixed.onnx")) {
            Path file = home.resolve("mixed.onnx");
            Files.write(file, onnx.readAllBytes());
            ColumnsBuilder rows = Columns.builder(
                    Schema.of(
                            Column.required("origin", ColumnType.CATEGORY),
                            Column.required("hour", ColumnType.INTEGER),
                            Column.required("distance", ColumnType.NUMBER)),
                    40);
            for (JsonNode row : mixedReference().get("rows")) {
                rows.text(0, row.get(0).asString())
                        .integer(1, row.get(1).longValue())
                        .number(2, row.get(2).doubleValue())
                        .endRow();
            }
            Task task = Task.of(Task.Kind.BINARY, "late");
            return ModelArtifact.from(file, home.resolve("mixed"), task, rows.build(), 1)
                    .folder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What ONNX Runtime answered in Python. */
    private static JsonNode mixedReference() throws IOException {
        try (InputStream about = InferenceEdgeTest.class.getResourceAsStream("/inference-models/mixed.json")) {
            return Json.MAPPER.readTree(about.readAllBytes());
        }
    }

    private <T extends AutoCloseable> T open(T it) {
        opened.add(it);
        return it;
    }

    @AfterAll
    void close() throws Exception {
        for (AutoCloseable it : opened.reversed()) {
            it.close();
        }
    }

    private Path artifact(Path home) {
        try (InputStream json = InferenceEdgeTest.class.getResourceAsStream("/inference-models/good.json")) {
            Path file = home.resolve("good.json");
            Files.write(file, json.readAllBytes());
            ColumnsBuilder rows = Columns.builder(INPUTS, 100);
            for (int row = 0; row < 100; row++) {
                rows.number(0, 100 + 20 * row).number(1, row % 24).endRow();
            }
            Columns built = rows.build();
            Task task = new Task(
                    Task.Kind.BINARY,
                    "late",
                    Optional.of("1"),
                    List.of(),
                    Optional.of("flight"),
                    Optional.of("departed_at"),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            Features features = Features.fit(
                    List.of(
                            new FeatureSpec("distance", List.of(new FeatureStep.Required(), new FeatureStep.Number())),
                            new FeatureSpec("hour", List.of(new FeatureStep.Number()))),
                    built,
                    ZoneOffset.UTC);
            model = ModelArtifact.write(home.resolve("model"), new ModelArtifact.Draft(file, task, features, built, 1));
            return home.resolve("model");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- asking ----

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(root.resolve(path)));
    }

    private HttpResponse<byte[]> infer(String body) {
        return send(HttpRequest.newBuilder(root.resolve("/v2/models/late-arrival/infer"))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode json(HttpResponse<byte[]> reply) {
        return Json.MAPPER.readTree(reply.body());
    }

    private static JsonNode output(JsonNode reply, String name) {
        for (JsonNode output : reply.get("outputs")) {
            if (output.get("name").asString().equals(name)) {
                return output;
            }
        }
        throw new AssertionError("no output " + name + " in " + reply);
    }

    private double[] scored(double... distanceAndHour) {
        ColumnsBuilder rows = Columns.builder(model.signature().inputs(), distanceAndHour.length / 2);
        for (int i = 0; i < distanceAndHour.length; i += 2) {
            rows.number(0, distanceAndHour[i]).number(1, distanceAndHour[i + 1]).endRow();
        }
        try (var scorer = model.scorer()) {
            return scorer.score(rows.build()).primary();
        }
    }

    private long logged() {
        long[] count = new long[1];
        log.scan(LATE, PredictionLog.Received.ALWAYS, PredictionLog.Detail.SCORES, _ -> count[0]++);
        return count[0];
    }

    // ---- what is answered ----

    @ParameterizedTest
    @CsvSource({"rest", "rest-json"})
    void anotherPlimsoll_asksThisOneAsARemoteModel(String protocol, @TempDir Path temp) throws IOException {
        Schema schema = new Schema(List.of(
                Column.required("flight", ColumnType.TEXT),
                Column.required("departed_at", ColumnType.INTEGER),
                Column.required("hour", ColumnType.NUMBER),
                Column.required("distance", ColumnType.NUMBER),
                Column.required("late", ColumnType.INTEGER)));
        ColumnsBuilder builder = Columns.builder(schema, 3);
        double[] asked = {1200.5, 18, 300, 7, 718, 23};
        for (int row = 0; row < 3; row++) {
            builder.text(0, "UA " + row)
                    .integer(1, 981_173_106_000L + row)
                    .number(2, asked[2 * row + 1])
                    .number(3, asked[2 * row])
                    .integer(4, 0)
                    .endRow();
        }
        Columns rows = builder.build();
        Path file = Files.writeString(temp.resolve("remote.json"), """
                {"v":1,"url":"%s","protocol":"%s","model":"late-arrival","deadline":"60s"}
                """.formatted(root, protocol));
        Execution execution = Execution.in(temp, ScoringConfig.DEFAULT);
        Task task = Json.read("{\"kind\":\"binary\",\"label\":\"late\"}", Task.class);
        ModelArtifact remote = ModelArtifact.from(
                file, temp.resolve("artifact"), task, rows, 1, Optional.of("probability"), execution);
        try (Scorer scorer = remote.scorer(execution)) {
            assertThat(scorer.score(rows).primary()).containsExactly(scored(asked));
            assertThat(scorer.engine()).contains(protocol.equals("rest") ? "binary tensors" : "JSON");
            assertThat(remote.golden().judge(scorer).holds()).isTrue();
        }
    }

    @Test
    void serverAndModel_sayWhatTheyAre() {
        assertThat(get("/v2/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
        assertThat(json(get("/v2")).get("extensions").toString()).contains("binary_tensor_data");
        assertThat(json(get("/v2/models/late-arrival/ready")).get("ready").asBoolean())
                .isTrue();
        JsonNode model = json(get("/v2/models/late-arrival"));
        assertThat(model.get("versions").get(0).asString()).isEqualTo("late-arrival@1");
        assertThat(model.get("inputs").get(0).toString())
                .isEqualTo("{\"name\":\"distance\",\"datatype\":\"FP64\",\"shape\":[-1]}");
        assertThat(model.get("outputs").get(0).get("datatype").asString()).startsWith("FP");
    }

    @Test
    void json_isAnsweredWithTheScorersScores_andVersionAndArmPerRow() {
        HttpResponse<byte[]> reply = infer("{\"id\":\"mine\",\"inputs\":[" + GOOD_INPUTS + "]}");
        assertThat(reply.statusCode())
                .as(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        JsonNode answer = json(reply);
        assertThat(answer.get("model_name").asString()).isEqualTo("late-arrival");
        assertThat(answer.get("model_version").asString()).isEqualTo("late-arrival@1");
        assertThat(answer.get("id").asString()).isEqualTo("mine");
        JsonNode score = output(answer, "probability");
        assertThat(score.get("shape").toString()).isEqualTo("[2]");
        double[] wanted = scored(1200.5, 18, 300, 7);
        assertThat((float) score.get("data").get(0).asDouble()).isEqualTo((float) wanted[0]);
        assertThat((float) score.get("data").get(1).asDouble()).isEqualTo((float) wanted[1]);
        assertThat(wanted[0]).isNotEqualTo(wanted[1]);
        assertThat(output(answer, "version").get("data").toString())
                .isEqualTo("[\"late-arrival@1\",\"late-arrival@1\"]");
        assertThat(output(answer, "arm").get("data").toString()).isEqualTo("[\"champion\",\"champion\"]");
    }

    @Test
    void onnxModelOfTextAndNumbers_saysItsTensors_andAnswersAsInPython() throws IOException {
        JsonNode described = json(get("/v2/models/mixed"));
        assertThat(described.get("inputs").toString())
                .isEqualTo("[{\"name\":\"origin\",\"datatype\":\"BYTES\",\"shape\":[-1,1]},"
                        + "{\"name\":\"hour\",\"datatype\":\"INT64\",\"shape\":[-1,1]},"
                        + "{\"name\":\"distance\",\"datatype\":\"FP32\",\"shape\":[-1,1]}]");
        JsonNode reference = mixedReference();
        JsonNode row = reference.get("rows").get(1);
        HttpResponse<byte[]> reply = send(HttpRequest.newBuilder(root.resolve("/v2/models/mixed/infer"))
                .POST(HttpRequest.BodyPublishers.ofString("""
                    {"inputs":[{"name":"origin","shape":[1,1],"datatype":"BYTES","data":[%s]},
                               {"name":"hour","shape":[1,1],"datatype":"INT64","data":[%s]},
                               {"name":"distance","shape":[1,1],"datatype":"FP32","data":[%s]}]}\
                    """.formatted(row.get(0), row.get(1), row.get(2)))));
        assertThat(reply.statusCode())
                .as(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        double expected =
                reference.get("answers").get("output_probability").get(1).get(1).doubleValue();
        JsonNode probability = output(json(reply), "probability");
        assertThat(probability.get("data").get(0).doubleValue())
                .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6));
        assertThat(output(json(reply), "output_label").get("datatype").asString())
                .isIn("INT64", "BYTES");
    }

    @Test
    void reasons_whereAskedFor_nameTheColumnsThatMovedTheScore() {
        JsonNode answer = json(infer("{\"parameters\":{\"reasons\":3},\"inputs\":[" + GOOD_INPUTS + "]}"));
        JsonNode reasons = output(answer, "reasons");
        JsonNode contributions = output(answer, "contributions");
        assertThat(reasons.get("shape").toString()).isEqualTo("[2,3]");
        assertThat(contributions.get("shape").toString()).isEqualTo("[2,3]");
        ColumnsBuilder rows = Columns.builder(model.signature().inputs(), 2);
        rows.number(0, 1200.5)
                .number(1, 18)
                .endRow()
                .number(0, 300)
                .number(1, 7)
                .endRow();
        Contributions explained = model.explainer().explain(rows.build());
        for (int row = 0; row < 2; row++) {
            List<Reason> wanted = explained.reasons(row, 3);
            assertThat(wanted).isNotEmpty();
            for (int k = 0; k < 3; k++) {
                boolean isThere = k < wanted.size(); // the model has two columns: the third reason is empty
                assertThat(reasons.get("data").get(3 * row + k).asString())
                        .isEqualTo(isThere ? wanted.get(k).column() : "");
                assertThat(contributions.get("data").get(3 * row + k).asDouble())
                        .isEqualTo(isThere ? wanted.get(k).contribution() : 0);
            }
        }
        long before = logged();
        for (String wrong : List.of("-1", "101", "\"three\"", "2.5")) {
            HttpResponse<byte[]> refused =
                    infer("{\"parameters\":{\"reasons\":" + wrong + "},\"inputs\":[" + GOOD_INPUTS + "]}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(json(refused).get("error").asString()).contains("reasons");
        }
        assertThat(logged()).isEqualTo(before);
        assertThat(new String(infer("{\"inputs\":[" + GOOD_INPUTS + "]}").body(), StandardCharsets.UTF_8))
                .doesNotContain("contributions");
    }

    @Test
    void answer_isInTheLogUnderItsPrediction() {
        JsonNode answer = json(infer("{\"inputs\":[" + GOOD_INPUTS + "]}"));
        String id = answer.get("parameters").get("prediction_id").asString();
        PredictionBatch batch = log.find(LATE, id).orElseThrow();
        assertThat(batch.entities()).containsExactly("UA 1", "UA 2");
        assertThat(batch.eventTimes()).containsExactly(981173106000L, 981173107000L);
        assertThat(batch.raw().text(batch.raw().index("flight"), 1)).contains("UA 2");
        assertThat(batch.parts().getFirst().scores()).isEqualTo(scored(1200.5, 18, 300, 7));
        assertThat(answer.get("parameters").get("endpoint_time").asLong()).isGreaterThanOrEqualTo(981173107000L);
    }

    @Test
    void nestedData_anotherOrder_andParameters_areTheSame() {
        JsonNode flat = json(infer("{\"inputs\":[" + GOOD_INPUTS + "]}"));
        JsonNode nested = json(infer("""
            {"parameters":{"entity":"UA 1","event_time":"2001-02-03T04:05:06Z"},
             "outputs":[{"name":"probability"}], "unknown": {"deep":[1,2]},
             "inputs":[{"data":[[18],[7]],"datatype":"INT32","shape":[2,1],"name":"hour"},
                       {"datatype":"FP32","data":[[1200.5],[300]],"name":"distance","shape":[2,1]}]}\
            """));
        assertThat(output(nested, "probability").get("data"))
                .isEqualTo(output(flat, "probability").get("data"));
        assertThat(nested.get("outputs").size()).isEqualTo(1);
    }

    @Test
    void matrixOfAllColumns_isReadInTheSignaturesOrder() {
        JsonNode answer = json(infer("""
            {"parameters":{"entity":"a","event_time":981173106000},
             "inputs":[{"name":"x","shape":[2,2],"datatype":"FP64","data":[[1200.5,18],[300,7]]}]}\
            """));
        assertThat((float) output(answer, "probability").get("data").get(1).asDouble())
                .isEqualTo((float) scored(300, 7)[0]);
    }

    /** As tritonclient sends by default: raw little-endian tensors in, raw tensors out. */
    @Test
    void binaryTensors_bothWays_giveTheSameBits() {
        ByteBuffer raw = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        raw.putDouble(1200.5).putDouble(300);
        raw.putFloat(18).putFloat(7);
        raw.putInt(4)
                .put("UA 1".getBytes(StandardCharsets.UTF_8))
                .putInt(4)
                .put("UA 2".getBytes(StandardCharsets.UTF_8));
        raw.putLong(981173106000L).putLong(981173107000L);
        byte[] tensors = new byte[raw.position()];
        raw.flip().get(tensors);
        byte[] head = """
            {"id":"b","parameters":{"binary_data_output":true},"inputs":[
             {"name":"distance","shape":[2],"datatype":"FP64","parameters":{"binary_data_size":16}},
             {"name":"hour","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},
             {"name":"flight","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":16}},
             {"name":"departed_at","shape":[2],"datatype":"INT64","parameters":{"binary_data_size":16}}]}\
            """.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(tensors);
        HttpResponse<byte[]> reply = send(HttpRequest.newBuilder(root.resolve("/v2/models/late-arrival/infer"))
                .header("Inference-Header-Content-Length", Integer.toString(head.length))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
        assertThat(reply.statusCode())
                .as(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        int jsonBytes = Integer.parseInt(
                reply.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = Json.MAPPER.readTree(java.util.Arrays.copyOf(reply.body(), jsonBytes));
        ByteBuffer values = ByteBuffer.wrap(reply.body(), jsonBytes, reply.body().length - jsonBytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        JsonNode score = output(answer, "probability");
        double[] wanted = scored(1200.5, 18, 300, 7);
        if (score.get("datatype").asString().equals("FP32")) {
            assertThat(values.getFloat()).isEqualTo((float) wanted[0]);
            assertThat(values.getFloat()).isEqualTo((float) wanted[1]);
        } else {
            assertThat(values.getDouble()).isEqualTo(wanted[0]);
            assertThat(values.getDouble()).isEqualTo(wanted[1]);
        }
        byte[] version = new byte[values.getInt()];
        values.get(version);
        assertThat(new String(version, StandardCharsets.UTF_8)).isEqualTo("late-arrival@1");
        assertThat(output(answer, "version")
                        .get("parameters")
                        .get("binary_data_size")
                        .asInt())
                .isEqualTo(2 * (4 + "late-arrival@1".length()));
    }

    @Test
    void statistics_countRowsAndRequests() {
        JsonNode before =
                json(get("/v2/models/late-arrival/stats")).get("model_stats").get(0);
        infer("{\"inputs\":[" + GOOD_INPUTS + "]}");
        JsonNode after =
                json(get("/v2/models/late-arrival/stats")).get("model_stats").get(0);
        assertThat(after.get("inference_count").asLong())
                .isGreaterThanOrEqualTo(before.get("inference_count").asLong() + 2);
        assertThat(after.get("failed").asLong()).isZero();
    }

    // ---- what is refused ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                        | the request is not JSON: line 1",
                "{`inputs`:[}                             | the request is not JSON",
                "[]                                       | not a JSON object",
                "{}                                       | 'inputs' is missing",
                "{`inputs`:[]}                            | one tensor for each column",
                "{`inputs`:[D,F,T]}                       | input 'hour' is missing (FP64, shape [-1]); the signature"
                        + " of late-arrival@1 has 2 columns: GET /v2/models/late-arrival",
                "{`inputs`:[D,H,F,T,X]}                   | did you mean 'distance'?",
                "{`inputs`:[D,D,H,F,T]}                   | given twice",
                "{`inputs`:[D3,H,F,T]}                    | shape of input",
                "{`inputs`:[DW,H,F,T]}                    | datatype of input 'distance'",
                "{`inputs`:[DI,H,F,T]}                    | data are texts",
                "{`inputs`:[H,F,T]}                       | input 'distance' is missing (FP64, shape [-1])",
                "{`inputs`:[DU,H,F,T]}                    | FP8; expected BOOL",
                "{`inputs`:[DN,H,F,T]}                    | missing in row 1",
                "{`inputs`:[DO,H,F,T]}                    | a finite number",
                "{`inputs`:[D,H,T]}                       | entity is missing: send input 'flight'",
                "{`inputs`:[D,H,F]}                       | event time is missing: the time of endpoint late-arrival"
                        + " is replay",
                "{`inputs`:[D,H,F,T],`outputs`:[{`name`:`logit`}]} | expected one of probability, version, arm",
                "{`inputs`:[D,H,F,T]} trailing            | the request",
            })
    void wrongRequest_getsAnErrorThatSaysWhatWouldBeRight_andChangesNothing(String body, String error) {
        Map<String, String> tensors = new HashMap<>();
        tensors.put("D", tensor("distance", "[2]", "FP64", "[1,2]"));
        tensors.put("H", tensor("hour", "[2]", "FP64", "[1,2]"));
        tensors.put("F", tensor("flight", "[2]", "BYTES", "['a','b']"));
        tensors.put("T", tensor("departed_at", "[2]", "INT64", "[981173106000,981173106000]"));
        tensors.put("X", tensor("distnace", "[2]", "FP64", "[1,2]"));
        tensors.put("D3", tensor("distance", "[3]", "FP64", "[1,2]"));
        tensors.put("DW", tensor("distance", "[2]", "BYTES", "['1','2']"));
        tensors.put("DI", tensor("distance", "[2]", "FP64", "['1','2']"));
        tensors.put("DU", tensor("distance", "[2]", "FP8", "[1,2]"));
        tensors.put("DN", tensor("distance", "[2]", "FP64", "[1,null]"));
        tensors.put("DO", tensor("distance", "[2]", "FP64", "[1,1e999]"));
        String filled = body.strip();
        int from = filled.indexOf('[');
        int to = filled.indexOf(']');
        if (filled.matches(".*\\[[A-Z].*")) {
            StringBuilder list = new StringBuilder();
            for (String name : filled.substring(from + 1, to).split(",")) {
                list.append(list.isEmpty() ? "" : ",").append(tensors.get(name));
            }
            filled = filled.substring(0, from + 1) + list + filled.substring(to);
        }
        long before = logged();
        HttpResponse<byte[]> reply = infer(filled.replace('`', '"').replace('\'', '"'));
        assertThat(reply.statusCode())
                .as(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo(400);
        assertThat(json(reply).get("error").asString()).contains(error.strip().replace('\'', '`'));
        assertThat(logged()).isEqualTo(before);
    }

    private static String tensor(String name, String shape, String datatype, String data) {
        return "{`name`:`" + name + "`,`shape`:" + shape + ",`datatype`:`" + datatype + "`,`data`:" + data + "}";
    }

    /** A missing value where the model allows one: null in JSON, NaN in a raw tensor. */
    @Test
    void missingValue_ofAColumnThatAllowsIt_isScoredAsMissing() {
        JsonNode answer = json(infer("""
            {"parameters":{"entity":"a","event_time":1},"inputs":[
             {"name":"distance","shape":[3],"datatype":"FP64","data":[1200,1200,1200]},
             {"name":"hour","shape":[3],"datatype":"INT64","data":[null,18,null]}]}\
            """));
        JsonNode scores = output(answer, "probability").get("data");
        assertThat((float) scores.get(0).asDouble()).isEqualTo((float) scored(1200, Double.NaN)[0]);
        assertThat((float) scores.get(1).asDouble()).isEqualTo((float) scored(1200, 18)[0]);
    }

    @Test
    void nanAsARawTensor_isRefused() {
        byte[] head = """
            {"parameters":{"entity":"a","event_time":1},"inputs":[
             {"name":"hour","shape":[1],"datatype":"FP64","data":[3]},
             {"name":"distance","shape":[1],"datatype":"FP64","parameters":{"binary_data_size":8}}]}\
            """.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(head.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        body.put(head).putDouble(Double.NaN);
        HttpResponse<byte[]> reply = send(HttpRequest.newBuilder(root.resolve("/v2/models/late-arrival/infer"))
                .header("Inference-Header-Content-Length", Integer.toString(head.length))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.array())));
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(json(reply).get("error").asString()).contains("distance").contains("NaN");
    }

    @Test
    void unknownModel_oneThatServesNothing_andAVersionInTheAddress_areSaidSo() {
        HttpResponse<byte[]> unknown = send(HttpRequest.newBuilder(root.resolve("/v2/models/late-arival/infer"))
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(json(unknown).get("error").asString()).isEqualTo("there is no endpoint late-arival");
        assertThat(get("/v2/models/late-arival").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> empty = get("/v2/models/empty/ready");
        assertThat(empty.statusCode()).isEqualTo(503);
        assertThat(json(empty).get("error").asString()).contains("has no champion yet");
        HttpResponse<byte[]> version =
                send(HttpRequest.newBuilder(root.resolve("/v2/models/late-arrival/versions/1/infer"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(version.statusCode()).isEqualTo(404);
        assertThat(json(version).get("error").asString()).contains("routing table");
    }

    /** Bytes drawn at random, and good requests with bytes changed: never a crash, never a stack trace. */
    @Test
    void mangledRequests_areAnsweredOrRefused_neverBroken() {
        long seed = System.nanoTime();
        var random = new java.util.SplittableRandom(seed);
        byte[] good = ("{\"inputs\":[" + GOOD_INPUTS + "]}").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 400; i++) {
            byte[] body = good.clone();
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(32, 127);
            }
            HttpResponse<byte[]> reply = send(HttpRequest.newBuilder(root.resolve("/v2/models/late-arrival/infer"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
            assertThat(reply.statusCode())
                    .as("seed %s: %s", seed, new String(body, StandardCharsets.UTF_8))
                    .isIn(200, 400);
        }
    }
}
