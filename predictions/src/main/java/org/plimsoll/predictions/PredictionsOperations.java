package org.plimsoll.predictions;

import static org.plimsoll.access.Room.room;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.Outcomes.OutcomesAdded;

/** What anyone can ask of outcomes. */
public final class PredictionsOperations {

    /** The most outcomes one request carries. */
    public static final int MOST_OUTCOMES = 10_000;

    private static final long MEBIBYTE = 1 << 20;

    /** Whoever brings the truth: programs, and the people who build. */
    private static final Set<Role> REPORTERS =
            EnumSet.of(Role.SERVICE, Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OWNER, Role.ON_CALL);

    private PredictionsOperations() {}

    private interface OnEndpoint<R> extends Request<R> {
        EndpointName endpoint();

        @Override
        default Resource on() {
            return Resource.endpoint(endpoint());
        }
    }

    /** Tells what came true of predicted rows; the first truth of a row stands. */
    public record AddOutcomes(EndpointName endpoint, List<Outcome> outcomes) implements OnEndpoint<OutcomesAdded> {

        public AddOutcomes {
            outcomes = List.copyOf(outcomes);
            if (outcomes.size() > MOST_OUTCOMES) {
                throw Problem.invalid("outcomes", outcomes.size() + " of them", "at most " + MOST_OUTCOMES);
            }
        }
    }

    public static final Room<Outcomes> ROOM = room("predictions", Outcomes.class)
            .measure("outcome.add", "POST /endpoints/{endpoint}/outcomes", REPORTERS, AddOutcomes.class, Outcomes::add)
            .upTo(16 * MEBIBYTE);
}
