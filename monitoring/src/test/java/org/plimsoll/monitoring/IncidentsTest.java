package org.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Role;
import org.plimsoll.core.Actor;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Event;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.data.Query;
import org.plimsoll.monitoring.Crossing.Kind;
import org.plimsoll.monitoring.Crossing.Severity;
import org.plimsoll.monitoring.Incident.Cause;
import org.plimsoll.monitoring.Incident.State;
import org.plimsoll.monitoring.IncidentOperations.AcknowledgeIncident;
import org.plimsoll.monitoring.IncidentOperations.AnnotateIncident;
import org.plimsoll.monitoring.IncidentOperations.CloseIncident;
import org.plimsoll.monitoring.IncidentOperations.IncidentView;
import org.plimsoll.monitoring.IncidentOperations.ListIncidents;
import org.plimsoll.monitoring.IncidentOperations.ShowIncident;
import org.plimsoll.monitoring.RetrainingOperations.ListRetrainings;
import org.plimsoll.predictions.FilePredictionLog;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Obligation;
import org.plimsoll.registry.RegistryOperations;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.Team;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Versions;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.ServingOperations;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.Events;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Worker;

@EachDatabase
class IncidentsTest {

    private static final EndpointName LATE = new EndpointName("late-arrival");
    private static final LocalDate DAY = LocalDate.of(2001, 4, 1);

