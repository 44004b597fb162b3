package org.plimsoll.inference;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Standing;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.serving.Answer;
import org.plimsoll.serving.LiveEndpoint;
import org.plimsoll.serving.LiveEndpoints;
import org.plimsoll.serving.Question;
import org.plimsoll.serving.Route;
import org.plimsoll.serving.Traffic;

/**
 * The Open Inference Protocol v2 over HTTP. The model of the address is an endpoint: which version answers is the routing
 * table's matter, and a version in the address is refused.
 *
 * <pre>
 *  GET  /v2                                  GET /v2/health/live   GET /v2/health/ready
 *  GET  /v2/models/{endpoint}                GET /v2/models/{endpoint}/ready   GET /v2/models/{endpoint}/stats
 *  POST /v2/models/{endpoint}/infer          POST /v2/repository/index
 * </pre>
 *
 * Errors are {@code {"error": "…"}}: 400 a wrong request, 401 and 403 who may not, 404 an unknown endpoint, 413 too large, 503
 * drained, not serving yet, or no room for the log; a wrong request changes nothing.
 */
public final class InferenceEdge implements HttpService {

    /** Where the protocol's addresses begin. */
    public static final String ROOT = "/v2";

    private static final System.Logger LOG = System.getLogger(InferenceEdge.class.getName());
    private static final HeaderName JSON_LENGTH = HeaderNames.create("Inference-Header-Content-Length");
    private static final int MOST_BYTES = 64 << 20;
    private static final List<String> EXTENSIONS = List.of("binary_tensor_data", "statistics");

    private final LiveEndpoints endpoints;
    private final Standing standing;
    private final String version;

    /** @param version of Plimsoll */
    public InferenceEdge(LiveEndpoints endpoints, Standing standing, String version) {
        this.endpoints = endpoints;
        this.standing = standing;
        this.version = version;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(ROOT, (_, reply) -> send(reply, server()))
                .get(ROOT + "/", (_, reply) -> send(reply, server()))
                .get(ROOT + "/health/live", (_, reply) -> send(reply, Map.of("live", true)))
                .get(ROOT + "/health/ready", (_, reply) -> ready(reply))
                .get(ROOT + "/models/{endpoint}", (asked, reply) -> answer(asked, reply, this::describe))
                .get(ROOT + "/models/{endpoint}/ready", (asked, reply) -> answer(asked, reply, this::ready))
                .get(ROOT + "/models/{endpoint}/stats", (asked, reply) -> answer(asked, reply, this::statistics))
                .post(ROOT + "/models/{endpoint}/infer", this::infer)
                .any(
                        ROOT + "/models/{endpoint}/versions/{+rest}",
                        (_, reply) -> refuse(
                                reply,
                                Problem.of(
                                        Problem.Kind.NOT_FOUND,
                                        "versions are not addressed: the endpoint's routing table says which one answers; use "
                                                + ROOT + "/models/ENDPOINT")))
                .post(ROOT + "/repository/index", this::index);
    }

    private interface About {
        Object say(LiveEndpoint endpoint);
    }

    private record ServerDescription(String name, String version, List<String> extensions) {}

    private record Ready(String name, boolean ready) {}

    private record Indexed(String name, String version, String state, String reason) {}

    private record ModelStatistics(List<Traffic> modelStats) {}

    private ServerDescription server() {
        return new ServerDescription("plimsoll", version, EXTENSIONS);
    }

    private ModelDescription describe(LiveEndpoint endpoint) {
        try (Route route = endpoint.enter()) {
            return ModelDescription.of(
                    endpoint.about().name().value(),
                    route.versions().stream().map(Object::toString).toList(),
                    route.signature(),
                    route.task(),
                    Map.of(
                            "environment", endpoint.about().environment().value(),
                            "time", endpoint.about().time().name(),
                            "revision", Long.toString(route.table().revision())));
        }
    }

    private Ready ready(LiveEndpoint endpoint) {
        try (Route route = endpoint.enter()) { // BUSY, so 503, where it does not answer
            return new Ready(route.about().name().value(), true);
        }
    }

