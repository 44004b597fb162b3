package org.plimsoll.monitoring;

import java.util.List;
import org.plimsoll.store.Transaction;

/** What follows when something crosses its bound. */
public final class Incidents {

    /** What an event tells of a crossing. */
    private record Crossed(Window.State state, long revision, List<Crossing> crossings) {}

    /**
     * A window was judged; called in the closing transaction of its job, for each revision, also when nothing crossed.
     *
     * @param crossings what crossed in this judgement, alarms first
     */
    void opened(Transaction tx, Window window, List<Crossing> crossings) {
        if (crossings.stream().anyMatch(Crossing::isAlarm)) {
            tx.append(
                    "window.crossed",
                    "endpoint/" + window.endpoint(),
                    new Crossed(window.state(), window.revision(), crossings));
        }
    }
}
