package org.plimsoll.web;

import io.helidon.common.parameters.Parameters;
import io.helidon.http.HeaderNames;
import io.helidon.http.SetCookie;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.plimsoll.access.AccessOperations.SignIn;
import org.plimsoll.access.AccessOperations.SignOut;
import org.plimsoll.access.AccessOperations.SignedIn;
import org.plimsoll.access.AccessOperations.WhoAmI;
import org.plimsoll.access.Caller;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Actor;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.monitoring.Distribution;
import org.plimsoll.monitoring.IncidentOperations.AcknowledgeIncident;
import org.plimsoll.monitoring.IncidentOperations.AnnotateIncident;
import org.plimsoll.monitoring.IncidentOperations.CloseIncident;
import org.plimsoll.monitoring.IncidentOperations.GetDistributions;
import org.plimsoll.monitoring.IncidentOperations.IncidentView;
import org.plimsoll.monitoring.IncidentOperations.ListIncidents;
import org.plimsoll.monitoring.IncidentOperations.ShowIncident;
import org.plimsoll.monitoring.MonitoringOperations.ListWindows;
import org.plimsoll.monitoring.RetrainingOperations.ListRetrainings;
import org.plimsoll.monitoring.Window;
import org.plimsoll.reports.Leadership;
import org.plimsoll.reports.ReportsOperations.ShowLeadership;
import org.plimsoll.serving.ServingOperations.ListEndpoints;

/**
 * The pages. Each asks the same operations as a program would, in the name of whoever signed in, and draws their answers; forms post
 * and pages work without a script.
 */
public final class Pages implements HttpService {

    /** Where a page's session travels; no script can read it. */
    public static final String COOKIE = "plimsoll_session";

    private static final int MOST_DAYS = 180;

    private final Entrance entrance;

