package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.plimsoll.core.EndpointName;

/** A home of one person with a small model in production, made by the commands that a person gives; and its server as a process. */
final class Sandbox {

    static final EndpointName ENDPOINT = new EndpointName("buys");

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Sandbox() {}

    /** The model and its endpoint; no server runs afterwards. */
    static void serveAModel(CommandLine command) throws Exception {
        Path folder = command.folder();
        Files.createDirectories(command.home());
        addVisits(command, 4_000);
        Files.writeString(folder.resolve("rows.sql"), "SELECT _file, _row, id, visited_at, a, b, bought FROM raw");
        Files.writeString(folder.resolve("pipeline.yaml"), """
                pipeline: buys
                task: {kind: binary, label: bought, positive: "1", entity: id, event_time: visited_at, zone: UTC, cluster: day}
                data: {raw: visits@latest}
                steps:
                  rows: {sql: rows.sql, in: [raw], out: [rows]}
                  split: {split: {by: time, test: last 60 days}, in: [rows.rows], out: [train, test]}
                  train: {trainer: xgboost, in: [split.train], features: {a: number, b: number},
                          params: {max_depth: 3, rounds: 10}, seed: 1, out: [model]}
                """);
        Files.writeString(folder.resolve("card.yaml"), """
                purpose: Tell who will buy.
                retraining:
                  plan: on all visits so far
                  when: by hand
                  data: {raw: visits@latest}
                """);
        command.call("run").done();
        command.call("model", "create", "buys", "--tier", "T4", "--owner", "local")
                .done();
        command.call("register", "run:latest", "--model", "buys").done();
        command.call("endpoint", "create", ENDPOINT.value(), "--env", "production", "--model", "buys")
                .done();
        command.call("evaluate", "buys@1").done();
        command.call("approve", "1", "--reason", "seen").done();
        command.call("promote", "buys@1", "--yes").done();
    }

    /** The visits so far, an hour apart, as the newest snapshot of {@code visits}. */
    static void addVisits(CommandLine command, int visits) throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            sql.execute("""
                    COPY (SELECT CAST(i AS VARCHAR) AS id, TIMESTAMP '2026-01-01' + to_hours(CAST(i AS INTEGER)) AS visited_at,
                                 (i * 7919 %% 1000) / 1000.0 AS a, (i * 104729 %% 1000) / 1000.0 AS b,
                                 CAST(a + (hash(i) %% 1000) / 2000.0 > 0.75 AS INTEGER) AS bought FROM range(%d) t(i))
                    TO '%s' (FORMAT parquet)""".formatted(visits, command.folder().resolve("visits.parquet")));
        }
        command.call("data", "add", "visits", "visits.parquet").done();
    }

    /** Starts the server and waits until it serves. */
    static Process startServer(CommandLine command) throws Exception {
        Path file = command.home().resolve("server.json");
        Files.deleteIfExists(file); // of the one that was killed
        Path said = command.folder().resolve("server.txt");
        Process server = command.start(said, "up", "--port", "0");
        Instant patience = Instant.now().plus(PATIENCE);
        while (!Files.exists(file) || !Files.readString(said).contains("serves")) {
            assertThat(server.isAlive()).as(() -> "the server: " + said(said)).isTrue();
            assertThat(Instant.now()).isBefore(patience);
            Thread.sleep(20);
        }
        return server;
    }

    private static String said(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "nothing: " + e;
        }
    }
}
