package org.plimsoll.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.plimsoll.core.Json;
import org.plimsoll.reports.WebhookSignature;
import tools.jackson.databind.JsonNode;

/**
 * Mira's pager: a receiver of webhooks on loopback. It takes only what carries the signature made with its secret, and knows a
 * message that it has already by its id.
 */
final class DemoPager implements AutoCloseable {

    private static final String PATH = "/page";

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A page as it arrived. */
    record Page(String id, String type, String subject, String title, List<String> people) {}

    private final String secret;
    private final HttpServer server;
    private final List<Page> pages = new CopyOnWriteArrayList<>();

    DemoPager() throws IOException {
        byte[] key = new byte[24];
        RANDOM.nextBytes(key);
        secret = "whsec_" + Base64.getEncoder().encodeToString(key);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    String secret() {
        return secret;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String id = header(exchange, "webhook-id");
            boolean isOurs = WebhookSignature.verifies(
                    header(exchange, "webhook-signature"), secret, id, header(exchange, "webhook-timestamp"), body);
            if (isOurs && pages.stream().noneMatch(it -> it.id().equals(id))) {
                pages.add(page(Json.MAPPER.readTree(body)));
            }
            exchange.sendResponseHeaders(isOurs ? 204 : 401, -1);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private static Page page(JsonNode event) {
        return new Page(
                event.path("id").asString(),
                event.path("type").asString(),
                event.path("subject").asString(),
                event.path("data").path("title").asString(),
                event.path("data").path("paged").values().stream()
                        .map(JsonNode::asString)
                        .toList());
    }

    /** The page about this, if it has come. */
    Optional<Page> about(String subject) {
        return pages.stream().filter(it -> it.subject().equals(subject)).findFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
