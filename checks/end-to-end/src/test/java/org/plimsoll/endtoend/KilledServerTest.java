package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.ListPrincipals;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Principal;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.Outcome;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;
import org.plimsoll.server.Rooms;
import tools.jackson.databind.JsonNode;

/**
 * The real server's process, killed under load again and again: what it acknowledged before (a prediction, an outcome, a decision)
 * is there afterwards, and the audit log proves whole.
 */
class KilledServerTest {

    private static final int KILLS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SEED = 20010131;
    private static final EndpointName ENDPOINT = Sandbox.ENDPOINT;

    /** What the server said it had done. */
    private static final class Acknowledged {
        final Set<String> predictions = ConcurrentHashMap.newKeySet();
        final Set<String> outcomes = ConcurrentHashMap.newKeySet();
        final Set<String> decisions = ConcurrentHashMap.newKeySet();
    }

    /** Where the server answers now, and with which token; another after each restart. */
    private record Door(URI address, String token) {
        static Door of(CommandLine command) throws IOException {
            JsonNode found =
                    Json.MAPPER.readTree(Files.readAllBytes(command.home().resolve("server.json")));
            return new Door(
                    URI.create(found.path("url").asString()),
                    found.path("token").asString());
        }

        Operations operations() {
            return new HttpOperations(address, Optional.of(token), Rooms.CATALOGUE);
        }
    }

    private final AtomicReference<Optional<Door>> door = new AtomicReference<>(Optional.empty());
    private final Acknowledged acknowledged = new Acknowledged();
    private final ConcurrentLinkedQueue<String> untold = new ConcurrentLinkedQueue<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<Throwable> broken = new AtomicReference<>();
    private volatile boolean isOver;

    @Test
    void server_killedTwentyTimesUnderLoad_losesNothingItAcknowledged(@TempDir Path folder) throws Exception {
        var command = new CommandLine(folder);
        Sandbox.serveAModel(command);
        var chance = new Random(SEED);
        List<Thread> load = List.of(
                Thread.ofPlatform().start(this::ask),
                Thread.ofPlatform().start(this::ask),
                Thread.ofPlatform().start(this::tell),
                Thread.ofPlatform().start(this::decide));
        for (int kill = 0; kill < KILLS; kill++) {
            int before = acknowledged.predictions.size();
            Process server = start(command);
            Instant patience = Instant.now().plus(PATIENCE);
            while (acknowledged.predictions.size() == before) { // it answers: only now can something be lost
                assertThat(broken.get()).as("the load before kill " + kill).isNull();
                assertThat(Instant.now()).as("an answer before kill " + kill).isBefore(patience);
                Thread.sleep(5);
            }
            Thread.sleep(chance.nextInt(600));
            server.destroyForcibly().waitFor();
            door.set(Optional.empty());
        }
        isOver = true;
        for (Thread thread : load) {
            thread.join();
        }

        Process server = start(command);
        Operations operations = door.get().orElseThrow().operations();
        Set<String> services = operations.perform(new ListPrincipals(Optional.of(Principal.Kind.SERVICE))).stream()
                .map(Principal::login)
                .collect(Collectors.toSet());
        Path log = folder.resolve("log.parquet");
        command.call("predictions", ENDPOINT.value(), "--output", log.toString())
                .done();
        server.destroy();
        server.waitFor();
        command.call("audit", "verify").done();

        assertThat(broken.get()).as("the load").isNull();
        assertThat(failures.get()).as("requests cut off by a kill").isPositive();
        assertThat(acknowledged.outcomes).isNotEmpty();
        assertThat(acknowledged.decisions).isNotEmpty();
        assertThat(predictions(log, "TRUE")).containsAll(acknowledged.predictions);
        assertThat(predictions(log, "outcome IS NOT NULL")).containsAll(acknowledged.outcomes);
        assertThat(services).containsAll(acknowledged.decisions);
    }

    // ---- the load ----

    private void ask() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            whileThereIsAServer(door -> {
                String body = """
                        {"inputs": [{"name": "id", "shape": [1], "datatype": "BYTES", "data": ["%d"]},
                                    {"name": "a", "shape": [1], "datatype": "FP64", "data": [0.25]},
                                    {"name": "b", "shape": [1], "datatype": "FP64", "data": [0.75]}]}""".formatted(next.incrementAndGet());
                HttpRequest request = HttpRequest.newBuilder(
                                door.address().resolve("/v2/models/" + ENDPOINT + "/infer"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 503) { // 503: started, and the endpoint is not ready yet
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    JsonNode reply = Json.MAPPER.readTree(answer.body());
                    String id = reply.path("parameters").path("prediction_id").asString();
                    acknowledged.predictions.add(id);
                    untold.add(id);
                }
            });
        }
    }

    private void tell() {
        whileThereIsAServer(door -> {
            String id = untold.poll();
            if (id == null) {
                Thread.sleep(1);
                return;
            }
            door.operations()
                    .perform(new AddOutcomes(ENDPOINT, List.of(new Outcome(id, 0, "true", Map.of(), Instant.now()))));
            acknowledged.outcomes.add(id);
        });
    }

    private void decide() {
        whileThereIsAServer(door -> {
            String login = "service-" + next.incrementAndGet();
            door.operations().perform(new CreateService(login, login, List.of()));
            acknowledged.decisions.add(login);
            Thread.sleep(5);
        });
    }

    private interface Act {
        void on(Door door) throws IOException, InterruptedException;
    }

    private void whileThereIsAServer(Act act) {
        try {
            while (!isOver) {
                Optional<Door> now = door.get();
                if (now.isEmpty()) {
                    Thread.sleep(5);
                    continue;
                }
                try {
                    act.on(now.get());
                } catch (IOException cutOff) {
                    failures.incrementAndGet();
                    Thread.sleep(5);
                } catch (Problem problem) {
                    if (problem.kind() != Problem.Kind.UNREACHABLE) {
                        throw problem;
                    }
                    failures.incrementAndGet();
                    Thread.sleep(5);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError e) {
            broken.compareAndSet(null, e);
        }
    }

    // ---- the server ----

    private Process start(CommandLine command) throws Exception {
        Process server = Sandbox.startServer(command);
        door.set(Optional.of(Door.of(command)));
        return server;
    }

    private static Set<String> predictions(Path log, String where) throws Exception {
        Set<String> ids = new HashSet<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement();
                ResultSet rows = sql.executeQuery("SELECT DISTINCT prediction FROM '" + log + "' WHERE " + where)) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
