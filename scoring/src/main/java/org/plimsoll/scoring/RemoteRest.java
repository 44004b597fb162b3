package org.plimsoll.scoring;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Signature.Datatype;
import org.plimsoll.scoring.Signature.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The Open Inference Protocol over HTTP/1.1, with tensors in binary behind the JSON where the server's extensions name
 * {@code binary_tensor_data}.
 *
 * <p>A question is repeated where it cannot have been heard: the connection was refused, or the server said 503 with a
 * Retry-After that lies within the deadline. Where {@code remote.json} says that asking twice does no harm, also where the
 * connection broke before an answer. Nothing is repeated once the deadline is over. Redirects are not followed.
 */
final class RemoteRest implements RemoteProtocol {

    /** An answer is at most this great. */
    private static final int MOST_BYTES = 64 << 20;

    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final int MOST_SAID = 500;

    private final RemoteModel model;
    private final Map<String, String> headers;
    private final HttpClient client;
    private final boolean isBinary;

    RemoteRest(RemoteModel model, Map<String, String> headers) {
        this.model = model;
        this.headers = headers;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(model.deadlineOrUsual())
                .build();
        this.isBinary = model.protocol() == RemoteModel.Protocol.REST && takesBinary();
    }

    /** A server that does not say its extensions has none that matter here. */
    private boolean takesBinary() {
        JsonNode server;
        try {
            server = json(get("/v2"));
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.NOT_FOUND) {
                return false;
            }
            throw problem;
        }
        for (JsonNode extension : server.path("extensions")) {
            if (extension.asString("").startsWith("binary_tensor_data")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Metadata metadata() {
        JsonNode tree = json(get(modelPath()));
        return new Metadata(
                tree.path("platform").asString(""), described(tree.path("inputs")), described(tree.path("outputs")));
    }

    private static List<Described> described(JsonNode tensors) {
        List<Described> described = new ArrayList<>();
        for (JsonNode tensor : tensors) {
            List<Long> shape = new ArrayList<>();
            tensor.path("shape").forEach(length -> shape.add(length.asLong(-1)));
            described.add(new Described(
                    tensor.path("name").asString(""), tensor.path("datatype").asString(""), List.copyOf(shape)));
        }
        return described;
    }

    @Override
    public List<RemoteTensors.Answer> infer(
            List<Tensor> tensors, List<TaskOutputs.Own> wanted, Columns rows, Duration deadline) {
        ObjectNode question = Json.MAPPER.createObjectNode();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        ArrayNode inputs = question.putArray("inputs");
        for (Tensor tensor : tensors) {
            ObjectNode input = inputs.addObject();
            input.put("name", tensor.name());
            input.put("datatype", tensor.datatype().name());
            ArrayNode shape = input.putArray("shape");
            tensor.shape().forEach(length -> shape.add(length < 0 ? rows.rows() : length));
            if (isBinary) {
                byte[] bytes = RemoteTensors.bytes(tensor, rows);
                input.putObject("parameters").put("binary_data_size", bytes.length);
                raw.writeBytes(bytes);
            } else {
                input.set(
                        "data", RemoteTensors.json(tensor, rows, model.missing().orElse(RemoteModel.Missing.REFUSE)));
            }
        }
        ArrayNode outputs = question.putArray("outputs");
        for (TaskOutputs.Own output : wanted) {
            ObjectNode named = outputs.addObject();
            named.put("name", output.name());
            if (isBinary) {
                named.putObject("parameters").put("binary_data", output.datatype() != Datatype.BYTES);
            }
        }
        byte[] head = Json.bytes(question);
        ByteArrayOutputStream body = new ByteArrayOutputStream(head.length + raw.size());
        body.writeBytes(head);
        body.writeBytes(raw.toByteArray());
        HttpRequest.Builder request = request(modelPath() + "/infer")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .header("Content-Type", isBinary ? "application/octet-stream" : "application/json");
        if (isBinary) {
            request.header(JSON_LENGTH, Integer.toString(head.length));
        }
        return answers(send(request.build(), deadline), wanted, rows.rows());
    }

    private List<RemoteTensors.Answer> answers(HttpResponse<byte[]> response, List<TaskOutputs.Own> wanted, int rows) {
        byte[] body = response.body();
        int length = (int) response.headers().firstValueAsLong(JSON_LENGTH).orElse(body.length);
        if (length < 0 || length > body.length) {
            throw broken(JSON_LENGTH + " is " + length + " in an answer of " + body.length + " bytes");
        }
        JsonNode tree = tree(body, length);
        Optional<String> version = model.version();
        String answered = tree.path("model_version").asString("");
        if (version.isPresent() && !answered.isEmpty() && !answered.equals(version.get())) {
            throw broken("version " + answered + " answered instead of " + version.get());
        }
        RemoteTensors.Answer[] found = new RemoteTensors.Answer[wanted.size()];
        int at = length;
        for (JsonNode output : tree.path("outputs")) {
            int size = output.path("parameters").path("binary_data_size").asInt(-1);
            if (size > body.length - at) {
                throw broken("the bytes of its tensors end early");
            }
            String name = output.path("name").asString("");
            for (int i = 0; i < found.length; i++) {
                TaskOutputs.Own own = wanted.get(i);
                if (own.name().equals(name)) {
                    found[i] = answer(
                            own,
                            output,
                            size < 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(body, at, size)),
                            rows);
                }
            }
            at += Math.max(size, 0);
        }
        for (int i = 0; i < found.length; i++) {
            if (found[i] == null) {
                throw broken("its answer has no output " + wanted.get(i).name());
            }
        }
        return List.of(found);
    }

    private RemoteTensors.Answer answer(TaskOutputs.Own own, JsonNode output, Optional<ByteBuffer> bytes, int rows) {
        Datatype type = datatype(output.path("datatype").asString(""));
        int count = rows * own.width();
        Optional<double[]> values = bytes.isPresent()
                ? RemoteTensors.numbers(type, bytes.get(), count)
                : RemoteTensors.numbers(type, output.path("data"), count);
        if (type != own.datatype()) {
            throw broken("output " + own.name() + " is answered as " + type + "; it was " + own.datatype());
        }
        return new RemoteTensors.Answer(
                own.name(),
                type,
                values.orElseThrow(() -> broken("output " + own.name() + " has not " + count + " numbers for " + rows
                        + " rows; its shape is " + output.path("shape"))));
    }

    private Datatype datatype(String word) {
        for (Datatype type : Datatype.values()) {
            if (type.name().equals(word)) {
                return type;
            }
        }
        throw broken("an output is " + word + ", which the protocol does not know");
    }

    private HttpResponse<byte[]> get(String path) {
        return send(request(path).GET().build(), model.deadlineOrUsual());
    }

    private String modelPath() {
        return "/v2/models/" + encoded(model.model())
                + model.version()
                        .map(version -> "/versions/" + encoded(version))
                        .orElse("");
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        String base = model.url().toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path));
        headers.forEach(request::header);
        return request;
    }

    /** Sends it, and again where that is safe. @throws Problem where the answer is not 200 */
    private HttpResponse<byte[]> send(HttpRequest request, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        for (int tried = 1; ; tried++) {
            long left = end - System.nanoTime();
            try {
                HttpResponse<byte[]> response = sent(request, left, deadline);
                if (response.statusCode() == 200) {
                    return response;
                }
                Optional<Duration> pause = retryAfter(response);
                if (tried < TRIES && pause.isPresent() && pause.get().toNanos() < end - System.nanoTime()) {
                    pause(pause.get());
                } else {
                    throw said(response);
                }
            } catch (IOException e) {
                boolean neverHeard = e instanceof ConnectException && !(e instanceof HttpConnectTimeoutException);
                boolean isRepeatable = neverHeard || model.idempotent().orElse(false);
                if (tried == TRIES || !isRepeatable || PAUSE.toNanos() >= end - System.nanoTime()) {
                    throw Problem.of(
                            Problem.Kind.UNREACHABLE,
                            "the server of " + model.where() + " does not answer: "
                                    + (neverHeard ? "the connection is refused" : reason(e)));
                }
                pause(PAUSE);
            }
        }
    }

    private HttpResponse<byte[]> sent(HttpRequest request, long nanos, Duration deadline) throws IOException {
        var limited = HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES);
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, limited);
        try {
            return answer.get(Math.max(nanos, 1), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Problem.of(
                    Problem.Kind.BUSY,
                    "the server of " + model.where() + " did not answer within " + deadline.toMillis() + " ms");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting for the server of " + model.where());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw Problem.internal("asking the server of " + model.where() + " failed", e);
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        if (response.statusCode() != 503) {
            return Optional.empty();
        }
        try {
            return response.headers()
                    .firstValue("Retry-After")
                    .map(seconds -> Duration.ofSeconds(Math.max(0, Long.parseLong(seconds.strip()))));
        } catch (NumberFormatException aDate) {
            return Optional.empty();
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** What the server said, as a problem of the one who asks, where it was about the question; else of the server. */
    private Problem said(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status / 100 == 3) {
            return Problem.of(
                    Problem.Kind.UNREACHABLE,
                    "the server of " + model.where() + " sends elsewhere ("
                            + response.headers().firstValue("Location").orElse("no address")
                            + "); redirects are not followed: name the other address in " + RemoteModel.FILE);
        }
        String text =
                new String(response.body(), 0, Math.min(response.body().length, 4 * MOST_SAID), StandardCharsets.UTF_8);
        try {
            JsonNode tree = Json.MAPPER.readTree(response.body());
            text = Optional.of(tree.path("error").asString(""))
                    .filter(error -> !error.isEmpty())
                    .orElse(
                            tree.path("detail").isMissingNode()
                                    ? text
                                    : tree.path("detail").toString());
        } catch (JacksonException notJson) {
            // as it is
        }
        String words = text.strip();
        Problem.Kind kind = switch (status) {
            case 400, 422 -> Problem.Kind.INVALID;
            case 404 -> Problem.Kind.NOT_FOUND;
            case 413 -> Problem.Kind.TOO_LARGE;
            case 429, 503 -> Problem.Kind.BUSY;
            default -> Problem.Kind.UNREACHABLE;
        };
        return Problem.of(
                kind,
                String.format(
                        Locale.ROOT,
                        "the server of %s answers %d%s",
                        model.where(),
                        status,
                        words.isEmpty() ? "" : ": " + words.substring(0, Math.min(words.length(), MOST_SAID))));
    }

    private Problem broken(String what) {
        return Problem.of(Problem.Kind.UNREACHABLE, "the server of " + model.where() + ": " + what);
    }

    private JsonNode json(HttpResponse<byte[]> response) {
        return tree(response.body(), response.body().length);
    }

    private JsonNode tree(byte[] body, int length) {
        try {
            return Json.MAPPER.readTree(body, 0, length);
        } catch (JacksonException e) {
            throw broken("its answer is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    @Override
    public String describe() {
        return isBinary ? "REST, binary tensors" : "REST, JSON";
    }

    @Override
    public void close() {
        client.close();
    }
}
