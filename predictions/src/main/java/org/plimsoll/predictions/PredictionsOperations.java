package org.plimsoll.predictions;

import static org.plimsoll.access.Room.room;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Content;
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

    /** The log joined with outcomes, as Parquet. @param from received at or after this @param until received before this */
    public record ExportPredictions(EndpointName endpoint, Optional<Instant> from, Optional<Instant> until)
            implements OnEndpoint<Content> {}

    /** How the versions of an endpoint perform, day by day and in all, where outcomes are known. */
    public record GetPerformance(EndpointName endpoint, Optional<Instant> from, Optional<Instant> until)
            implements OnEndpoint<Performance> {}

    public static final Room<Outcomes> OUTCOMES = room("predictions", Outcomes.class)
            .measure("outcome.add", "POST /endpoints/{endpoint}/outcomes", REPORTERS, AddOutcomes.class, Outcomes::add)
            .upTo(16 * MEBIBYTE);

    public static final Room<ExportedPredictions> EXPORTS = room("predictions", ExportedPredictions.class)
            .read(
                    "predictions.export",
                    "GET /endpoints/{endpoint}/predictions.parquet",
                    Role.READERS,
                    ExportPredictions.class,
                    ExportedPredictions::export);

    public static final Room<Performances> PERFORMANCE = room("predictions", Performances.class)
            .read(
                    "predictions.performance",
                    "GET /endpoints/{endpoint}/performance",
                    Role.READERS,
                    GetPerformance.class,
                    Performances::get);
}
