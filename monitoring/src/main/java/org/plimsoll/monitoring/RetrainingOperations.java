package org.plimsoll.monitoring;

import static org.plimsoll.access.Role.DATA_SCIENTIST;
import static org.plimsoll.access.Role.ML_ENGINEER;
import static org.plimsoll.access.Role.ON_CALL;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Room.room;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Room;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;

/** What anyone can ask about retraining. */
public final class RetrainingOperations {

    private RetrainingOperations() {}

    /** Makes the endpoint's model anew, by the plan on its champion's card. @param reason for whoever approves what comes of it */
    public record Retrain(EndpointName endpoint, String reason) implements Request<Retraining> {
        public Retrain {
            if (reason.isBlank() || reason.length() > 4_000) {
                throw Problem.invalid("reason", reason.isBlank() ? "empty" : "very long", "1 to 4,000 characters");
            }
        }

        @Override
        public Resource on() {
            return Resource.endpoint(endpoint);
        }
    }

    /** Retrainings, newest first. */
    public record ListRetrainings(Optional<EndpointName> endpoint) implements Request<RetrainingList> {
        @Override
        public Resource on() {
            return endpoint.map(Resource::endpoint).orElse(Resource.ORGANISATION);
        }
    }

    /** One retraining. */
    public record ShowRetraining(long retraining) implements Request<Retraining> {
        @Override
        public Resource on() {
            return Retrainings.resource(retraining);
        }
    }

    /** Retrainings, newest first. @param names of the people in them, by principal id */
    public record RetrainingList(List<Retraining> retrainings, Map<String, String> names) {}

    public static final Room<Retrainings> ROOM = room("monitoring", Retrainings.class)
            .change(
                    "endpoint.retrain",
                    "POST /endpoints/{endpoint}/retrainings",
                    Set.of(DATA_SCIENTIST, ML_ENGINEER, OWNER, ON_CALL),
                    Retrain.class,
                    Retrainings::retrain)
            .read("retraining.list", "GET /retrainings", READERS, ListRetrainings.class, Retrainings::list)
            .read("retraining.show", "GET /retrainings/{retraining}", READERS, ShowRetraining.class, Retrainings::show);
}
