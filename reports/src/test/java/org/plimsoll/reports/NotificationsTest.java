package org.plimsoll.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.AccessOperations.InvitePerson;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Role;
import org.plimsoll.audit.Followers;
import org.plimsoll.core.Actor;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Event;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.RegistryOperations;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.Team;
import org.plimsoll.registry.Tier;
import org.plimsoll.reports.ReportsOperations.ListDeliveries;
import org.plimsoll.reports.ReportsOperations.PageTested;
import org.plimsoll.reports.ReportsOperations.TestPage;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.ServingOperations;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.Events;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Worker;
import tools.jackson.databind.JsonNode;

/** Real receivers on loopback, a clock that only the test moves. */
@EachDatabase
class NotificationsTest {

    private static final EndpointName LATE = new EndpointName("late-arrival");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @Parameter
    Databases databases;

    private final MovableClock clock = new MovableClock();

    @AutoClose
    private final Receiver receiver = new Receiver();

    @AutoClose
    private final MailServer mail = new MailServer();

    private Database database;
    private Team team;
    private Notifications notifications;
    private Worker worker;
    private Operations ana;
    private String mira;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
        var models = new Models();
        var endpoints = new Endpoints();
        var config = new NotificationsConfig(
                List.of(
                        channel("pager", ChannelConfig.Kind.WEBHOOK, List.of("page.*", "note.*")),
                        channel("mail", ChannelConfig.Kind.SMTP, List.of())),
                Duration.ofHours(1));
        notifications = new Notifications(database, config, Map.of("PAGER_SECRET", SECRET), clock, models, endpoints);
        team = new Team(
                database,
                clock,
                List.of(RegistryOperations.MODELS, ServingOperations.ENDPOINTS, ReportsOperations.NOTIFICATIONS),
                List.of(models, endpoints, notifications));
        worker = new Worker(database, "test", List.of(notifications.jobKind()), 1);
        ana = team.signedIn(team.person("ana", Role.DATA_SCIENTIST, Role.ML_ENGINEER));
        mira = team.entrance
                .as(Actor.SYSTEM)
                .perform(new InvitePerson("mira", "Mira Okafor", Optional.of("mira@example.org"), List.of()))
                .principal()
                .id();
        ana.perform(new CreateModel(
                new ModelName("late-arrival"),
                Tier.T3,
                "Late?",
                Optional.of("ana"),
                Optional.empty(),
                List.of("mira")));
        ana.perform(new CreateEndpoint(
                LATE,
                new EnvironmentName("production"),
                new ModelName("late-arrival"),
                Optional.empty(),
                Optional.empty()));
    }

    @AfterEach
    void close() {
        team.close();
        database.close();
    }

    private ChannelConfig channel(String name, ChannelConfig.Kind kind, List<String> events) {
        boolean isMail = kind == ChannelConfig.Kind.SMTP;
        return new ChannelConfig(
                name,
                kind,
                events,
                isMail ? Optional.empty() : Optional.of(URI.create("http://127.0.0.1:" + receiver.port + "/in")),
                isMail ? Optional.empty() : Optional.of(new SecretReference("env:PAGER_SECRET")),
                isMail ? Optional.of("127.0.0.1") : Optional.empty(),
                isMail ? Optional.of(mail.port()) : Optional.empty(),
                isMail ? Optional.of(ChannelConfig.Security.NONE) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                isMail ? Optional.of("plimsoll@example.org") : Optional.empty(),
                isMail ? List.of("team@example.org") : List.of());
    }

    private String happen(String type) {
        String id = database.write(Actor.SYSTEM, tx -> tx.append(type, "endpoint/late-arrival", Map.of("x", 1)))
                .value();
        tellAbout(id);
        return id;
    }

    private void tellAbout(String id) {
        Event event = database.read(db -> Events.find(db, id)).orElseThrow();
        notifications.tell(event);
    }

    /** Lets this much time pass, a second at a time, with a worker that looks each second. */
    private void pass(Duration span) {
        for (long second = 0; second < span.toSeconds(); second++) {
            while (worker.runOne()) {
                // there is more
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void receiver_downForTenMinutes_getsEachMessageOnce() {
        List<String> told = List.of(happen("note.one"), happen("note.two"));
        pass(Duration.ofMinutes(9));
        String later = happen("note.three");
        pass(Duration.ofMinutes(1));
        receiver.answers(503);
        receiver.up();
        pass(Duration.ofMinutes(2));
        assertThat(receiver.accepted()).as("an answer of 503 is no yes").isEmpty();
        receiver.answers(204);

        pass(Duration.ofMinutes(2));

        assertThat(receiver.accepted()).containsExactlyInAnyOrder(told.get(0), told.get(1), later);
        assertThat(ana.perform(new ListDeliveries(Optional.empty())).deliveries())
                .extracting(Delivery::state)
                .containsOnly(Delivery.State.DELIVERED);
        pass(Duration.ofMinutes(5));
        assertThat(receiver.accepted()).hasSize(3);
    }

    /** A follower tells at least once; the receiver hears once. */
    @Test
    void event_toldAgain_isNotSentAgain() {
        receiver.up();
        String id = happen("note.one");
        pass(Duration.ofSeconds(2));
        tellAbout(id);
        pass(Duration.ofMinutes(2));

        assertThat(receiver.accepted()).containsExactly(id);
    }

    /** What cannot be known after a crash is sent again under the same id, so that the receiver can tell. */
    @Test
    void nodeKilled_betweenSendingAndClosing_sendsAgainUnderTheSameId() throws Exception {
        receiver.up();
        String id = happen("note.one");
        Job job = database.read(db -> Jobs.about(db, "channel/pager", 1)).getFirst();
        JobKind<Notifications.Deliver> kind = notifications.jobKind();
        kind.work().run(job, Json.read(job.request(), Notifications.Deliver.class)); // and its node dies here

        pass(Duration.ofMinutes(1));

        assertThat(receiver.accepted()).containsExactly(id, id);
        assertThat(receiver.taken.get(0).body()).isEqualTo(receiver.taken.get(1).body());
    }

    @Test
    void message_isACloudEventWithASignature() {
        receiver.up();
        PageTested tested = ana.perform(new TestPage(LATE));
        tellAbout(tested.event());
        pass(Duration.ofSeconds(2));

        Receiver.Taken taken = receiver.taken.getFirst();
        JsonNode event = Json.MAPPER.readTree(taken.body());
        assertThat(taken.headers().get("Content-Type")).startsWith("application/cloudevents+json");
        assertThat(event.propertyNames())
                .containsExactlyInAnyOrder(
                        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data");
        assertThat(event.path("specversion").asString()).isEqualTo("1.0");
        assertThat(event.path("type").asString()).isEqualTo("org.plimsoll.page.tested");
        assertThat(event.path("id").asString()).isEqualTo(tested.event());
        assertThat(event.path("subject").asString()).isEqualTo("endpoint/late-arrival");
        assertThat(event.path("data").path("paged").path(0).asString()).isEqualTo("Mira Okafor");
        assertThat(event.path("data")
                        .path("detail")
                        .path("paged")
                        .path("people")
                        .path(0)
                        .asString())
                .isEqualTo(mira);
        assertThat(taken.headers().get("webhook-signature"))
                .isEqualTo(WebhookSignature.of(
                        SECRET, tested.event(), taken.headers().get("webhook-timestamp"), taken.body()))
                .isNotEqualTo(WebhookSignature.of(
                        "another", tested.event(), taken.headers().get("webhook-timestamp"), taken.body()));
    }

    /** The example of the standard's own libraries (standard-webhooks, test of its reference implementations). */
    @Test
    void signature_isTheStandards() {
        assertThat(WebhookSignature.of(
                        SECRET,
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "1614265330",
                        "{\"test\": 2432232314}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void mail_goesToWhoIsPagedAndWhoAlwaysGetsIt_onceTheServerTakesIt() {
        mail.isBusy(true);
        PageTested tested = ana.perform(new TestPage(LATE));
        tellAbout(tested.event());
        pass(Duration.ofMinutes(10));
        assertThat(mail.mails).isEmpty();
        mail.isBusy(false);
        pass(Duration.ofMinutes(2));

        assertThat(mail.mails).hasSize(1);
        MailServer.Mail sent = mail.mails.getFirst();
        assertThat(sent.to()).containsExactlyInAnyOrder("mira@example.org", "team@example.org");
        assertThat(sent.header("Subject")).isEqualTo("Test page for late-arrival");
        assertThat(sent.header("Message-ID")).isEqualTo("<" + tested.event() + "@example.org>");
        assertThat(sent.content()).contains("This is a test", "Paged: Mira Okafor.");
    }

    @Test
    void message_nobodyTakes_isGivenUpAndSaid() {
        happen("note.one");
        pass(Duration.ofMinutes(63));

        assertThat(database.read(Notifications::givenUp)).hasSize(1);
        assertThat(database.read(db -> Events.about(db, "channel/pager", 10))
                        .getFirst()
                        .type())
                .isEqualTo("notification.given-up");
        receiver.up();
        pass(Duration.ofMinutes(2));
        assertThat(receiver.taken).isEmpty();
    }

    @Test
    void follower_bringsEventsByItself() throws InterruptedException {
        receiver.up();
        try (var followers = new Followers(database, "test")) {
            notifications.follow(followers);
            followers.start();
            Thread.sleep(100); // it begins with what comes after now
            String event = "";
            for (int tries = 0; tries < 200 && receiver.taken.isEmpty(); tries++) {
                if (tries % 20 == 0) {
                    event = ana.perform(new TestPage(LATE)).event();
                }
                worker.runOne();
                Thread.sleep(25);
            }
            assertThat(receiver.accepted()).isNotEmpty();
            assertThat(event).isNotEmpty();
        }
    }

    @Test
    void channels_thatCannotWork_areRefused() {
        assertThatThrownBy(() -> new SecretReference("hunter2"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("env:NAME")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> channel("Pager!", ChannelConfig.Kind.WEBHOOK, List.of()))
                .hasMessageContaining("small letters");
        assertThatThrownBy(() -> channel("pager", ChannelConfig.Kind.WEBHOOK, List.of("incidents")))
                .hasMessageContaining("incident.*");
        assertThatThrownBy(() -> new NotificationsConfig(
                        List.of(
                                channel("pager", ChannelConfig.Kind.WEBHOOK, List.of()),
                                channel("pager", ChannelConfig.Kind.SMTP, List.of())),
                        Duration.ofHours(1)))
                .hasMessageContaining("twice");
    }
}
