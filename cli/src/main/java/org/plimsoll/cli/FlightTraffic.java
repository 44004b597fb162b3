package org.plimsoll.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What an application at the gates does: asks {@code POST /v2/models/{endpoint}/infer} about flights that leave now, as JSON tensors
 * of the Open Inference Protocol, and keeps the prediction's id for the day when the truth is known.
 */
final class FlightTraffic implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI address;
    private final String token;
    private final HttpClient http;

    /** @param token one that may only {@code infer} on this endpoint */
    FlightTraffic(URI server, String token, EndpointName endpoint) {
        this.address = server.resolve("/v2/models/" + endpoint + "/infer");
        this.token = token;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    /**
     * The answer to one request.
     *
     * @param prediction the id under which outcomes are sent, with the row's number in the request
     * @param versions who answered each row, such as {@code late-arrival@3}
     * @param scores probability that the flight is late, by row
     * @param answeredAt {@link System#nanoTime} when the answer was whole
     */
    record Answer(String prediction, List<String> versions, double[] scores, long answeredAt) {}

    /** The request's body: every column of these rows as one tensor, missing numbers as null. */
    static byte[] body(Columns rows) {
        return body(rows, Optional.empty());
    }

    /** A fault of whoever asks: this column comes multiplied by this factor. */
    record Fault(String column, double factor) {}

    /** The same, as somebody asks whose data went wrong. */
    static byte[] body(Columns rows, Optional<Fault> fault) {
        var bytes = new ByteArrayOutputStream(rows.rows() * 160 + 256);
        try (JsonGenerator json = Json.MAPPER.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("inputs");
            for (int column = 0; column < rows.schema().columns().size(); column++) {
                writeTensor(json, rows, column, fault);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeTensor(JsonGenerator json, Columns rows, int index, Optional<Fault> fault) {
        Column column = rows.schema().columns().get(index);
        double factor = fault.filter(it -> it.column().equals(column.name()))
                .map(Fault::factor)
                .orElse(1.0);
        json.writeStartObject();
        json.writeStringProperty("name", column.name());
        json.writeArrayPropertyStart("shape");
        json.writeNumber(rows.rows());
        json.writeEndArray();
        json.writeStringProperty(
                "datatype",
                switch (column.type()) {
                    case NUMBER -> "FP64";
                    case INTEGER, TIMESTAMP -> "INT64";
                    case BOOLEAN -> "BOOL";
                    case TEXT, CATEGORY -> "BYTES";
                });
        json.writeArrayPropertyStart("data");
        for (int row = 0; row < rows.rows(); row++) {
            if (rows.isMissing(index, row)) {
                json.writeNull();
                continue;
            }
            switch (column.type()) {
                case NUMBER -> json.writeNumber(factor * rows.number(index, row));
                case INTEGER, TIMESTAMP -> json.writeNumber(rows.integer(index, row));
                case BOOLEAN -> json.writeBoolean(rows.integer(index, row) != 0);
                case TEXT, CATEGORY -> json.writeString(rows.text(index, row).orElseThrow());
            }
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Asks. @throws Problem where the answer is not 200, with what the server said */
    Answer ask(byte[] body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.UNREACHABLE, address + " does not answer: " + e);
        }
        long answeredAt = System.nanoTime();
        JsonNode reply = Json.MAPPER.readTree(response.body());
        if (response.statusCode() != 200) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    address + " answered " + response.statusCode() + ": "
                            + reply.path("error").asString(""));
        }
        return answer(reply, answeredAt);
    }

    private static Answer answer(JsonNode reply, long answeredAt) {
        List<String> versions = new ArrayList<>();
        double[] scores = {};
        for (JsonNode output : reply.path("outputs")) {
            JsonNode data = output.path("data");
            switch (output.path("name").asString("")) {
                case "version" -> data.forEach(value -> versions.add(value.asString()));
                case "arm", "prediction_id" -> {}
                default -> {
                    scores = new double[data.size()];
                    for (int row = 0; row < scores.length; row++) {
                        scores[row] = data.get(row).asDouble();
                    }
                }
            }
        }
        return new Answer(reply.path("parameters").path("prediction_id").asString(), versions, scores, answeredAt);
    }

    @Override
    public void close() {
        http.close();
    }
}
