package org.plimsoll.reports;

import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Room.room;

import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Room;

/** What anyone can ask of the reports. */
public final class ReportsOperations {

    private ReportsOperations() {}

    /** The leadership page as it stands now. */
    public record ShowLeadership() implements Request<Leadership> {
        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    public static final Room<LeadershipPage> ROOM = room("reports", LeadershipPage.class)
            .read("report.leadership", "GET /report", READERS, ShowLeadership.class, LeadershipPage::show);
}
