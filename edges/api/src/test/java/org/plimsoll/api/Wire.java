package org.plimsoll.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.AccessOperations;
import org.plimsoll.access.AccessOperations.FoundHome;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Principal;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Standing;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;

/** A server with one small room on a free port, for tests of both sides of the wire. */
final class Wire implements AutoCloseable {

    static final String TOKEN = "the owner's";
    static final Actor OWNER = new Actor(Principal.LOCAL, Proof.LOCAL, Set.of());

    final Database database = Databases.SQLITE.fresh(Clock.systemUTC());
    final Catalogue catalogue = new Catalogue(List.of(Shelf.ROOM, AccessOperations.PRINCIPALS));
    final Entrance entrance;
    private final WebServer web;

    Wire() {
        var principals = new Principals(new SecureRandom());
        var standing = new Standing(database, Clock.systemUTC(), Optional.of(TOKEN));
        entrance = new Entrance(database, catalogue, standing, Clock.systemUTC(), List.of(new Shelf(), principals));
        entrance.as(Actor.SYSTEM).perform(new FoundHome());
        web = WebServer.builder()
                .port(0)
                .shutdownHook(false)
                .routing(HttpRouting.builder()
                        .addFilter((chain, asked, answer) -> {
                            Optional<String> bearer = asked.headers()
                                    .first(HeaderNames.AUTHORIZATION)
                                    .map(it -> it.substring(7));
                            asked.context().register(new Caller(standing.actor(bearer), "127.0.0.1", "request-1"));
                            chain.proceed();
                        })
                        .register(new ApiEdge(entrance))
                        .error(Throwable.class, (asked, answer, e) -> ProblemJson.send(answer, e, "request-1")))
                .build()
                .start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + web.port());
    }

    /** A raw request to a path below the API's root, as the owner. */
    HttpResponse<String> send(String method, String path, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + ApiEdge.ROOT + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", type)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    long events() {
        return database.read(db -> db.sql()
                .createQuery("SELECT count(*) FROM event WHERE type LIKE 'book.%'")
                .mapTo(Long.class)
                .one());
    }

    @Override
    public void close() {
        web.stop();
        database.close();
    }
}
