package org.plimsoll.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.CreateToken;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.core.Actor;
import org.plimsoll.store.Databases;

/** A whole server on a home of its own and a free port. */
final class Running implements AutoCloseable {

    static final String HOME_TOKEN = "the token of server.json";

    static {
        // What a browser would set and a program may not, unless it says so.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,origin");
    }

    final Path home = Databases.freshHome();
    final Application application;
    private final HttpClient client = HttpClient.newHttpClient();

    Running() {
        application = new Application(home, configuration(0), Clock.systemUTC(), HOME_TOKEN);
    }

    static Configuration configuration(int port) {
        var settings = new Settings(Optional.empty(), Map.of(), Map.of("server.port", String.valueOf(port)));
        return Configuration.of(settings);
    }

    /** A token of a new program with these roles on everything. */
    String token(String login, org.plimsoll.access.Role... roles) {
        var operations = application.entrance().as(Actor.SYSTEM);
        List<RoleWanted> wanted = List.of(roles).stream()
                .map(role -> new RoleWanted(role, org.plimsoll.access.Resource.ORGANISATION))
                .toList();
        operations.perform(new CreateService(login, login, wanted));
        var asked = new CreateToken("test", Optional.of(login), List.of(), Optional.empty());
        var administrator = new Actor("local", Actor.Proof.LOCAL, java.util.Set.of());
        return application.entrance().as(administrator).perform(asked).secret();
    }

    /** @param headers names and values in turn */
    HttpResponse<String> send(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(application.address() + path))
                .method(
                        method,
                        method.equals("GET")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString("{}"));
        request.header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        application.close();
    }
}