    @Parameter
    Databases databases;

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private Database database;
    private Team team;
    private Incidents incidents;
    private Response response;
    private Worker worker;
    private FilePredictionLog log;
    private Operations mira;
    private String miraId;
    private String deputyId;
    private String ownerId;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
        var blobs = new FileBlobStore(folder.resolve("blobs"));
        var models = new Models();
        var endpoints = new Endpoints();
        var execution = Execution.in(folder, ScoringConfig.DEFAULT);
        var versions = new Versions(models, blobs, folder.resolve("scratch"), execution);
        var retrainings = new Retrainings(endpoints, versions, _ -> 0);
        incidents = new Incidents(endpoints, retrainings);
        log = new FilePredictionLog(folder.resolve("predictions"), FilePredictionLog.Limits.USUAL, clock);
        var windows = new Windows(endpoints, _ -> 0, Harbour.NOTHING_APPROVED, incidents);
        response = new Response(
                database,
                models,
                versions,
                windows,
                incidents,
                new Investigation(
                        database,
                        windows,
                        versions,
                        log,
                        blobs,
                        Query.standard(folder.resolve("query")),
                        folder.resolve("scratch"),
                        execution),
                IncidentsConfig.DEFAULT);
        team = new Team(
                database,
                clock,
                List.of(
                        RegistryOperations.MODELS,
                        ServingOperations.ENDPOINTS,
                        IncidentOperations.ROOM,
                        RetrainingOperations.ROOM),
                List.of(models, endpoints, incidents, retrainings));
        worker = new Worker(database, "test", List.of(response.investigate(), response.escalate()), 1);
        ownerId = team.person("ben");
        deputyId = team.person("dana");
        miraId = team.person("mira", Role.VIEWER);
        Operations ana = team.signedIn(team.person("ana", Role.DATA_SCIENTIST, Role.ML_ENGINEER));
        ana.perform(new CreateModel(
                new ModelName("late-arrival"),
                Tier.T3,
                "Late?",
                Optional.of("ben"),
                Optional.of("dana"),
                List.of("mira")));
        ana.perform(new CreateEndpoint(
                LATE,
                new EnvironmentName("production"),
                new ModelName("late-arrival"),
                Optional.empty(),
                Optional.empty()));
        mira = team.signedIn(miraId);
    }

    @AfterEach
    void close() {
        team.close();
        log.close();
        database.close();
    }

    private static Crossing crossing(Kind kind, Severity severity, String column, double share) {
        return new Crossing(
                kind,
                severity,
                kind == Kind.PERFORMANCE ? "auc" : "drift",
                column.isEmpty() ? Optional.empty() : Optional.of(column),
                Optional.empty(),
                Optional.empty(),
                Optional.of(0.3),
                Optional.of(0.1),
                DAY,
                share,
                Optional.of(Obligation.Page.ON_CALL),
                column + " is beyond its bound.");
    }

    private static Crossing alarm(Kind kind, String column) {
        return crossing(kind, Severity.ALARM, column, 0.8);
    }

    private void judge(LocalDate day, Window.State state, long revision, Crossing... crossings) {
        Window window = new Window(
                LATE,
                day,
                day.atStartOfDay(ZoneOffset.UTC).toInstant(),
                day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                state,
                revision,
                Optional.empty(),
                List.of(),
                100,
                0,
                crossings.length == 0 ? Verdict.PASS : Verdict.HARM,
                List.of(),
                List.of(),
                List.of(crossings),
                clock.instant());
        database.write(Actor.SYSTEM, tx -> {
            incidents.opened(tx, window, List.of(crossings));
            return day;
        });
    }

    private void close(LocalDate day, Crossing... crossings) {
        judge(day, Window.State.CLOSED, 1, crossings);
    }

    private void work() {
        while (worker.runOne()) {
            // there is more
        }
    }

    private List<Incident> all() {
        return mira.perform(new ListIncidents(Optional.empty(), Optional.empty()))
                .incidents();
    }

    private List<String> told(long incident) {
        return database.read(db -> Events.about(db, "incident/" + incident, 50)).reversed().stream()
                .map(Event::type)
                .toList();
    }

    @Test
    void window_withWarningsOnly_opensNothing() {
        close(DAY, crossing(Kind.INPUT_DRIFT, Severity.WARNING, "distance", 0.5));

        assertThat(all()).isEmpty();
    }

    @Test
    void alarms_ofOneCause_areOneIncident_andFurtherWindowsAddToIt() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"), alarm(Kind.OUTPUT_DRIFT, "probability"));
        for (int day = 1; day < 20; day++) {
            close(DAY.plusDays(day), alarm(Kind.INPUT_DRIFT, "distance"));
            close(DAY.plusDays(day), alarm(Kind.INPUT_DRIFT, "distance")); // judged again
        }
        close(DAY.plusDays(20), alarm(Kind.OUTPUT_DRIFT, "probability"));

        assertThat(all()).hasSize(1);
        Incident incident = all().getFirst();
        assertThat(incident.cause()).isEqualTo(Cause.INPUTS);
        assertThat(incident.since()).isEqualTo(DAY);
        assertThat(incident.days()).hasSize(21);
        assertThat(incident.crossings()).hasSize(2);
        assertThat(incident.share()).isEqualTo(0.8);
    }

    @Test
    void causes_differ_andSoDoTheirIncidents() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        judge(DAY, Window.State.MATURE, 2, alarm(Kind.PERFORMANCE, ""));
        judge(DAY.plusDays(1), Window.State.MATURE, 2, alarm(Kind.NO_OUTCOMES, ""));
        close(DAY.plusDays(2), alarm(Kind.NO_DATA, ""));

        assertThat(all())
                .extracting(Incident::cause)
                .containsExactlyInAnyOrder(Cause.INPUTS, Cause.PERFORMANCE, Cause.TRUTHS, Cause.TRAFFIC);
    }

    /** Input drift by itself never makes a model anew. */
    @Test
    void inputDrift_ordersNoRetraining() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"), alarm(Kind.DATA, "hour"));

        assertThat(mira.perform(new ListRetrainings(Optional.empty())).retrainings())
                .isEmpty();
    }

    @Test
    void incident_closed_opensAgainForALaterDay_butNotForADayItWasAbout() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        mira.perform(new CloseIncident(1, "The feed was mended."));
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        assertThat(all()).hasSize(1);

        close(DAY.plusDays(3), alarm(Kind.INPUT_DRIFT, "distance"));
        assertThat(all()).extracting(Incident::number).containsExactly(2L, 1L);
    }

    @Test
    void window_thatDoesNotCrossAnyMore_isNoted_andTheIncidentStaysOpen() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        close(DAY.plusDays(1));

        assertThat(all().getFirst().recovered()).contains(DAY.plusDays(1));
        assertThat(all().getFirst().state()).isEqualTo(State.OPEN);
        close(DAY.plusDays(2), alarm(Kind.INPUT_DRIFT, "distance"));
        assertThat(all().getFirst().recovered()).isEmpty();
    }

    @Test
    void incident_isLookedIntoAndPagesWhoIsOnCallThen_thenTheDeputy_thenTheOwner() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        work();
        Incident paged = all().getFirst();
        assertThat(paged.paged()).containsExactly(miraId);
        assertThat(paged.suspects()).isNotEmpty();
        assertThat(paged.answerBy()).contains(clock.instant().plus(Duration.ofMinutes(30)));

        clock.advance(Duration.ofMinutes(29));
        work();
        assertThat(all().getFirst().paged()).containsExactly(miraId);
        clock.advance(Duration.ofMinutes(1));
        work();
        assertThat(all().getFirst().paged()).containsExactly(miraId, deputyId);
        clock.advance(Duration.ofMinutes(30));
        work();
        assertThat(all().getFirst().paged()).containsExactly(miraId, deputyId, ownerId);
        clock.advance(Duration.ofMinutes(30));
        work();
        assertThat(told(1))
                .containsExactly(
                        "incident.opened",
                        "incident.paged",
                        "incident.escalated",
                        "incident.escalated",
                        "incident.unanswered");
    }

    @Test
    void incident_acknowledged_pagesNobodyElse() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        work();
        IncidentView view = mira.perform(new AcknowledgeIncident(1, Optional.of("On it.")));
        assertThat(view.incident().state()).isEqualTo(State.ACKNOWLEDGED);
        assertThat(view.names()).containsEntry(miraId, "mira");

        clock.advance(Duration.ofHours(3));
        work();
        assertThat(all().getFirst().paged()).containsExactly(miraId);
        assertThatThrownBy(() -> mira.perform(new AcknowledgeIncident(1, Optional.empty())))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("mira looks at incident 1 already");
        mira.perform(new AnnotateIncident(1, "Kilometres instead of miles."));
        mira.perform(new CloseIncident(1, "The feed was mended."));
        Incident closed = mira.perform(new ShowIncident(1)).incident();
        assertThat(closed.notes()).extracting(Incident.Act::text).containsExactly("Kilometres instead of miles.");
        assertThat(closed.closed().orElseThrow().text()).isEqualTo("The feed was mended.");
        assertThat(told(1))
                .containsExactly(
                        "incident.opened",
                        "incident.paged",
                        "incident.acknowledged",
                        "incident.annotated",
                        "incident.closed");
    }

    @Test
    void strangers_mayReadAndNotAct() {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        Operations viewer = team.signedIn(team.person("vera", Role.VIEWER));

        assertThat(viewer.perform(new ShowIncident(1)).incident().number()).isEqualTo(1);
        assertThatThrownBy(() -> viewer.perform(new CloseIncident(1, "No.")))
                .isInstanceOfSatisfying(
                        Problem.class, it -> assertThat(it.kind()).isEqualTo(Problem.Kind.DENIED));
    }

    /** Whoever was killed between looking into it and paging leaves one page, not two. */
    @Test
    void nodeKilled_betweenClaimAndClosing_pagesOnce() throws Exception {
        close(DAY, alarm(Kind.INPUT_DRIFT, "distance"));
        Job job = database.read(db -> Jobs.about(db, "incident/1", 1)).getFirst();
        JobKind<Response.Look> kind = response.investigate();
        kind.work().run(job, Json.read(job.request(), Response.Look.class)); // and its node dies here

        work();
        work();

        assertThat(told(1)).containsExactly("incident.opened", "incident.paged");
    }
}
