package org.plimsoll.server;

import org.plimsoll.monitoring.IncidentsConfig;
import org.plimsoll.reports.NotificationsConfig;
import org.plimsoll.scoring.ScoringConfig;

/** The settings of every room that has some; a new room with settings adds its record here. */
public record Configuration(
        ServerConfig server,
        StoreConfig store,
        ScoringConfig scoring,
        IncidentsConfig incidents,
        NotificationsConfig notifications) {

    /** Reads them all, and refuses what none of them knows. */
    public static Configuration of(Settings settings) {
        var all = new Configuration(
                settings.room("server", ServerConfig.DEFAULT),
                settings.room("store", StoreConfig.DEFAULT),
                settings.room("scoring", ScoringConfig.DEFAULT),
                settings.room("incidents", IncidentsConfig.DEFAULT),
                settings.room("notifications", NotificationsConfig.DEFAULT));
        settings.refuseUnknown();
        return all;
    }
}
