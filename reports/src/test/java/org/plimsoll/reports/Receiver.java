package org.plimsoll.reports;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A pager's end of a webhook: a real HTTP server that can be down, unwell or well. */
final class Receiver implements AutoCloseable {

    /** A request that was answered. @param headers by small name */
    record Taken(Map<String, String> headers, byte[] body, int status) {}

    final int port = free();
    final List<Taken> taken = new CopyOnWriteArrayList<>();
    private volatile int status = 204;
    private HttpServer server;

    private static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void answers(int code) {
        status = code;
    }

    void up() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/in", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            int answer = status;
            taken.add(new Taken(headers, body, answer));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    /** Ids of the messages it said yes to, in order. */
    List<String> accepted() {
        return taken.stream()
                .filter(it -> it.status() < 300)
                .map(it -> String.valueOf(it.headers().get("webhook-id")))
                .toList();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }
}
