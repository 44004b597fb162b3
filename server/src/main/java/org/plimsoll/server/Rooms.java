package org.plimsoll.server;

import java.util.List;
import org.plimsoll.access.AccessOperations;
import org.plimsoll.access.AuditOperations;
import org.plimsoll.access.BlobOperations;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.EventOperations;
import org.plimsoll.access.JobOperations;
import org.plimsoll.access.Room;
import org.plimsoll.data.DataOperations;
import org.plimsoll.gates.GatesOperations;
import org.plimsoll.governance.GovernanceOperations;
import org.plimsoll.monitoring.IncidentOperations;
import org.plimsoll.monitoring.MonitoringOperations;
import org.plimsoll.monitoring.RetrainingOperations;
import org.plimsoll.predictions.PredictionsOperations;
import org.plimsoll.registry.RegistryOperations;
import org.plimsoll.reports.ReportsOperations;
import org.plimsoll.serving.ServingOperations;
import org.plimsoll.tracking.TrackingOperations;

/** Everything that can be asked, from the ground floor up. */
public final class Rooms {

    public static final List<Room<?>> ALL = List.of(
            BlobOperations.ROOM,
            JobOperations.ROOM,
            EventOperations.ROOM,
            AuditOperations.ROOM,
            AccessOperations.PRINCIPALS,
            AccessOperations.CREDENTIALS,
            DataOperations.ROOM,
            TrackingOperations.EXPERIMENTS,
            TrackingOperations.RUNS,
            TrackingOperations.ARTIFACTS,
            TrackingOperations.LINEAGE,
            PredictionsOperations.OUTCOMES,
            PredictionsOperations.EXPORTS,
            PredictionsOperations.PERFORMANCE,
            RegistryOperations.MODELS,
            RegistryOperations.VERSIONS,
            GatesOperations.POLICIES,
            GatesOperations.REPORTS,
            ServingOperations.ENDPOINTS,
            ServingOperations.URGENT,
            ServingOperations.ROLLOUTS,
            GovernanceOperations.JUDGEMENTS,
            GovernanceOperations.CANDIDATES,
            GovernanceOperations.PROMOTIONS,
            GovernanceOperations.FINDINGS,
            MonitoringOperations.WINDOWS,
            IncidentOperations.INVESTIGATION,
            IncidentOperations.ROOM,
            RetrainingOperations.ROOM,
            ReportsOperations.NOTIFICATIONS,
            ReportsOperations.ROOM);

    /** The catalogue of all of it; the client reads the same one. */
    public static final Catalogue CATALOGUE = new Catalogue(ALL);

    private Rooms() {}
}
