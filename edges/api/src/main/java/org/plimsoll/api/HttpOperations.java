package org.plimsoll.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Content;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Request;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The other side of the wire: the same requests, asked of a server, with the same replies and the same problems. Belongs to
 * whoever the token belongs to. Safe for use by many threads.
 */
public final class HttpOperations implements Operations {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 300_000;
    private static final int CHUNK = 64 << 10;

    private final URI server;
    private final Optional<String> token;
    private final Catalogue catalogue;

    /**
     * @param server where it is, without a path
     * @param token empty for what anyone may ask
     */
    public HttpOperations(URI server, Optional<String> token, Catalogue catalogue) {
        this.server = server;
        this.token = token;
        this.catalogue = catalogue;
    }

    @Override
    public <R> R perform(Request<R> request, String idempotencyKey) {
        return ask(request, Optional.empty(), idempotencyKey);
    }

    @Override
    public <R> R upload(Request.Upload<R> request, Bytes body, String idempotencyKey) {
        return ask(request, Optional.of(body), idempotencyKey);
    }

    private <R> R ask(Request<R> request, Optional<Bytes> body, String key) {
        Operation<?, Request<R>, R> operation = catalogue.of(request);
        ObjectNode fields = Json.MAPPER.valueToTree(request);
        String address = server + ApiEdge.ROOT + address(operation, fields);
        try {
            HttpURLConnection connection = open(address, operation, key);
            if (!operation.method().equals("GET") && (body.isPresent() || !fields.isEmpty())) {
                send(connection, fields, body);
            }
            if (connection.getResponseCode() >= 400) {
                throw problem(connection);
            }
            return reply(operation, connection);
        } catch (IOException e) {
            throw Problem.of(
                    Problem.Kind.UNREACHABLE,
                    "the server at " + server + " does not answer (" + e.getMessage() + ")",
                    Map.of("server", server.toString()));
        }
    }

    private HttpURLConnection open(String address, Operation<?, ?, ?> operation, String key) throws IOException {
        var connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setRequestMethod(operation.method());
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        token.ifPresent(it -> connection.setRequestProperty("Authorization", "Bearer " + it));
        connection.setRequestProperty(ApiEdge.IDEMPOTENCY_KEY, key);
        return connection;
    }

    private static void send(HttpURLConnection connection, ObjectNode fields, Optional<Bytes> body) throws IOException {
        connection.setDoOutput(true);
        if (body.isPresent()) {
            connection.setRequestProperty("Content-Type", "application/octet-stream");
            connection.setChunkedStreamingMode(CHUNK);
            try (InputStream in = body.get().open();
                    OutputStream out = connection.getOutputStream()) {
                in.transferTo(out);
            }
            return;
        }
        byte[] json = Json.bytes(fields);
        connection.setRequestProperty(
                "Content-Type", "application/json"); // not streamed: then a 401 would lose its words
        try (OutputStream out = connection.getOutputStream()) {
            out.write(json);
        }
    }

    @SuppressWarnings("unchecked") // the operation's reply type is R
    private static <R> R reply(Operation<?, ?, R> operation, HttpURLConnection connection) throws IOException {
        if (operation.isDownload()) {
            String type = Optional.ofNullable(connection.getContentType()).orElse("application/octet-stream");
            return (R) new Content(type, fileName(connection), out -> {
                try (InputStream in = connection.getInputStream()) {
                    in.transferTo(out);
                }
            });
        }
        JavaType type = Json.MAPPER.constructType(operation.reply());
        try (InputStream in = connection.getInputStream()) {
            return Json.MAPPER.readValue(in, type);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INTERNAL,
                    "the server's answer to " + operation.name() + " is not understood; is it of another version? "
                            + e.getOriginalMessage());
        }
    }

    private static Optional<String> fileName(HttpURLConnection connection) {
        String disposition = Optional.ofNullable(connection.getHeaderField("Content-Disposition"))
                .orElse("");
        int at = disposition.indexOf("filename=\"");
        return at < 0
                ? Optional.empty()
                : Optional.of(disposition.substring(at + 10, disposition.indexOf('"', at + 10)));
    }

    /** Takes the fields that the path names out of the request; for GET the others become the query. */
    private static String address(Operation<?, ?, ?> operation, ObjectNode fields) {
        var address = new StringBuilder();
        for (String part : operation.path().substring(1).split("/")) {
            address.append('/').append(filled(part, fields));
        }
        if (operation.method().equals("GET") || operation.isUpload()) {
            char separator = '?';
            for (Map.Entry<String, JsonNode> field : fields.properties()) {
                JsonNode value = field.getValue();
                for (JsonNode one : value.isArray() ? value : List.of(value)) {
                    address.append(separator).append(field.getKey()).append('=').append(encoded(one.asString()));
                    separator = '&';
                }
            }
        }
        return address.toString();
    }

    /** {@code {run}} and {@code {+path}} with the field's value, what follows the brace (such as {@code .parquet}) kept. */
    private static String filled(String part, ObjectNode fields) {
        if (!part.startsWith("{")) {
            return part;
        }
        int end = part.indexOf('}');
        boolean isRest = part.startsWith("{+");
        String value = fields.remove(part.substring(isRest ? 2 : 1, end)).asString();
        String encoded = encoded(value);
        return (isRest ? encoded.replace("%2F", "/") : encoded) + part.substring(end + 1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Problem problem(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream error = connection.getErrorStream()) {
            if (error == null) {
                return ProblemJson.read(status, Map.of());
            }
            JavaType type =
                    Json.MAPPER.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class);
            return ProblemJson.read(status, Json.MAPPER.readValue(error, type));
        } catch (JacksonException notJson) {
            return ProblemJson.read(status, Map.of());
        }
    }
}