    private void ready(ServerResponse reply) {
        boolean ready = endpoints.isBooted();
        reply.status(ready ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
        send(reply, Map.of("ready", ready));
    }

    private ModelStatistics statistics(LiveEndpoint endpoint) {
        return new ModelStatistics(List.of(endpoint.traffic()));
    }

    /** The endpoints the caller may ask, and whether they answer. */
    private void index(ServerRequest asked, ServerResponse reply) {
        try {
            send(
                    reply,
                    endpoints.all().stream()
                            .filter(endpoint -> mayInfer(asked, endpoint))
                            .map(InferenceEdge::indexed)
                            .toList());
        } catch (RuntimeException failure) {
            refuse(reply, failure);
        }
    }

    private boolean mayInfer(ServerRequest asked, LiveEndpoint endpoint) {
        try {
            standing.inferring(caller(asked), endpoint.about().name());
            return true;
        } catch (Problem denied) {
            return false;
        }
    }

    private static Indexed indexed(LiveEndpoint endpoint) {
        String name = endpoint.about().name().value();
        try (Route route = endpoint.enter()) {
            return new Indexed(name, route.table().champion().toString(), "READY", "");
        } catch (Problem problem) {
            return new Indexed(name, "", "UNAVAILABLE", problem.detail());
        }
    }

    private void answer(ServerRequest asked, ServerResponse reply, About about) {
        try {
            LiveEndpoint endpoint = endpoints.get(asked.path().pathParameters().get("endpoint"));
            standing.inferring(caller(asked), endpoint.about().name());
            send(reply, about.say(endpoint));
        } catch (RuntimeException failure) {
            refuse(reply, failure);
        }
    }

    private void infer(ServerRequest asked, ServerResponse reply) {
        try {
            String name = asked.path().pathParameters().get("endpoint");
            LiveEndpoint endpoint = endpoints.get(name);
            standing.inferring(
                    asked.context().get(Caller.class).orElseThrow(),
                    endpoint.about().name());
            byte[] body = body(asked);
            try (Route route = endpoint.enter()) {
                ReplyWriter.Reply written = infer(route, endpoint.about().name(), body, jsonBytes(asked, body.length));
                if (written.isBinary()) {
                    reply.header(JSON_LENGTH, Integer.toString(written.jsonBytes()));
                    reply.header(HeaderValues.CONTENT_TYPE_OCTET_STREAM);
                } else {
                    reply.header(HeaderValues.CONTENT_TYPE_JSON);
                }
                reply.send(written.bytes());
            }
        } catch (IOException | RuntimeException failure) {
            refuse(reply, failure);
        }
    }

    private static Caller caller(ServerRequest asked) {
        return asked.context().get(Caller.class).orElseThrow();
    }

    private ReplyWriter.Reply infer(Route route, EndpointName endpoint, byte[] body, int jsonBytes) {
        InferRequest request = RequestReader.read(body, jsonBytes);
        ReplyWriter.check(request, route.task(), route.signature());
        Question question = new RowReader(
                        route.table().champion().toString(), endpoint.value(), route.signature(), route.task())
                .read(request);
        Answer answer = endpoints.inference().answer(route, question);
        return ReplyWriter.write(endpoint.value(), route.task(), request, answer);
    }

    private static int jsonBytes(ServerRequest asked, int bodyBytes) {
        Optional<String> header = asked.headers().first(JSON_LENGTH);
        try {
            return header.map(Integer::parseInt).orElse(bodyBytes);
        } catch (NumberFormatException e) {
            throw Problem.invalid(JSON_LENGTH.defaultCase(), header.orElse(""), "the number of bytes of the JSON");
        }
    }

    private static byte[] body(ServerRequest asked) throws IOException {
        if (!asked.content().hasEntity()) {
            throw Problem.of(Problem.Kind.INVALID, "the request has no body; expected {\"inputs\": […]}");
        }
        try (InputStream in = asked.content().inputStream()) {
            byte[] body = in.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw Problem.of(Problem.Kind.TOO_LARGE, "a request of more than 64 MiB; send fewer rows at once");
            }
            return body;
        }
    }

    private static void send(ServerResponse reply, Object value) {
        reply.header(HeaderValues.CONTENT_TYPE_JSON);
        reply.send(Json.bytes(value));
    }

    private static void refuse(ServerResponse reply, Throwable failure) {
        if (failure instanceof Problem problem && problem.kind() != Problem.Kind.INTERNAL) {
            reply.status(Status.create(problem.kind().status()));
            send(reply, Map.of("error", problem.detail()));
            return;
        }
        LOG.log(Level.ERROR, "inference failed", failure);
        reply.status(Status.INTERNAL_SERVER_ERROR_500);
        send(reply, Map.of("error", "the server could not answer; its log says why"));
    }
}
