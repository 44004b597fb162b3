package org.plimsoll.serving;

import static org.plimsoll.access.Role.ML_ENGINEER;
import static org.plimsoll.access.Role.ON_CALL;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Role.VALIDATOR;
import static org.plimsoll.access.Room.room;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;

/** What anyone can ask of serving, other than for predictions. */
public final class ServingOperations {

    private ServingOperations() {}

    private interface OnOrganisation<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    private interface OnEndpoint<R> extends Request<R> {
        EndpointName endpoint();

        @Override
        default Resource on() {
            return Resource.endpoint(endpoint());
        }
    }

    /** Adds an environment. @param position among the others; behind the last one where it is not given */
    public record CreateEnvironment(EnvironmentName name, Optional<Integer> position)
            implements OnOrganisation<Environment> {}

    /** All environments in their order. */
    public record ListEnvironments() implements OnOrganisation<List<Environment>> {}

    /**
     * Creates a serving name.
     *
     * @param time clock, where it is not given
     * @param synced answers wait for the disk; no, where it is not given
     */
    public record CreateEndpoint(
            EndpointName name,
            EnvironmentName environment,
            ModelName model,
            Optional<EndpointTime> time,
            Optional<Boolean> synced)
            implements Request<Endpoint> {
        @Override
        public Resource on() {
            return Resource.model(model);
        }
    }

    /** All endpoints with what they serve. */
    public record ListEndpoints() implements OnOrganisation<List<EndpointView>> {}

    /** One endpoint with what it serves. */
    public record ShowEndpoint(EndpointName endpoint) implements OnEndpoint<EndpointView> {}

    /** Every table an endpoint ever had, newest first. */
    public record ListTables(EndpointName endpoint) implements OnEndpoint<List<PublishedTable>> {}

    /** Lets a drained endpoint answer again. */
    public record ReopenEndpoint(EndpointName endpoint, String reason) implements OnEndpoint<PublishedTable> {}

    /** Puts the newest stable champion back, now. */
    public record Rollback(EndpointName endpoint, String reason) implements OnEndpoint<RolledBack> {}

    /** Lets the endpoint answer nobody, now. */
    public record DrainEndpoint(EndpointName endpoint, String reason) implements OnEndpoint<RolledBack> {}

    /** Lets no endpoint load this version any more, now. */
    public record QuarantineVersion(VersionId version, String reason) implements Request<Quarantined> {
        @Override
        public Resource on() {
            return Resource.model(version.model());
        }
    }

    /** What became of a quarantine. @param effects endpoints that answered with it, and what answers now */
    public record Quarantined(VersionId version, Digest artifact, List<RolledBack> effects) {}

    /** The endpoint's rollout, the newest one if none is open. */
    public record ShowRollout(EndpointName endpoint) implements OnEndpoint<RolloutView> {}

    /** A rollout and what its steps were judged by. */
    public record RolloutView(Rollout rollout, List<StepEvidence> evidence) {}

    /** Holds a rollout where it is. */
    public record PauseRollout(EndpointName endpoint, String reason) implements OnEndpoint<Rollout> {}

    /** Lets a paused rollout go on. */
    public record ResumeRollout(EndpointName endpoint, String reason) implements OnEndpoint<Rollout> {}

    private static final Set<Role> ENGINEERS = Set.of(ML_ENGINEER, OWNER);
    private static final Set<Role> RESCUERS = Set.of(ML_ENGINEER, OWNER, ON_CALL);

    /** Environments, endpoints and their tables. */
    public static final Room<Endpoints> ENDPOINTS = room("serving", Endpoints.class)
            .change(
                    "environment.create",
                    "POST /environments",
                    Set.of(OWNER, VALIDATOR),
                    CreateEnvironment.class,
                    Endpoints::createEnvironment)
            .read("environment.list", "GET /environments", READERS, ListEnvironments.class, Endpoints::environments)
            .change("endpoint.create", "POST /endpoints", ENGINEERS, CreateEndpoint.class, Endpoints::create)
            .read("endpoint.list", "GET /endpoints", READERS, ListEndpoints.class, Endpoints::list)
            .read("endpoint.show", "GET /endpoints/{endpoint}", READERS, ShowEndpoint.class, Endpoints::show)
            .read("endpoint.tables", "GET /endpoints/{endpoint}/tables", READERS, ListTables.class, Endpoints::tables)
            .change(
                    "endpoint.reopen",
                    "POST /endpoints/{endpoint}/reopening",
                    ENGINEERS,
                    ReopenEndpoint.class,
                    Endpoints::reopen);

    /** What applies first and is recorded after. */
    public static final Room<LiveEndpoints> URGENT = room("serving", LiveEndpoints.class)
            .urgent(
                    "endpoint.rollback",
                    "POST /endpoints/{endpoint}/rollback",
                    RESCUERS,
                    Rollback.class,
                    LiveEndpoints::rollback)
            .urgent(
                    "endpoint.drain",
                    "POST /endpoints/{endpoint}/drain",
                    RESCUERS,
                    DrainEndpoint.class,
                    LiveEndpoints::drain)
            .urgent(
                    "version.quarantine",
                    "POST /versions/{version}/quarantine",
                    Set.of(ML_ENGINEER, OWNER, ON_CALL, VALIDATOR),
                    QuarantineVersion.class,
                    LiveEndpoints::quarantine);

    /** Rollouts under way. */
    public static final Room<Rollouts> ROLLOUTS = room("serving", Rollouts.class)
            .read("rollout.show", "GET /endpoints/{endpoint}/rollout", READERS, ShowRollout.class, Rollouts::show)
            .change(
                    "rollout.pause",
                    "POST /endpoints/{endpoint}/rollout/pause",
                    RESCUERS,
                    PauseRollout.class,
                    Rollouts::pause)
            .change(
                    "rollout.resume",
                    "POST /endpoints/{endpoint}/rollout/resumption",
                    ENGINEERS,
                    ResumeRollout.class,
                    Rollouts::resume);
}
