package org.plimsoll.server;

import io.helidon.common.uri.UriPath;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Standing;
import org.plimsoll.api.ProblemJson;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.web.Pages;

/**
 * What every request passes, whichever edge answers it: the name it was sent to is one of ours (DNS rebinding), a browser did
 * not send it for another site (CSRF), the credential holds; it leaves with a request id, safe headers, a line in the log and a
 * count.
 *
 * <p>The edge finds who asks as a {@link Caller} in the request's context.
 */
final class FrontDoor implements Filter {

    private static final System.Logger LOG = System.getLogger("org.plimsoll.request");
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header POLICY = HeaderValues.createCached(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                    + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Pattern GIVEN_ID = Pattern.compile("[\\w.-]{1,64}");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

    private final Standing standing;
    private final Traffic traffic;
    private final Set<String> hosts = new TreeSet<>(Set.of("localhost"));

    FrontDoor(Standing standing, Traffic traffic, ServerConfig config) {
        this.standing = standing;
        this.traffic = traffic;
        hosts.add(config.host().toLowerCase(Locale.ROOT));
        config.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long began = System.nanoTime();
        String id = request.headers()
                .first(REQUEST_ID)
                .filter(given -> GIVEN_ID.matcher(given).matches())
                .orElseGet(Ids::next);
        response.header(REQUEST_ID, id);
        response.header(NO_SNIFFING);
        response.header(POLICY);
        Actor actor = Actor.ANONYMOUS;
        try {
            actor = admit(request);
            request.context().register(new Caller(actor, address(request), id));
            chain.proceed();
        } catch (Problem problem) {
            refuse(request.path(), response, problem, id);
        } finally {
            tell(request, response, actor, id, System.nanoTime() - began);
        }
    }

    private Actor admit(RoutingRequest request) {
        ServerRequestHeaders headers = request.headers();
        String host = headers.first(HeaderNames.HOST).orElse("").toLowerCase(Locale.ROOT);
        if (!isOurs(host)) {
            throw Problem.of(
                    Problem.Kind.DENIED,
                    "this server is not " + host.replaceAll("[^\\w.:-]", "?")
                            + "; if it should be, add the name to server.hosts");
        }
        boolean isUnsafe = !SAFE.contains(request.prologue().method().text());
        Optional<String> bearer = headers.first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring(7).strip());
        Optional<String> cookie = bearer.isPresent()
                ? Optional.empty()
                : headers.cookies().first(Pages.COOKIE).asOptional();
        if (isUnsafe) {
            mustComeFromHere(headers, host, cookie.isPresent());
        }
        try {
            return standing.actor(bearer.or(() -> cookie));
        } catch (Problem ended) {
            if (cookie.isEmpty()) {
                throw ended;
            }
            return Actor.ANONYMOUS; // a page whose session has ended asks to sign in again
        }
    }

    private boolean isOurs(String host) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon >= 0
                && host.substring(colon + 1).chars().allMatch(letter -> letter >= '0' && letter <= '9')
                && !host.endsWith("]");
        String name = hasPort ? host.substring(0, colon) : host;
        return hosts.contains(name) || ADDRESS.matcher(name).matches(); // rebinding needs a name
    }

    /** A browser says where a request comes from; a program need not, unless it travels on a cookie. */
    private static void mustComeFromHere(ServerRequestHeaders headers, String host, boolean hasCookie) {
        Optional<String> site = headers.first(FETCH_SITE);
        Optional<String> origin = headers.first(HeaderNames.ORIGIN);
        boolean isForeign = site.filter(it -> !it.equals("same-origin") && !it.equals("none"))
                        .isPresent()
                || origin.filter(it -> !it.equals("http://" + host) && !it.equals("https://" + host))
                        .isPresent();
        if (isForeign || hasCookie && site.isEmpty() && origin.isEmpty()) {
            throw Problem.of(Problem.Kind.DENIED, "this request was sent by a page of another site");
        }
    }

    /** In the words of whoever was asked: the Open Inference Protocol has its own shape of an error. */
    private static void refuse(UriPath path, RoutingResponse response, Problem problem, String id) {
        if (!path.path().startsWith("/v2/")) {
            ProblemJson.send(response, problem, id);
        } else if (!response.isSent()) {
            Problem told = ProblemJson.problem(problem);
            response.status(told.kind().status());
            response.header(HeaderNames.CONTENT_TYPE, "application/json");
            response.send(Json.bytes(Map.of("error", told.detail())));
        }
    }

    private void tell(RoutingRequest request, RoutingResponse response, Actor actor, String id, long nanos) {
        String path = request.path().path();
        String what = request.context()
                .get(Operation.class)
                .map(operation -> operation.name())
                .orElseGet(() -> path.startsWith("/v2/") ? "infer" : "page");
        int status = response.status().code();
        traffic.count(what, status, nanos);
        if (LOG.isLoggable(Level.DEBUG) || !what.equals("infer") && LOG.isLoggable(Level.INFO)) {
            LOG.log(
                    what.equals("infer") || what.equals("page") ? Level.DEBUG : Level.INFO,
                    "{0}",
                    Map.of(
                            "request_id", id,
                            "operation", what,
                            "status", status,
                            "principal", actor.principal(),
                            "millis", nanos / 1_000_000));
        }
    }

    private static String address(RoutingRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress peer && peer.getAddress() != null
                ? peer.getAddress().getHostAddress()
                : request.remotePeer().host();
    }
}
