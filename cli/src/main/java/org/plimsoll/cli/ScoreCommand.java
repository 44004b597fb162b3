package org.plimsoll.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.serving.ServingOperations.ShowEndpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "score",
        description =
                "Asks an endpoint about every row of a Parquet file, as an application would; the answers are logged.")
final class ScoreCommand extends RemoteCommand {

    private static final int ROWS_A_REQUEST = 500;

    @Parameters(index = "0", paramLabel = "ENDPOINT")
    EndpointName endpoint = new EndpointName("endpoint");

    @Parameters(index = "1", paramLabel = "FILE.parquet", description = "rows with the signature's columns")
    Path file = Path.of("rows.parquet");

    @Option(
            names = "--output",
            paramLabel = "FILE.csv",
            description = "where the answers go (default: standard output)")
    Optional<Path> output = Optional.empty();

    @Option(names = "--most", paramLabel = "N", description = "only the first N rows")
    Optional<Integer> most = Optional.empty();

    @Option(
            names = "--reasons",
            paramLabel = "K",
            description =
                    "the K columns that moved each row's score most, and how much (of the log-odds, or of the prediction);"
                            + " exact for models of XGBoost and LightGBM")
    Optional<Integer> reasons = Optional.empty();

    private final HttpClient http = HttpClient.newHttpClient();

    /** What was asked, for programs. */
    private record Scored(EndpointName endpoint, int rows, int requests) {}

    @Override
    int run() throws Exception {
        operations()
                .perform(new ShowEndpoint(
                        endpoint)); // finds or starts the server, and says so where there is no such endpoint
        JsonNode model = send(HttpRequest.newBuilder(address("")));
        Columns rows = rows(model);
        int requests = 0;
        try (Writer answers = writer();
                Progress progress = out().progress("scoring", rows.rows())) {
            for (int from = 0; from < rows.rows(); from += ROWS_A_REQUEST) {
                Columns some = rows.slice(from, Math.min(rows.rows(), from + ROWS_A_REQUEST));
                JsonNode answer = send(HttpRequest.newBuilder(address("/infer"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(request(some)))));
                write(answers, answer, some.rows(), from == 0);
                progress.add(some.rows());
                requests++;
            }
        }
        output.ifPresent(path -> out().say("Scored " + rows.rows() + " rows of " + file + " by " + endpoint
                + "; the answers are in " + path + "."));
        out().json(new Scored(endpoint, rows.rows(), requests));
        return Exit.DONE;
    }

    private URI address(String what) {
        URI server =
                elsewhere().or(() -> home().running().map(Home.Address::url)).orElseThrow();
        return server.resolve("/v2/models/" + endpoint + what);
    }

    private Optional<String> token() {
        return elsewhere().isPresent()
                ? elsewhere().flatMap(KeptSession::tokenFor)
                : KeptSession.token(KeptSession.inHome(home().path()))
                        .or(() -> home().running().map(Home.Address::token));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        HttpResponse<byte[]> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode answer = Json.MAPPER.readTree(reply.body());
        if (reply.statusCode() != 200) {
            Problem.Kind kind = switch (reply.statusCode()) {
                case 401 -> Problem.Kind.UNAUTHENTICATED;
                case 403 -> Problem.Kind.DENIED;
                case 404 -> Problem.Kind.NOT_FOUND;
                case 503 -> Problem.Kind.BUSY;
                default -> Problem.Kind.INVALID;
            };
            throw Problem.of(kind, answer.path("error").asString(answer.toString()));
        }
        return answer;
    }

    /** The rows' columns that the model, or the task beside it, knows. */
    private Columns rows(JsonNode model) {
        if (!Files.isRegularFile(file)) {
            throw Problem.notFound("file", file);
        }
        Query query = Query.standard(Path.of(System.getProperty("java.io.tmpdir")));
        List<String> there = query.outline(file).schema().names();
        List<String> wanted = new ArrayList<>();
        model.get("inputs").forEach(input -> {
            if (there.contains(input.get("name").asString())) {
                wanted.add(input.get("name").asString());
            }
        });
        Columns all = query.read(List.of(file), wanted);
        return all.slice(0, Math.min(most.orElse(all.rows()), all.rows()));
    }

    private ObjectNode request(Columns rows) {
        ObjectNode request = SampleRequest.request(rows);
        reasons.ifPresent(k -> request.putObject("parameters").put("reasons", k));
        return request;
    }

    private Writer writer() throws IOException {
        if (output.isPresent()) {
            return Files.newBufferedWriter(output.get());
        }
        return out().isJson()
                ? Writer.nullWriter()
                : new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)) {
                    @Override
                    public void close() throws IOException {
                        flush(); // standard output stays open
                    }
                };
    }

    /** One line a row: its prediction and number, then every output. */
    private static void write(Writer to, JsonNode answer, int rows, boolean isFirst) throws IOException {
        List<JsonNode> outputs = new ArrayList<>();
        answer.get("outputs").forEach(outputs::add);
        if (isFirst) {
            StringBuilder head = new StringBuilder("prediction,row");
            outputs.forEach(output -> head.append(',').append(heading(output)));
            to.write(head.append('\n').toString());
        }
        String prediction = answer.get("parameters").get("prediction_id").asString();
        for (int row = 0; row < rows; row++) {
            StringBuilder line = new StringBuilder(prediction).append(',').append(row);
            for (JsonNode output : outputs) {
                String between = isAboutReasons(output) || !classes(output).isEmpty() ? "," : " ";
                line.append(',').append(values(output.get("data"), row, rows, between));
            }
            to.write(line.append('\n').toString());
        }
    }

    private static boolean isAboutReasons(JsonNode output) {
        String name = output.get("name").asString();
        return name.equals("reasons") || name.equals("contributions");
    }

    /** The names of the classes whose probabilities these are. */
    private static List<String> classes(JsonNode output) {
        List<String> names = new ArrayList<>();
        JsonNode parameters = output.path("parameters");
        while (parameters.has("class_" + names.size())) {
            names.add(parameters.get("class_" + names.size()).asString());
        }
        return names;
    }

    /** The output's name; of probabilities and reasons one column each. */
    private static String heading(JsonNode output) {
        String name = output.get("name").asString();
        List<String> classes = classes(output);
        if (!classes.isEmpty()) {
            return classes.stream().map(each -> cell(name + "." + each)).collect(Collectors.joining(","));
        }
        if (!isAboutReasons(output)) {
            return name;
        }
        String one = name.substring(0, name.length() - 1);
        int width =
                output.get("shape").size() == 1 ? 1 : output.get("shape").get(1).asInt();
        return IntStream.rangeClosed(1, width).mapToObj(k -> one + "_" + k).collect(Collectors.joining(","));
    }

    /** A text as CSV has it. */
    private static String cell(String text) {
        return text.contains(",") || text.contains("\"") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** A row's value, or its values where the output is wide. */
    private static String values(JsonNode data, int row, int rows, String between) {
        int width = data.size() / rows;
        List<String> values = new ArrayList<>();
        for (int k = 0; k < width; k++) {
            values.add(cell(data.get(row * width + k).asString()));
        }
        return String.join(between, values);
    }
}
