package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/** The same demo on a January whose truths were shuffled among its flights: there is nothing to learn, and it must not serve. */
class PermutedLabelsTest {

    @Test
    void demo_withJanuarysLabelsPermuted_endsAtTheGateAndServesNothing(@TempDir Path folder) throws Exception {
        Path root = folder.resolve("clone");
        copy(Checkout.resolve("examples/flights"), root.resolve("examples/flights"));
        permuteDelays(root.resolve("examples/flights/2001-01.parquet"));
        var command = new CommandLine(folder, folder.resolve("home"), root);
        Path json = folder.resolve("demo.json");
        CommandLine.Ended ended = command.call("demo", "--json", json.toString(), "--port", "0");
        assertThat(ended.exit()).as(ended.output()).isEqualTo(2);
        assertThat(ended.output()).contains("cannot be promoted").doesNotContain("\tat org.plimsoll");
        JsonNode said = Json.MAPPER.readTree(Files.readAllBytes(json));
        assertThat(said.path("refused_at").asString()).isEqualTo("first_release");
        assertThat(said.path("gates").get(0).path("promotable").asBoolean()).isFalse();
        JsonNode endpoints =
                Json.MAPPER.readTree(command.call("endpoint", "list", "--json").done());
        assertThat(endpoints.toString()).contains("late-arrival");
        assertThat(endpoints).noneMatch(endpoint -> endpoint.path("table").has("champion"));
    }

    /** Every flight keeps its time and its way; the delays are dealt anew, with a seed. */
    private static void permuteDelays(Path parquet) throws Exception {
        Path permuted = parquet.resolveSibling("permuted.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            sql.execute("CREATE TABLE flight AS SELECT row_number() OVER () AS row, * FROM '" + parquet + "'");
            sql.execute("""
                    COPY (SELECT * EXCLUDE (row, delay, dealt, other), other AS delay FROM
                        (SELECT *, row_number() OVER (ORDER BY hash(row + 2001)) AS dealt FROM flight)
                        JOIN (SELECT row AS dealt, delay AS other FROM flight) USING (dealt) ORDER BY row)
                    TO '%s' (FORMAT parquet)""".formatted(permuted));
        }
        Files.move(permuted, parquet, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