    public Pages(Entrance entrance) {
        this.entrance = entrance;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::overview)
                .get("/monitoring", this::endpoints)
                .get("/monitoring/{endpoint}", this::monitoring)
                .get("/incidents", this::incidents)
                .get("/incidents/{incident}", this::incident)
                .post("/incidents/{incident}/acknowledgement", this::acknowledge)
                .post("/incidents/{incident}/notes", this::annotate)
                .post("/incidents/{incident}/closing", this::closeIncident)
                .get("/sign-in", this::askToSignIn)
                .post("/sign-in", this::signIn)
                .post("/sign-out", this::signOut)
                .get(
                        "/ui/plimsoll.css",
                        (request, response) -> resource(response, "plimsoll.css", "text/css; charset=utf-8"))
                .get("/ui/mark.svg", (request, response) -> resource(response, "mark.svg", "image/svg+xml"));
    }

    private void overview(ServerRequest request, ServerResponse response) {
        Optional<Operations> operations = operations(request);
        if (operations.isEmpty()) {
            redirect(response, "/sign-in");
            return;
        }
        String who = operations.get().perform(new WhoAmI()).principal().name();
        Leadership page = operations.get().perform(new ShowLeadership());
        Html.send(response, Status.OK_200, "overview.jte", Map.of("who", who, "page", page));
    }

    // ---- monitoring and incidents ----

    private void endpoints(ServerRequest request, ServerResponse response) {
        signedIn(request, response)
                .ifPresent(it -> Html.send(
                        response,
                        Status.OK_200,
                        "endpoints.jte",
                        Map.of("who", name(it), "endpoints", it.perform(new ListEndpoints()))));
    }

    private void monitoring(ServerRequest request, ServerResponse response) {
        signedIn(request, response).ifPresent(it -> {
            EndpointName endpoint =
                    new EndpointName(request.path().pathParameters().get("endpoint"));
            List<Window> windows = it.perform(
                            new ListWindows(endpoint, Optional.empty(), Optional.empty(), Optional.of(MOST_DAYS)))
                    .windows();
            List<Distribution> spread = windows.isEmpty()
                    ? List.of()
                    : it.perform(new GetDistributions(
                                    endpoint, windows.getFirst().day()))
                            .distributions();
            Watching watching = Watching.of(
                    endpoint,
                    windows,
                    it.perform(new ListIncidents(Optional.of(endpoint), Optional.of(true)))
                            .incidents(),
                    it.perform(new ListRetrainings(Optional.of(endpoint))).retrainings().stream()
                            .findFirst(),
                    spread);
            Html.send(response, Status.OK_200, "monitoring.jte", Map.of("who", name(it), "it", watching));
        });
    }

    private void incidents(ServerRequest request, ServerResponse response) {
        signedIn(request, response)
                .ifPresent(it -> Html.send(
                        response,
                        Status.OK_200,
                        "incidents.jte",
                        Map.of(
                                "who",
                                name(it),
                                "found",
                                it.perform(new ListIncidents(Optional.empty(), Optional.empty())))));
    }

    private void incident(ServerRequest request, ServerResponse response) {
        signedIn(request, response)
                .ifPresent(it -> incidentPage(it, response, number(request), Status.OK_200, Optional.empty()));
    }

    private static void incidentPage(
            Operations operations, ServerResponse response, long number, Status status, Optional<String> wrong) {
        IncidentView view = operations.perform(new ShowIncident(number));
        Html.send(response, status, "incident.jte", Map.of("who", name(operations), "view", view, "wrong", wrong));
    }

    private void acknowledge(ServerRequest request, ServerResponse response) {
        act(
                request,
                response,
                form -> new AcknowledgeIncident(
                        number(request), form.first("note").asOptional().filter(note -> !note.isBlank())));
    }

    private void annotate(ServerRequest request, ServerResponse response) {
        act(
                request,
                response,
                form -> new AnnotateIncident(number(request), form.first("note").orElse("")));
    }

    private void closeIncident(ServerRequest request, ServerResponse response) {
        act(
                request,
                response,
                form -> new CloseIncident(number(request), form.first("reason").orElse("")));
    }

    /** Does what the form asks, and shows the incident again: with the reason where it could not be done. */
    private void act(
            ServerRequest request,
            ServerResponse response,
            Function<Parameters, org.plimsoll.access.Request<IncidentView>> asked) {
        Optional<Operations> operations = signedIn(request, response);
        if (operations.isEmpty()) {
            return;
        }
        try {
            operations.get().perform(asked.apply(request.content().as(Parameters.class)));
            redirect(response, "/incidents/" + number(request));
        } catch (Problem wrong) {
            incidentPage(
                    operations.get(),
                    response,
                    number(request),
                    Status.create(wrong.kind().status()),
                    Optional.of(wrong.detail()));
        }
    }

    private static long number(ServerRequest request) {
        String text = request.path().pathParameters().get("incident");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.notFound("incident", text);
        }
    }

    private static String name(Operations operations) {
        return operations.perform(new WhoAmI()).principal().name();
    }

    /** The one way in for whoever signed in; everybody else is sent to do so. */
    private Optional<Operations> signedIn(ServerRequest request, ServerResponse response) {
        Optional<Operations> operations = operations(request);
        if (operations.isEmpty()) {
            redirect(response, "/sign-in");
        }
        return operations;
    }

    /** With {@code ?token=…}, as {@code plimsoll up} prints it on a home of one person, it signs in at once. */
    private void askToSignIn(ServerRequest request, ServerResponse response) {
        Optional<String> token = request.query().first("token").asOptional();
        if (token.isPresent()) {
            response.headers().addCookie(cookie(token.get()).build());
            redirect(response, "/");
            return;
        }
        signInPage(response, Status.OK_200, "", Optional.empty());
    }

    private void signIn(ServerRequest request, ServerResponse response) {
        Parameters form = request.content().as(Parameters.class);
        String login = form.first("login").orElse("").strip();
        try {
            SignedIn session = entrance.as(Actor.ANONYMOUS)
                    .perform(new SignIn(login, form.first("password").orElse("")));
            response.headers().addCookie(cookie(session.token()).build());
            redirect(response, "/");
        } catch (Problem wrong) {
            signInPage(response, Status.create(wrong.kind().status()), login, Optional.of(wrong.detail()));
        }
    }

    private void signOut(ServerRequest request, ServerResponse response) {
        request.headers()
                .cookies()
                .first(COOKIE)
                .asOptional()
                .ifPresent(token -> entrance.as(Actor.ANONYMOUS).perform(new SignOut(token)));
        response.headers().addCookie(cookie("").maxAge(java.time.Duration.ZERO).build());
        redirect(response, "/sign-in");
    }

    private Optional<Operations> operations(ServerRequest request) {
        return request.context()
                .get(Caller.class)
                .map(Caller::actor)
                .filter(actor -> actor.proof() != Actor.Proof.ANONYMOUS)
                .map(entrance::as);
    }

    private static void signInPage(ServerResponse response, Status status, String login, Optional<String> wrong) {
        Html.send(response, status, "signIn.jte", Map.of("login", login, "wrong", wrong));
    }

    private static SetCookie.Builder cookie(String token) {
        return SetCookie.builder(COOKIE, token).path("/").httpOnly(true).sameSite(SetCookie.SameSite.LAX);
    }

    private static void redirect(ServerResponse response, String to) {
        response.status(Status.SEE_OTHER_303);
        response.header(HeaderNames.LOCATION, to);
        response.send();
    }

    private static void resource(ServerResponse response, String name, String mediaType) throws IOException {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw Problem.notFound("resource", name);
            }
            response.header(HeaderNames.CONTENT_TYPE, mediaType);
            response.header(HeaderNames.CACHE_CONTROL, "max-age=3600");
            response.send(in.readAllBytes());
        }
    }
}
