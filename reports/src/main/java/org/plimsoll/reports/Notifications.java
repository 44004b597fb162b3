package org.plimsoll.reports;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Principals;
import org.plimsoll.audit.Followers;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Event;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.monitoring.Paged;
import org.plimsoll.registry.Contacts;
import org.plimsoll.registry.Models;
import org.plimsoll.reports.ReportsOperations.DeliveryList;
import org.plimsoll.reports.ReportsOperations.ListDeliveries;
import org.plimsoll.reports.ReportsOperations.PageTested;
import org.plimsoll.reports.ReportsOperations.TestPage;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.store.Database;
import org.plimsoll.store.Ending;
import org.plimsoll.store.Events;
import org.plimsoll.store.Job;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Tells people outside of what happened, through the channels of {@code plimsoll.yaml}.
 *
 * <pre>
 *   event ──> follower (cursor on the position) ──> a row for each channel that wants it ──> job of the channel ──> Channel
 *              at least once, in order               once: (channel, event) is the key         the row due first;
 *                                                                                              taken: DELIVERED, for good
 *                                                                                              else again in 1, 2, 4 … 60 s
 * </pre>
 *
 * A message that was taken is never handed over again, unless a crash lost the answer; its id is the same then. One that nobody
 * takes is tried until {@link NotificationsConfig#giveUpAfter} and holds up no other: a channel hands over one at a time, but
 * always the one that is due first.
 */
public final class Notifications {

    static final String DELIVERED = "notification.delivered";

    private static final String JOB = "channel.deliver";
    private static final String FOLLOWER = "notifications";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int LONGEST_PROBLEM = 500;
    private static final int MOST = 200;

    private static final String COLUMNS =
            "channel, event, type, subject, state, attempts, queued_at, next_at, ended_at, problem";

    /** What the job of a channel is asked. */
    public record Deliver(String channel) {}

    /** What became of a message that nobody took. */
    private record Undelivered(String channel, String event, String type, long attempts, String problem) {}

    /** Told by an event when a page is tried out. */
    private record Tested(Paged paged) {}

    private final Database database;
    private final NotificationsConfig config;
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Models models;
    private final Endpoints endpoints;

    /** @param environment where {@code env:} references are looked up */
    public Notifications(
            Database database,
            NotificationsConfig config,
            Map<String, String> environment,
            Clock clock,
            Models models,
            Endpoints endpoints) {
        this.database = database;
        this.config = config;
        this.models = models;
        this.endpoints = endpoints;
        for (ChannelConfig one : config.channels()) {
            channels.put(
                    one.name(),
                    switch (one.kind()) {
                        case WEBHOOK -> new WebhookChannel(one, environment, clock);
                        case SMTP -> new SmtpChannel(one, environment);
                    });
        }
    }

    /** Follows the events, where there is anybody to tell. */
    public void follow(Followers followers) {
        if (!channels.isEmpty()) {
            followers.follow(FOLLOWER, Followers.Beginning.NOW, this::tell);
        }
    }

    /** The job that hands messages over. */
    public JobKind<Deliver> jobKind() {
        return new JobKind<>(JOB, Deliver.class, this::deliver);
    }

    /** Notes for each channel that wants it that this event is to be told. */
    void tell(Event event) {
        List<ChannelConfig> wanting = config.channels().stream()
                .filter(channel -> channel.wants(event.type()))
                .toList();
        if (wanting.isEmpty()) {
            return;
        }
        database.write(Actor.SYSTEM, tx -> {
            for (ChannelConfig channel : wanting) {
                int isNew = tx.sql()
                        .createUpdate("""
                                INSERT INTO delivery (channel, event, type, subject, state, attempts, queued_at, next_at)
                                VALUES (:channel, :event, :type, :subject, 'WAITING', 0, :now, :now)
                                ON CONFLICT (channel, event) DO NOTHING""")
                        .bind("channel", channel.name())
                        .bind("event", event.id())
                        .bind("type", event.type())
                        .bind("subject", event.subject())
                        .bind("now", tx.now())
                        .execute();
                if (isNew == 1) {
                    Jobs.queueOnce(tx, JOB, "channel/" + channel.name(), new Deliver(channel.name()), tx.instant());
                }
            }
            return wanting.size();
        });
    }

    // ---- handing over ----

    private record Next(Delivery delivery, Message message) {}

    private JobKind.Closing deliver(Job job, Deliver request) {
        Channel channel = channels.get(request.channel());
        if (channel == null) {
            return tx -> Ending.failed("channel " + request.channel() + " is no longer in plimsoll.yaml");
        }
        Optional<Next> next = database.read(db -> due(db, request.channel()).map(it -> new Next(it, message(db, it))));
        if (next.isEmpty()) {
            return tx -> after(tx, request.channel());
        }
        Delivery delivery = next.get().delivery();
        Optional<String> problem = hand(channel, next.get().message());
        return tx -> {
            problem.ifPresentOrElse(it -> failed(tx, delivery, it), () -> taken(tx, delivery));
            return after(tx, request.channel());
        };
    }

    private static Optional<String> hand(Channel channel, Message message) {
        try {
            channel.send(message);
            return Optional.empty();
        } catch (IOException | Problem e) {
            String why = e instanceof Problem problem ? problem.detail() : String.valueOf(e.getMessage());
            String text = e.getMessage() == null ? e.getClass().getSimpleName() : why;
            return Optional.of(text.substring(0, Math.min(text.length(), LONGEST_PROBLEM)));
        }
    }

    private static Optional<Delivery> due(Reading db, String channel) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + """
                         FROM delivery
                        WHERE channel = :channel AND state = 'WAITING' AND next_at <= :now ORDER BY next_at, event LIMIT 1""")
                .bind("channel", channel)
                .bind("now", db.now())
                .mapTo(Delivery.class)
                .findOne();
    }

    /** The channel's job goes on while there is something to hand over. */
    private static Ending after(Transaction tx, String channel) {
        return tx.sql()
                .createQuery("SELECT min(next_at) FROM delivery WHERE channel = :channel AND state = 'WAITING'")
                .bind("channel", channel)
                .mapTo(Instant.class)
                .findOne()
                .map(Ending::again)
                .orElseGet(() -> Ending.done(new Deliver(channel)));
    }

    private static void taken(Transaction tx, Delivery delivery) {
        end(tx, delivery, Delivery.State.DELIVERED, Optional.empty());
        tx.append(DELIVERED, "channel/" + delivery.channel(), Map.of("event", delivery.event()));
    }

    private void failed(Transaction tx, Delivery delivery, String problem) {
        if (tx.instant().isAfter(delivery.queuedAt().plus(config.giveUpAfter()))) {
            end(tx, delivery, Delivery.State.GIVEN_UP, Optional.of(problem));
            tx.append(
                    "notification.given-up",
                    "channel/" + delivery.channel(),
                    new Undelivered(
                            delivery.channel(), delivery.event(), delivery.type(), delivery.attempts() + 1, problem));
            return;
        }
        tx.sql()
                .createUpdate("""
                        UPDATE delivery SET attempts = attempts + 1, next_at = :next, problem = :problem
                        WHERE channel = :channel AND event = :event AND state = 'WAITING'""")
                .bind("next", tx.now() + pauseAfter(delivery.attempts() + 1).toMillis())
                .bind("problem", problem)
                .bind("channel", delivery.channel())
                .bind("event", delivery.event())
                .execute();
    }

    private static void end(Transaction tx, Delivery delivery, Delivery.State state, Optional<String> problem) {
        tx.sql()
                .createUpdate("""
                        UPDATE delivery SET state = :state, attempts = attempts + 1, ended_at = :now, problem = :problem
                        WHERE channel = :channel AND event = :event AND state = 'WAITING'""")
                .bind("state", state)
                .bind("now", tx.now())
                .bind("problem", problem)
                .bind("channel", delivery.channel())
                .bind("event", delivery.event())
                .execute();
    }

    /** 1, 2, 4, … at most 60 seconds: who was down for long hears within a minute of coming back. */
    static Duration pauseAfter(long attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    // ---- what is said ----

    /** Names and addresses are looked up as the message goes out: an event holds neither. */
    static Message message(Reading db, Delivery delivery) {
        Event event = Events.find(db, delivery.event()).orElseThrow();
        Optional<Paged> paged = paged(event.detail());
        List<String> names = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (String person : paged.map(Paged::people).orElse(List.of())) {
            names.add(Principals.name(db, person));
            Principals.find(db, person).email().ifPresent(addresses::add);
        }
        String title = paged.map(Paged::title).orElse(event.type() + ": " + event.subject());
        List<String> lines = new ArrayList<>();
        lines.add(paged.map(Paged::says).orElse(title));
        if (!names.isEmpty()) {
            lines.add("Paged: " + String.join(", ", names) + ".");
        }
        lines.add("By " + Principals.name(db, event.actor()) + ", " + event.at() + ", event " + event.id() + ".");
        return new Message(
                event.id(),
                event.type(),
                event.subject(),
                event.at(),
                title,
                String.join("\n", lines) + "\n",
                names,
                addresses,
                event.detail());
    }

    private static Optional<Paged> paged(JsonNode detail) {
        JsonNode paged = detail.path("paged");
        if (!paged.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.MAPPER.treeToValue(paged, Paged.class));
        } catch (JacksonException e) {
            throw new IllegalStateException("an event's `paged` is not one", e);
        }
    }

    // ---- asked ----

    /** Pages whoever would be paged about this endpoint now, so that a pager that does not work is found by day. */
    PageTested test(Transaction tx, TestPage request) {
        if (channels.isEmpty()) {
            throw Problem.refused(
                    "there is no channel to page anybody by; add one to plimsoll.yaml, notifications: channels:");
        }
        Contacts contacts =
                models.get(tx, endpoints.get(tx, request.endpoint()).model()).contacts();
        List<String> people = contacts.onCall().isEmpty()
                ? contacts.owner().stream().toList()
                : contacts.onCall().subList(0, 1);
        if (people.isEmpty()) {
            throw Problem.refused("nobody is on call for " + request.endpoint()
                    + " and nobody owns its model; name them with plimsoll model change");
        }
        String event = tx.append(
                ChannelConfig.TEST,
                "endpoint/" + request.endpoint(),
                new Tested(new Paged(
                        people,
                        "Test page for " + request.endpoint(),
                        "This is a test: nothing is wrong with " + request.endpoint() + ".")));
        return new PageTested(event, people, Principals.names(tx, people), List.copyOf(channels.keySet()));
    }

    DeliveryList list(Reading db, ListDeliveries request) {
        String where = request.event().isPresent() ? " WHERE event = :event" : "";
        var query = db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM delivery" + where
                        + " ORDER BY queued_at DESC, event DESC, channel LIMIT " + MOST);
        request.event().ifPresent(event -> query.bind("event", event));
        return new DeliveryList(query.mapTo(Delivery.class).list());
    }

    /** Messages that nobody took for too long, newest first. */
    static List<Delivery> givenUp(Reading db) {
        return db.sql()
                .createQuery(
                        "SELECT " + COLUMNS + " FROM delivery WHERE state = 'GIVEN_UP' ORDER BY ended_at DESC LIMIT 10")
                .mapTo(Delivery.class)
                .list();
    }
}
