package org.plimsoll.server;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Standing;
import org.plimsoll.api.ApiEdge;
import org.plimsoll.api.OpenApi;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Database;

/**
 * What watches the server: {@code /health/live} and {@code /health/ready}, {@code /instance} by which a command knows that this
 * is the server it looks for, {@code /metrics} for Prometheus, and the OpenAPI document.
 */
final class Vitals implements HttpService {

    private static final String JSON = "application/json";

    private final Database database;
    private final Standing standing;
    private final Traffic traffic;
    private final String instance;

    Vitals(Database database, Standing standing, Traffic traffic, String instance) {
        this.database = database;
        this.standing = standing;
        this.traffic = traffic;
        this.instance = instance;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/health/live", (asked, answer) -> json(answer, Map.of("status", "live")))
                .get("/health/ready", this::ready)
                .get("/instance", (asked, answer) -> answer.send(instance))
                .get("/metrics", this::metrics)
                .get(ApiEdge.ROOT + "/openapi.json", (asked, answer) -> json(answer, OpenApi.of(Rooms.CATALOGUE)));
    }

    private void ready(ServerRequest asked, ServerResponse answer) {
        try {
            database.read(
                    db -> db.sql().createQuery("SELECT 1").mapTo(Integer.class).one());
            json(answer, Map.of("status", "ready"));
        } catch (RuntimeException e) {
            answer.status(503);
            json(answer, Map.of("status", "not ready", "detail", "the database does not answer"));
        }
    }

    private void metrics(ServerRequest asked, ServerResponse answer) {
        boolean isKnown = asked.context()
                .get(Caller.class)
                .filter(caller -> caller.actor().proof() != Actor.Proof.ANONYMOUS)
                .isPresent();
        if (!isKnown && standing.isTeam()) {
            throw Problem.of(Problem.Kind.UNAUTHENTICATED, "send a token as Authorization: Bearer");
        }
        var out = new StringBuilder();
        traffic.print(out);
        var memory = ManagementFactory.getMemoryMXBean();
        gauge(
                out,
                "plimsoll_heap_bytes",
                "Heap in use.",
                memory.getHeapMemoryUsage().getUsed());
        gauge(
                out,
                "plimsoll_uptime_seconds",
                "Since the process began.",
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .ifPresent(cpu ->
                        gauge(out, "plimsoll_cpu_seconds_total", "Processor time used.", cpu.toMillis() / 1000.0));
        gauge(
                out,
                "plimsoll_commits_total",
                "Transactions committed here.",
                database.commits().count());
        answer.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
        answer.send(out.toString());
    }

    private static void gauge(StringBuilder out, String name, String help, double value) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(name.endsWith("_total") ? " counter\n" : " gauge\n");
        out.append(name).append(' ').append(value).append('\n');
    }

    private static void json(ServerResponse answer, Object body) {
        answer.header(HeaderNames.CONTENT_TYPE, JSON);
        answer.send(Json.bytes(body));
    }
}
