package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Event;
import org.plimsoll.store.Events.Filter;

@EachDatabase
class EventsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final MovableClock clock = new MovableClock(NOON);

    @Parameter
    Databases databases;

    @AutoClose
    Database database;

    @BeforeEach
    void happen() {
        database = databases.fresh(clock);
        append("ana", "run.created", "run/1"); // 1, at noon
        append("ana", "run.closed", "run/1"); // 2, a minute later, and so on
        append("ben", "endpoint.published", "endpoint/late");
        append("ben", "endpoint.rolled-back", "endpoint/late");
        append("ana", "endpoints.counted", "endpoint/late"); // another noun that begins the same
    }

    private void append(String who, String type, String subject) {
        database.write(new Actor(who, Actor.Proof.SESSION, Set.of()), tx -> tx.append(type, subject, Map.of()));
        clock.advance(Duration.ofMinutes(1));
        if (database instanceof PostgresDatabase postgres) {
            postgres.sequence();
        }
    }

    private List<Long> found(Filter filter, int most) {
        return database.read(db -> Events.search(db, filter, most)).stream()
                .map(event -> event.position().orElseThrow())
                .toList();
    }

    private static Filter type(String type) {
        return new Filter(
                Optional.of(type),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void search_everything_isNewestFirstAndAtMostSoMany() {
        assertThat(found(Filter.ALL, 100)).containsExactly(5L, 4L, 3L, 2L, 1L);
        assertThat(found(Filter.ALL, 2)).containsExactly(5L, 4L);
    }

    @Test
    void search_typeOrNoun_findsExactlyThose() {
        assertThat(found(type("endpoint.*"), 100)).containsExactly(4L, 3L);
        assertThat(found(type("run.closed"), 100)).containsExactly(2L);
        assertThat(found(type("run"), 100)).isEmpty();
    }

    @Test
    void search_byWhoWhatAndWhen_allMustHold() {
        Filter anasInTheFirstTwoMinutes = new Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.of("ana"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(NOON.plusSeconds(60)),
                Optional.of(NOON.plusSeconds(240)));
        assertThat(found(anasInTheFirstTwoMinutes, 100)).containsExactly(2L);
        Filter between = new Filter(
                Optional.empty(),
                Optional.of("endpoint/late"),
                Optional.empty(),
                Optional.of(3L),
                Optional.of(5L),
                Optional.empty(),
                Optional.empty());
        assertThat(found(between, 100)).containsExactly(4L);
    }

    @Test
    void after_aPosition_givesTheRestInOrder() {
        List<Event> rest = database.read(db -> Events.after(db, 3, 10));
        assertThat(rest).extracting(Event::type).containsExactly("endpoint.rolled-back", "endpoints.counted");
        List<Event> about = database.read(db -> Events.about(db, "run/1", 10));
        assertThat(about).extracting(Event::type).containsExactly("run.closed", "run.created");
        assertThat((Long) database.read(Events::last)).isEqualTo(5);
    }
}
