package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models that XGBoost and LightGBM made elsewhere go through the gate to an endpoint, and answer there what they answered at home. */
class ElsewhereTest {

    private static final Pattern ADDRESS = Pattern.compile("at (http://127\\.0\\.0\\.1:\\d+)");

    @TempDir
    Path folder;

    @Test
    void models_fromElsewhere_answerAsTheirMakersDo() throws Exception {
        Path given = CommandLine.checkout().resolve("checks/end-to-end/src/test/resources/elsewhere");
        CommandLine plimsoll = new CommandLine(folder);
        for (String file : List.of("model.json", "model.txt")) {
            String model = name(file);
            Files.deleteIfExists(folder.resolve("policy.yaml"));
            String said = plimsoll.call(
                            "register",
                            given.resolve(file).toString(),
                            "--model",
                            model,
                            "--data",
                            given.resolve("holdout.csv").toString(),
                            "--target",
                            "progression")
                    .done();
            assertThat(said)
                    .contains("trained elsewhere: its lineage is unknown")
                    .contains("Wrote policy.yaml");
            assertThat(plimsoll.call("evaluate").done())
                    .contains("whether seen in training is not known")
                    .contains("Candidate ");
            assertThat(plimsoll.call("approve", "--reason", "looked at the holdout")
                            .done())
                    .contains("(self-approved)");
            assertThat(plimsoll.call("promote", "--yes").done())
                    .contains("(self-approved)")
                    .contains("curl");
        }
        answersAreTheSame(plimsoll, given);
    }

    private static String name(String file) {
        return file.replace('.', '-');
    }

    private void answersAreTheSame(CommandLine plimsoll, Path given) throws Exception {
        Path output = folder.resolve("up.txt");
        Process up = plimsoll.start(output, "up", "--port", "0");
        try {
            URI server = address(up, output);
            List<String[]> rows = cells(given.resolve("holdout.csv"));
            List<String[]> answers = cells(given.resolve("answers.csv"));
            for (int model = 0; model < 2; model++) {
                String file = answers.getFirst()[model];
                JsonNode data = ask(server, name(file), rows.getFirst(), rows.subList(1, answers.size()));
                for (int row = 1; row < answers.size(); row++) {
                    double theirs = Double.parseDouble(answers.get(row)[model]);
                    assertThat(data.get(row - 1).doubleValue()).as(file).isCloseTo(theirs, within(1e-4));
                }
            }
        } finally {
            up.destroy();
            assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static URI address(Process up, Path output) throws IOException, InterruptedException {
        for (int tries = 0; tries < 600 && up.isAlive(); tries++) {
            Matcher found = ADDRESS.matcher(Files.readString(output));
            if (found.find()) {
                return URI.create(found.group(1));
            }
            Thread.sleep(200);
        }
        throw new AssertionError("no server came up: " + Files.readString(output));
    }

    private static List<String[]> cells(Path csv) throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(csv)) {
            rows.add(line.split(","));
        }
        return rows;
    }

    /** These rows, as columns of the protocol; the last column is the truth. */
    private static JsonNode ask(URI server, String endpoint, String[] names, List<String[]> rows)
            throws IOException, InterruptedException {
        ObjectNode request = Json.MAPPER.createObjectNode();
        ArrayNode inputs = request.putArray("inputs");
        for (int column = 0; column < names.length - 1; column++) {
            ObjectNode input = inputs.addObject().put("name", names[column]).put("datatype", "FP64");
            input.putArray("shape").add(rows.size());
            ArrayNode data = input.putArray("data");
            for (String[] row : rows) {
                data.add(Double.parseDouble(row[column]));
            }
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> reply = client.send(
                    HttpRequest.newBuilder(server.resolve("/v2/models/" + endpoint + "/infer"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(request)))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = Json.MAPPER.readTree(reply.body());
            assertThat(reply.statusCode()).as("%s", answer).isEqualTo(200);
            return answer.path("outputs").get(0).path("data");
        }
    }
}
