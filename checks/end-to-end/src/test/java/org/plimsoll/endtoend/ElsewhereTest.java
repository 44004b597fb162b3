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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Checkout;
import org.plimsoll.core.Json;
import org.plimsoll.core.Needs;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models that XGBoost, LightGBM and scikit-learn made elsewhere go through the gate to an endpoint, and answer there what they answered at home. */
class ElsewhereTest {

    private static final Pattern ADDRESS = Pattern.compile("at (http://127\\.0\\.0\\.1:\\d+)");

    @TempDir
    Path folder;

    private static final Path GIVEN = Checkout.resolve("checks/end-to-end/src/test/resources/elsewhere");
    private static final Path HOLDOUT = GIVEN.resolve("holdout.csv");

    @Test
    void models_fromElsewhere_answerAsTheirMakersDo() throws Exception {
        CommandLine plimsoll = new CommandLine(folder);
        List<String[]> answers = cells(GIVEN.resolve("answers.csv"));
        Map<String, double[]> theirs = new LinkedHashMap<>();
        for (int model = 0; model < 2; model++) {
            String file = answers.getFirst()[model];
            serve(plimsoll, GIVEN.resolve(file));
            double[] values = new double[answers.size() - 1];
            for (int row = 0; row < values.length; row++) {
                values[row] = Double.parseDouble(answers.get(row + 1)[model]);
            }
            theirs.put(name(file), values);
        }
        answersAreTheSame(plimsoll, theirs, 1e-4);
        reasonsAreGiven(plimsoll, name("model.json"));
    }

    @Test
    @Needs(Needs.Thing.MLFLOW)
    void pickle_inMlflowFolder_answersAsScikitLearnDoes() throws Exception {
        Path pickled = folder.resolve("pickled");
        JsonNode answers =
                PythonScript.answer(folder, """
                import json, sys
                import mlflow.sklearn, pandas
                from sklearn.ensemble import GradientBoostingRegressor
                from sklearn.pipeline import make_pipeline
                from sklearn.preprocessing import StandardScaler
                rows = pandas.read_csv(sys.argv[1])
                train, holdout = rows.iloc[:300], pandas.read_csv(sys.argv[2])
                x = train.drop(columns="progression")
                model = make_pipeline(StandardScaler(), GradientBoostingRegressor(n_estimators=40, random_state=1)).fit(x, train.progression)
                mlflow.sklearn.save_model(model, sys.argv[3], signature=mlflow.models.infer_signature(x, model.predict(x)),
                                          serialization_format="pickle")
                print(json.dumps(model.predict(holdout.drop(columns="progression").head(5)).tolist()))
                """, Checkout.resolve("examples/diabetes/diabetes.csv"), HOLDOUT, pickled);
        CommandLine plimsoll = new CommandLine(folder);
        Files.createDirectories(plimsoll.home());
        Files.writeString(
                plimsoll.home().resolve("plimsoll.yaml"), "scoring:\n  python: " + Needs.Thing.MLFLOW.command() + "\n");
        serve(plimsoll, pickled);
        double[] theirs = new double[answers.size()];
        for (int row = 0; row < theirs.length; row++) {
            theirs[row] = answers.get(row).doubleValue();
        }
        answersAreTheSame(plimsoll, Map.of("pickled", theirs), 1e-9);
    }

    /** Takes a model to an endpoint of its name, by the commands that a person gives. */
    private void serve(CommandLine plimsoll, Path model) throws Exception {
        Files.deleteIfExists(folder.resolve("policy.yaml"));
        assertThat(plimsoll.call(
                                "register",
                                model.toString(),
                                "--model",
                                name(model.getFileName().toString()),
                                "--data",
                                HOLDOUT.toString(),
                                "--target",
                                "progression")
                        .done())
                .contains("trained elsewhere: its lineage is unknown")
                .contains("Wrote policy.yaml");
        assertThat(plimsoll.call("evaluate").done())
                .contains("whether seen in training is not known")
                .contains("Candidate ");
        assertThat(plimsoll.call("approve", "--reason", "looked at the holdout").done())
                .contains("(self-approved)");
        assertThat(plimsoll.call("promote", "--yes").done())
                .contains("(self-approved)")
                .contains("curl");
    }

    private static String name(String file) {
        return file.replace('.', '-');
    }

    /** Asked at once when the server is up: a model that loads slowly is waited for. */
    private void answersAreTheSame(CommandLine plimsoll, Map<String, double[]> theirs, double tolerance)
            throws Exception {
        Path output = folder.resolve("up.txt");
        Process up = plimsoll.start(output, "up", "--port", "0");
        try {
            URI server = address(up, output);
            List<String[]> rows = cells(HOLDOUT);
            for (Map.Entry<String, double[]> model : theirs.entrySet()) {
                int asked = model.getValue().length;
                JsonNode data = ask(server, model.getKey(), rows.getFirst(), rows.subList(1, 1 + asked));
                for (int row = 0; row < asked; row++) {
                    assertThat(data.get(row).doubleValue())
                            .as(model.getKey())
                            .isCloseTo(model.getValue()[row], within(tolerance));
                }
            }
        } finally {
            up.destroy();
            assertThat(up.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Asked for all its columns, each row's contributions differ from its answer by the same base: they add up. */
    private void reasonsAreGiven(CommandLine plimsoll, String endpoint) throws Exception {
        Path rows = folder.resolve("rows.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            sql.execute("COPY (SELECT * EXCLUDE (progression) FROM read_csv('%s') LIMIT 3) TO '%s' (FORMAT parquet)"
                    .formatted(HOLDOUT, rows));
        }
        Path csv = folder.resolve("reasons.csv");
        plimsoll.call("score", endpoint, rows.toString(), "--reasons", "10", "--output", csv.toString())
                .done();
        List<String[]> lines = cells(csv);
        List<String> names = List.of(lines.getFirst());
        int first = names.indexOf("contribution_1");
        double[] bases = new double[3];
        for (int row = 0; row < bases.length; row++) {
            String[] line = lines.get(row + 1);
            assertThat(line[names.indexOf("reason_1")]).isEqualTo("s5");
            bases[row] = Double.parseDouble(line[names.lastIndexOf("prediction")]);
            for (int k = first; k < names.size(); k++) {
                bases[row] -= Double.parseDouble(line[k]);
            }
        }
        assertThat(bases[1]).isCloseTo(bases[0], within(1e-3));
        assertThat(bases[2]).isCloseTo(bases[0], within(1e-3));
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
