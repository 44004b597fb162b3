package org.plimsoll.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Content;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Entrance.Receipt;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Request;
import org.plimsoll.core.Json;
import org.plimsoll.store.Job;

/**
 * The REST side of every operation, made from its declaration.
 *
 * <pre>
 *   POST /api/v1/endpoints/late-arrival/rollback      path and query fields first, then the body's, in one pass
 *   Authorization: Bearer plm_…                       who asks (found out before, by the server's front door)
 *   Idempotency-Key: 0199…                            optional
 *   {"reason": "page 17"}
 *
 *   200 with the reply's JSON   202 where the reply is a job   problem+json (RFC 9457) otherwise
 *   Plimsoll-Event: the id of the last event this left
 * </pre>
 */
public final class ApiEdge implements HttpService {

    /** Where the API's addresses begin. */
    public static final String ROOT = "/api/v1";

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final HeaderName IDEMPOTENCY_HEADER = HeaderNames.create(IDEMPOTENCY_KEY);
    static final HeaderName EVENT = HeaderNames.create("Plimsoll-Event");

    private final Entrance entrance;

    public ApiEdge(Entrance entrance) {
        this.entrance = entrance;
    }

    @Override
    public void routing(HttpRules rules) {
        for (Operation<?, ?, ?> operation : entrance.catalogue().all()) {
            route(rules, operation);
        }
    }

    private <S, Q extends Request<R>, R> void route(HttpRules rules, Operation<S, Q, R> operation) {
        var reader = new RequestReader<>(operation);
        rules.route(Method.create(operation.method()), ROOT + operation.path(), (asked, answer) -> {
            Optional<Caller> caller = asked.context().get(Caller.class);
            asked.context().register(operation); // the front door's log and counts name it
            try {
                answer(caller.orElseThrow(), operation, reader.read(asked), asked, answer);
            } catch (Throwable failure) {
                ProblemJson.send(answer, failure, caller.map(Caller::requestId).orElse(""));
            }
        });
    }

    private <R> void answer(
            Caller caller, Operation<?, ?, R> operation, Request<R> request, ServerRequest asked, ServerResponse answer)
            throws IOException {
        Optional<String> key = asked.headers().first(IDEMPOTENCY_HEADER);
        Receipt<?> receipt;
        if (request instanceof Request.Upload<?> upload) {
            try (InputStream body = RequestReader.body(asked, operation)) {
                receipt = entrance.upload(caller, upload, body, key);
            }
        } else {
            receipt = entrance.perform(caller, request, key);
        }
        if (!receipt.events().isEmpty()) {
            answer.header(EVENT, receipt.events().getLast());
        }
        if (receipt.reply() instanceof Content content) {
            download(content, answer);
            return;
        }
        if (receipt.reply() instanceof Job && operation.kind() == Operation.Kind.CHANGE) {
            answer.status(Status.ACCEPTED_202);
        }
        answer.header(HeaderNames.CONTENT_TYPE, "application/json");
        if (operation.isSecret()) {
            answer.header(HeaderNames.CACHE_CONTROL, "no-store");
        }
        answer.send(Json.bytes(receipt.reply()));
    }

    /** As an attachment of a type that no browser interprets, whatever was uploaded. */
    private static void download(Content content, ServerResponse answer) throws IOException {
        answer.header(HeaderNames.CONTENT_TYPE, content.mediaType());
        String name =
                content.fileName().map(it -> it.replaceAll("[^\\w.-]", "_")).orElse("download");
        answer.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
        try (OutputStream out = answer.outputStream()) {
            content.writer().to(out);
        }
    }
}
