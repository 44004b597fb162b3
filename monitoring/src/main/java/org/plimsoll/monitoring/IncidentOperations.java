package org.plimsoll.monitoring;

import static org.plimsoll.access.Role.DATA_SCIENTIST;
import static org.plimsoll.access.Role.ML_ENGINEER;
import static org.plimsoll.access.Role.ON_CALL;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Role.VALIDATOR;
import static org.plimsoll.access.Room.room;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;

/** What anyone can ask about incidents. */
public final class IncidentOperations {

    private IncidentOperations() {}

    private interface OnIncident<R> extends Request<R> {
        long incident();

        @Override
        default Resource on() {
            return Incidents.resource(incident());
        }
    }

    /** Incidents, newest first. @param open only those that are not closed */
    public record ListIncidents(Optional<EndpointName> endpoint, Optional<Boolean> open)
            implements Request<IncidentList> {
        @Override
        public Resource on() {
            return endpoint.map(Resource::endpoint).orElse(Resource.ORGANISATION);
        }
    }

    /** One incident with everything known of it. */
    public record ShowIncident(long incident) implements OnIncident<IncidentView> {}

    /** Says that the caller looks at it; nobody else is paged then. @param note what they know so far */
    public record AcknowledgeIncident(long incident, Optional<String> note) implements OnIncident<IncidentView> {
        public AcknowledgeIncident {
            note.ifPresent(IncidentOperations::requireText);
        }
    }

    /** Writes down what was found. */
    public record AnnotateIncident(long incident, String note) implements OnIncident<IncidentView> {
        public AnnotateIncident {
            requireText(note);
        }
    }

    /** Ends it. @param reason what it was, and what was done */
    public record CloseIncident(long incident, String reason) implements OnIncident<IncidentView> {
        public CloseIncident {
            requireText(reason);
        }
    }

    /** How the inputs of a window were spread, beside the rows its version learned from. */
    public record GetDistributions(EndpointName endpoint, LocalDate day) implements Request<DistributionList> {
        @Override
        public Resource on() {
            return Resource.endpoint(endpoint);
        }
    }

    /** One for each column; empty where the window or its training rows are not there. */
    public record DistributionList(List<Distribution> distributions) {
        public DistributionList {
            distributions = List.copyOf(distributions);
        }
    }

    private static void requireText(String text) {
        if (text.isBlank() || text.length() > 4_000) {
            throw Problem.invalid("text", text.isBlank() ? "empty" : "very long", "1 to 4,000 characters");
        }
    }

    /** Incidents, newest first. @param names of the people in them, by principal id */
    public record IncidentList(List<Incident> incidents, Map<String, String> names) {}

    /** An incident. @param names of the people in it, by principal id */
    public record IncidentView(Incident incident, Map<String, String> names) {}

    private static final Set<Role> RESPOND = Set.of(ON_CALL, OWNER, VALIDATOR, ML_ENGINEER);

    public static final Room<Investigation> INVESTIGATION = room("monitoring", Investigation.class)
            .read(
                    "monitor.distributions",
                    "GET /endpoints/{endpoint}/windows/{day}/distributions",
                    READERS,
                    GetDistributions.class,
                    Investigation::distributions);

    public static final Room<Incidents> ROOM = room("monitoring", Incidents.class)
            .read("incident.list", "GET /incidents", READERS, ListIncidents.class, Incidents::list)
            .read("incident.show", "GET /incidents/{incident}", READERS, ShowIncident.class, Incidents::show)
            .change(
                    "incident.acknowledge",
                    "POST /incidents/{incident}/acknowledgement",
                    RESPOND,
                    AcknowledgeIncident.class,
                    Incidents::acknowledge)
            .change(
                    "incident.annotate",
                    "POST /incidents/{incident}/notes",
                    Set.of(ON_CALL, OWNER, VALIDATOR, ML_ENGINEER, DATA_SCIENTIST),
                    AnnotateIncident.class,
                    Incidents::annotate)
            .change(
                    "incident.close",
                    "POST /incidents/{incident}/closing",
                    Set.of(ON_CALL, OWNER, VALIDATOR),
                    CloseIncident.class,
                    Incidents::close);
}
