package org.plimsoll.monitoring;

import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Room.room;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Room;
import org.plimsoll.core.EndpointName;

/** What anyone can ask of monitoring. */
public final class MonitoringOperations {

    private MonitoringOperations() {}

    private interface OnEndpoint<R> extends Request<R> {
        EndpointName endpoint();

        @Override
        default Resource on() {
            return Resource.endpoint(endpoint());
        }
    }

    /** The judged windows of an endpoint, newest first. @param from days from this on @param until days before this @param limit at most, 200 where not given */
    public record ListWindows(
            EndpointName endpoint, Optional<LocalDate> from, Optional<LocalDate> until, Optional<Integer> limit)
            implements OnEndpoint<WindowList> {}

    /**
     * Judged windows.
     *
     * @param windows newest first
     * @param missed closed days that are still to be judged, oldest first
     * @param note what people should know of the endpoint's time
     */
    public record WindowList(List<Window> windows, List<LocalDate> missed, Optional<String> note) {
        public WindowList {
            windows = List.copyOf(windows);
            missed = List.copyOf(missed);
        }
    }

    /** One window in full. */
    public record GetWindow(EndpointName endpoint, LocalDate day) implements OnEndpoint<Window> {}

    public static final Room<Windows> WINDOWS = room("monitoring", Windows.class)
            .read("monitor.windows", "GET /endpoints/{endpoint}/windows", READERS, ListWindows.class, Windows::list)
            .read("monitor.window", "GET /endpoints/{endpoint}/windows/{day}", READERS, GetWindow.class, Windows::get);
}
