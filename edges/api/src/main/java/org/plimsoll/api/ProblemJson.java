package org.plimsoll.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;

/**
 * A {@link Problem} on the wire: problem+json (RFC 9457), written here and read here, so that a caller over HTTP gets the
 * problem that a caller in the process gets.
 */
public final class ProblemJson {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final System.Logger LOG = System.getLogger(ProblemJson.class.getName());
    private static final String TYPE = "urn:plimsoll:problem:";
    private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail", "request_id");

    private ProblemJson() {}

    /** Answers with what went wrong; the details of a defect go to the log alone. */
    public static void send(ServerResponse answer, Throwable failure, String requestId) {
        Problem problem = problem(failure);
        if (problem.kind() == Problem.Kind.INTERNAL) {
            LOG.log(Level.ERROR, "request " + requestId + " failed", failure);
        }
        if (answer.isSent()) {
            return; // in the middle of a download; the broken connection tells
        }
        answer.status(Status.create(problem.kind().status()));
        answer.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
        if (problem.kind() == Problem.Kind.BUSY) {
            answer.header(HeaderNames.RETRY_AFTER, "1");
        }
        answer.send(Json.bytes(body(problem, requestId)));
    }

    /** The problem that this failure is, in words that may leave the process. */
    public static Problem problem(Throwable failure) {
        return switch (failure) {
            case Problem it
            when it.kind() == Problem.Kind.INTERNAL ->
                Problem.of(Problem.Kind.INTERNAL, "unexpected; the server's log has the details");
            case Problem it -> it;
            case HttpException it -> Problem.of(kindOf(it.status().code()), String.valueOf(it.getMessage()));
            default -> Problem.of(Problem.Kind.INTERNAL, "unexpected; the server's log has the details");
        };
    }

    static Map<String, Object> body(Problem problem, String requestId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", TYPE + problem.kind().slug());
        body.put("title", problem.kind().slug().replace('-', ' '));
        body.put("status", problem.kind().status());
        body.put("detail", problem.detail());
        body.putAll(problem.facts());
        if (!requestId.isEmpty()) {
            body.put("request_id", requestId);
        }
        return body;
    }

    /** The problem in this body; what is not problem+json came from something between here and the server. */
    static Problem read(int status, Map<String, Object> body) {
        String type = String.valueOf(body.getOrDefault("type", ""));
        Map<String, Object> facts = new LinkedHashMap<>(body);
        facts.keySet().removeAll(STANDARD);
        facts.values().removeIf(value -> value == null);
        String plain = status == 401 ? "sign in first" : "the server answered with status " + status;
        String detail = String.valueOf(body.getOrDefault("detail", plain));
        for (Problem.Kind kind : Problem.Kind.values()) {
            if (type.equals(TYPE + kind.slug())) {
                return Problem.of(kind, detail, facts);
            }
        }
        return Problem.of(kindOf(status), detail, facts);
    }

    private static Problem.Kind kindOf(int status) {
        return switch (status) {
            case 401 -> Problem.Kind.UNAUTHENTICATED;
            case 403 -> Problem.Kind.DENIED;
            case 404 -> Problem.Kind.NOT_FOUND;
            case 405 -> Problem.Kind.NOT_ALLOWED;
            case 409 -> Problem.Kind.CONFLICT;
            case 413 -> Problem.Kind.TOO_LARGE;
            case 502, 503, 504 -> Problem.Kind.BUSY;
            default -> status >= 400 && status < 500 ? Problem.Kind.INVALID : Problem.Kind.INTERNAL;
        };
    }
}
