package org.plimsoll.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Request;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.JsonParserSequence;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Makes the request record from address and body: path and query fields are the first fields of the JSON object, the body's own
 * follow, read in one pass without a tree.
 */
final class RequestReader<Q extends Request<?>> {

    private static final ObjectReader STRICT = Json.MAPPER
            .reader()
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .without(DeserializationFeature.ACCEPT_FLOAT_AS_INT); // 1.5 pages are not one page

    private final Operation<?, Q, ?> operation;
    private final List<RecordComponent> inPath;

    RequestReader(Operation<?, Q, ?> operation) {
        this.operation = operation;
        this.inPath = Arrays.stream(operation.request().getRecordComponents())
                .filter(component -> isInPath(operation, snake(component.getName())))
                .toList();
    }

    /** @throws Problem that says in the caller's words what is wrong with the request */
    Q read(ServerRequest asked) {
        Q request;
        try (JsonParser json = parser(asked)) {
            request = STRICT.forType(operation.request())
                    .readValue(json); // looked up late: a hundred of them take long to make
        } catch (JacksonException unreadable) {
            throw Unreadable.problem(unreadable);
        }
        mustMatchAddress(request, asked);
        return request;
    }

    /** The body's bytes, no more of them than the operation takes. */
    static InputStream body(ServerRequest asked, Operation<?, ?, ?> operation) {
        long most = operation.largestBody();
        asked.headers().contentLength().ifPresent(length -> {
            if (length > most) {
                throw LimitedInput.tooLarge(most);
            }
        });
        return new LimitedInput(asked.content().inputStream(), most);
    }

    static boolean isInPath(Operation<?, ?, ?> operation, String field) {
        return operation.path().contains("{" + field + "}") || operation.path().contains("{+" + field + "}");
    }

    static String snake(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private JsonParser parser(ServerRequest asked) {
        boolean hasBody = !operation.isUpload()
                && !operation.method().equals("GET")
                && asked.content().hasEntity();
        TokenBuffer address = address(asked, !hasBody);
        if (!hasBody) {
            return address.asParser();
        }
        String type = asked.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            throw Problem.invalid("content type", type.isEmpty() ? "missing" : type, "application/json");
        }
        JsonParser body = STRICT.createParser(body(asked, operation));
        JsonToken first = body.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw Problem.invalid("body", first == null ? "empty" : "not an object", "a JSON object");
        }
        return JsonParserSequence.createFlattened(false, address.asParser(), body);
    }

    private static TokenBuffer address(ServerRequest asked, boolean isWhole) {
        var fields = TokenBuffer.forGeneration();
        fields.writeStartObject();
        var path = asked.path().pathParameters();
        for (String name : path.names()) {
            fields.writeStringProperty(name, path.get(name));
        }
        for (String name : asked.query().names()) {
            if (path.contains(name)) {
                throw Problem.invalid(name, "given twice", "it in the path alone");
            }
            List<String> values = asked.query().all(name);
            if (values.size() == 1) {
                fields.writeStringProperty(name, values.getFirst());
            } else {
                fields.writeArrayPropertyStart(name);
                values.forEach(fields::writeString);
                fields.writeEndArray();
            }
        }
        if (isWhole) {
            fields.writeEndObject();
        }
        return fields;
    }

    /** A field of the body must not silently win over the address, on which filters and people rely. */
    private void mustMatchAddress(Q request, ServerRequest asked) {
        List<String> differing = new ArrayList<>();
        for (RecordComponent component : inPath) {
            String field = snake(component.getName());
            if (!value(component, request).equals(asked.path().pathParameters().get(field))) {
                differing.add(field);
            }
        }
        if (!differing.isEmpty()) {
            throw Problem.invalid(differing.getFirst(), "another in the body", "the same as in the address");
        }
    }

    private static String value(RecordComponent component, Object request) {
        try {
            return String.valueOf(component.getAccessor().invoke(request));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an accessor of a public record", e);
        }
    }
}
