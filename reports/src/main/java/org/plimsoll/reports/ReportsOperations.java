package org.plimsoll.reports;

import static org.plimsoll.access.Role.ML_ENGINEER;
import static org.plimsoll.access.Role.ON_CALL;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Role.VALIDATOR;
import static org.plimsoll.access.Room.room;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Room;
import org.plimsoll.core.EndpointName;

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

    /** Pages whoever would be paged about this endpoint now, as a test. */
    public record TestPage(EndpointName endpoint) implements Request<PageTested> {
        @Override
        public Resource on() {
            return Resource.endpoint(endpoint);
        }
    }

    /** What channels were told, or are to be told, newest first; of one event where it is named. */
    public record ListDeliveries(Optional<String> event) implements Request<DeliveryList> {
        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /**
     * A page that was asked for as a test.
     *
     * @param event under which its deliveries are found
     * @param people who is paged, as principal ids
     * @param names of these people
     * @param channels that are told
     */
    public record PageTested(String event, List<String> people, Map<String, String> names, List<String> channels) {}

    /** Deliveries, newest first. */
    public record DeliveryList(List<Delivery> deliveries) {}

    public static final Room<Notifications> NOTIFICATIONS = room("reports", Notifications.class)
            .change(
                    "page.test",
                    "POST /endpoints/{endpoint}/page-tests",
                    Set.of(ML_ENGINEER, OWNER, VALIDATOR, ON_CALL),
                    TestPage.class,
                    Notifications::test)
            .read("notification.list", "GET /notifications", READERS, ListDeliveries.class, Notifications::list);

    public static final Room<LeadershipPage> ROOM = room("reports", LeadershipPage.class)
            .read("report.leadership", "GET /report", READERS, ShowLeadership.class, LeadershipPage::show);
}
