package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Json;
import org.plimsoll.core.Needs;
import tools.jackson.databind.JsonNode;

/** Runs every command of {@code docs/your-own-data.md} as it stands there, in a shell, but for the port. */
class YourOwnDataTest {

    private static final long PATIENCE_MINUTES = 10;

    @TempDir
    Path folder;

    @Test
    void page_doesWhatItSays() throws Exception {
        int port = freePort();
        Path launcher = Launcher.script();
        List<String> commands = commands();
        assertThat(commands).as("the page has commands").hasSizeGreaterThan(15);
        Path said = folder.resolve("said.txt");
        StringBuilder script = new StringBuilder("set -e\nexport PATH=\"" + launcher.getParent() + ":$PATH\"\n"
                + "unset PLIMSOLL_HOME PLIMSOLL_SERVER\n");
        for (String command : commands) {
            String here = command.replace("127.0.0.1:8080", "127.0.0.1:" + port);
            script.append("echo '$ ")
                    .append(here.split(" -d ")[0].replace("'", ""))
                    .append("'\n");
            if (command.equals("plimsoll up")) {
                script.append("plimsoll up --port ")
                        .append(port)
                        .append(" > ../up.txt 2>&1 &\nup=$!\n")
                        .append("for i in $(seq 300); do grep -q serves ../up.txt && break; sleep 0.2; done\n");
            } else if (here.startsWith("curl ")) {
                script.append(here).append(" > ../answer.json\nkill $up\nwait $up || true\n");
            } else {
                script.append(here).append('\n');
            }
            if (command.contains("--rows")) { // what the run printed, for the comparison below
                script.append("plimsoll runs run:latest --json > ../run.json\ncp rows.csv ../rows.csv\n");
            }
        }
        Process shell = new ProcessBuilder("/bin/sh", "-c", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(shell.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        String output = Files.readString(said);

        assertThat(shell.exitValue()).as(output).isZero();
        assertThat(output)
                .contains("from cache")
                .contains("Candidate 1 for endpoint penguins.")
                .contains("(self-approved)")
                .contains("Candidate 1 for endpoint tumours.")
                .contains("Candidate 1 for endpoint diabetes.");
        JsonNode answer = Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("answer.json")));
        JsonNode shares = answer.path("outputs").get(0).path("data");
        assertThat(shares.size()).as("%s", answer).isEqualTo(3);
        assertThat(shares.get(0).doubleValue()).as("it is an Adelie penguin").isGreaterThan(0.8);
        if (Needs.Thing.PYTHON.find().isPresent()) {
            sameAsScikitLearn();
        }
    }

    private void sameAsScikitLearn() throws IOException, InterruptedException {
        JsonNode run = Json.MAPPER.readTree(Files.readAllBytes(folder.resolve("run.json")));
        JsonNode theirs = PythonScript.answer(folder, """
                import json, sys
                import pandas as pd
                from sklearn.metrics import accuracy_score, log_loss
                rows = pd.read_csv(sys.argv[1])
                names = [c for c in rows.columns if c.startswith("candidate.")]
                shares = rows[names].to_numpy()
                classes = [c[len("candidate."):] for c in names]
                said = [classes[k] for k in shares.argmax(axis=1)]
                print(json.dumps({"log_loss": log_loss(rows.label, shares, labels=classes),
                                  "accuracy": accuracy_score(rows.label, said)}))
                """, folder.resolve("rows.csv"));
        for (String metric : List.of("log_loss", "accuracy")) {
            assertThat(ours(run, "evaluate/" + metric))
                    .as(metric)
                    .isCloseTo(theirs.path(metric).doubleValue(), within(1e-6));
        }
    }

    private static double ours(JsonNode run, String key) {
        for (JsonNode point : run.path("run").path("metrics")) {
            if (point.path("key").asString().equals(key)) {
                return point.path("value").doubleValue();
            }
        }
        throw new AssertionError(key + " is not among " + run.path("run").path("metrics"));
    }

    /** The lines of the page's shell blocks, in order. */
    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Checkout.resolve("docs/your-own-data.md"))) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                commands.add(line);
            }
        }
        return commands;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
