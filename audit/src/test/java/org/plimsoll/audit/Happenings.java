package org.plimsoll.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Actor;
import org.plimsoll.store.Database;
import org.plimsoll.store.Events;

/** Makes things happen. */
final class Happenings {

    private Happenings() {}

    /** Appends events and waits for their positions, which PostgreSQL gives after the commit. */
    static List<String> happen(Database database, int events) throws InterruptedException {
        long before = database.read(Events::last);
        List<String> ids = database.write(Actor.SYSTEM, tx -> {
                    List<String> appended = new ArrayList<>();
                    for (int i = 0; i < events; i++) {
                        appended.add(tx.append("thing.happened", "thing/" + i, Map.of("n", i, "text", "«ü» \n 1.0")));
                    }
                    return appended;
                })
                .value();
        long seen = -1;
        while (database.read(Events::last) < before + events) {
            seen = database.commits().await(seen, Duration.ofMillis(20));
        }
        return ids;
    }
}
