package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/** The demo as a person calls it, in processes of its own; what it says is held to what its log says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {

    private static final Path ROOT = root();
    private static final long PATIENCE_MINUTES = 15;

    private Path folder;
    private Path home;
    private JsonNode said;
    private String story;

    @BeforeAll
    void play(@TempDir Path temporary) throws Exception {
        folder = temporary;
        home = folder.resolve("home");
        Path json = folder.resolve("demo.json");
        var exit = plimsoll(folder.resolve("story.txt"), "demo", "--json", json.toString(), "--port", "0");
        story = Files.readString(folder.resolve("story.txt"));
        assertThat(exit).as(story).isZero();
        said = Json.MAPPER.readTree(Files.readAllBytes(json));
    }

    @AfterAll
    void stop() throws Exception {
        Path server = home.resolve("server.json");
        if (Files.exists(server)) {
            long pid =
                    Json.MAPPER.readTree(Files.readAllBytes(server)).path("pid").asLong();
            ProcessHandle.of(pid).ifPresent(process -> {
                process.destroy();
                process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
            });
        }
    }

    @Test
    void rerun_isByteIdentical() {
        assertThat(said.path("rerun").path("level").asString()).isEqualTo("L1");
        assertThat(said.path("rerun").path("model"))
                .isEqualTo(said.path("rerun").path("repeated"));
    }

    @Test
    void firstRelease_passes_andTheWeeksModelIsRefused() {
        JsonNode gates = said.path("gates");
        assertThat(gates.get(0).path("verdict").asString()).isEqualTo("PASS");
        assertThat(gates).anySatisfy(gate -> {
            assertThat(gate.path("version").asString()).isEqualTo("late-arrival@2");
            assertThat(gate.path("promotable").asBoolean()).isFalse();
        });
        assertThat(said.path("refused_candidate").asString()).isEqualTo("late-arrival@2");
        assertThat(said.has("refused_at")).isFalse();
    }

    @Test
    void rollback_underLoad_losesNoRequest() {
        JsonNode rollback = said.path("rollback");
        assertThat(rollback.path("failed").asLong()).isZero();
        assertThat(rollback.path("requests").asLong()).isGreaterThan(100);
        assertThat(rollback.path("from").asString()).isEqualTo("late-arrival@3");
        assertThat(rollback.path("to").asString()).isEqualTo("late-arrival@1");
    }

    @Test
    void february_isPredictedAndJoined() {
        long rows = 0;
        for (JsonNode window : said.path("windows")) {
            rows += window.path("rows").asLong();
            assertThat(window.path("labelled").asLong()).isPositive();
        }
        assertThat(rows).isEqualTo(174_363); // flights of February 2001 from the twelve hubs, by UTC
    }

    /** What was printed is what the exported log gives in scikit-learn. */
    @Test
    @Needs(Needs.Thing.PYTHON)
    void daysOfFebruary_recomputedFromTheLog_areTheSame() throws Exception {
        Path log = folder.resolve("log.parquet");
        assertThat(plimsoll(folder.resolve("export.txt"), "predictions", "late-arrival", "--output", log.toString()))
                .as(Files.readString(folder.resolve("export.txt")))
                .isZero();
        Path script = folder.resolve("recompute.py");
        Files.writeString(script, """
                import json, sys, duckdb
                from sklearn.metrics import roc_auc_score
                rows = duckdb.sql(f"select * from '{sys.argv[1]}' where version = 'late-arrival@1'").df()
                rows["day"] = rows["event_time"].dt.strftime("%Y-%m-%d")
                score = [c for c in rows.columns if c.startswith("out.")][0]
                known = rows[rows["outcome"].notna()]
                print(json.dumps({day: roc_auc_score(part["outcome"] == "true", part[score])
                                  for day, part in known.groupby("day") if day < "2001-03-01"}))
                """);
        Path answer = folder.resolve("answer.json");
        Process python = new ProcessBuilder(Needs.Thing.PYTHON.command(), script.toString(), log.toString())
                .redirectOutput(answer.toFile())
                .redirectError(folder.resolve("python.txt").toFile())
                .start();
        assertThat(python.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(python.exitValue())
                .as(Files.readString(folder.resolve("python.txt")))
                .isZero();
        JsonNode recomputed = Json.MAPPER.readTree(Files.readAllBytes(answer));
        int compared = 0;
        for (JsonNode window : said.path("windows")) {
            assertThat(window.path("auc").asDouble())
                    .as(window.path("day").asString())
                    .isCloseTo(
                            recomputed.path(window.path("day").asString()).asDouble(),
                            org.assertj.core.data.Offset.offset(1e-9));
            compared++;
        }
        assertThat(compared).isEqualTo(28);
    }

    @Test
    void auditLog_verifies() throws Exception {
        assertThat(plimsoll(folder.resolve("audit.txt"), "audit", "verify"))
                .as(Files.readString(folder.resolve("audit.txt")))
                .isZero();
    }

    private int plimsoll(Path output, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-Dplimsoll.root=" + ROOT,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.plimsoll.cli.Plimsoll"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("PLIMSOLL_HOME", home.toString(), "OMP_WAIT_POLICY", "passive"));
        Process process = builder.start();
        assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                .as(Files.readString(output, StandardCharsets.UTF_8))
                .isTrue();
        return process.exitValue();
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("ARCHITECTURE.md"))) {
            at = at.getParent();
        }
        return at;
    }
}
