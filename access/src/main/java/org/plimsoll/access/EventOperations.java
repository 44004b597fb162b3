package org.plimsoll.access;

import static org.plimsoll.access.Room.room;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Event;
import org.plimsoll.store.Events;
import org.plimsoll.store.Reading;

/** What anyone can ask about what happened. */
public final class EventOperations {

    private static final int MOST = 1_000;

    /**
     * The newest events that match, newest first.
     *
     * @param type the whole type, or a noun and {@code .*}
     * @param subject written {@code kind/name}
     * @param actor a principal's id
     * @param after only events with a greater position
     * @param before only events with a smaller position: the next page
     * @param most how many; 100 where absent, 1,000 at most
     */
    public record SearchEvents(
            Optional<String> type,
            Optional<String> subject,
            Optional<String> actor,
            Optional<Long> after,
            Optional<Long> before,
            Optional<Instant> from,
            Optional<Instant> until,
            Optional<Integer> most)
            implements Request<List<Event>> {

        /** Everything, newest first. */
        public static SearchEvents newest(int most) {
            return new SearchEvents(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(most));
        }

        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** Answers from the event table. */
    public static final class EventDesk {

        List<Event> search(Reading db, SearchEvents request) {
            var filter = new Events.Filter(
                    request.type(),
                    request.subject(),
                    request.actor(),
                    request.after(),
                    request.before(),
                    request.from(),
                    request.until());
            return Events.search(db, filter, Math.clamp(request.most().orElse(100), 1, MOST));
        }
    }

    /** Whoever may read what happened: those who decide, those who are called at night, and the auditor. */
    static final Set<Role> LOG_READERS =
            EnumSet.of(Role.AUDITOR, Role.OWNER, Role.VALIDATOR, Role.APPROVER, Role.ON_CALL);

    public static final Room<EventDesk> ROOM = room("audit", EventDesk.class)
            .read("event.search", "GET /events", LOG_READERS, SearchEvents.class, EventDesk::search);

    private EventOperations() {}
}
