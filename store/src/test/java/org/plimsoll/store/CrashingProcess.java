package org.plimsoll.store;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;

/**
 * A process that writes until it is killed, or until its disk fails. It prints {@code ack ID} once a write was acknowledged,
 * {@code refused KIND} when one was not.
 */
final class CrashingProcess {

    record Count(String run) {}

    private CrashingProcess() {}

    static final JobKind<Count> COUNTING = new JobKind<>("run.count", Count.class, (job, request) -> tx -> {
        tx.append("run.counted", "run/" + request.run(), request);
        return Ending.done(request);
    });

    /** @param arguments the database's file; how many threads write; how many bytes each event has */
    public static void main(String[] arguments) throws Exception {
        var clock = Clock.systemUTC();
        var database = SqliteDatabase.open(Path.of(arguments[0]), clock);
        var worker = new Worker(database, "crashing", List.of(COUNTING), 2);
        worker.start();
        String padding = "x".repeat(Integer.parseInt(arguments[2]));
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            Thread.ofPlatform().start(() -> writeOn(database, padding));
        }
    }

    private static void writeOn(Database database, String padding) {
        int refused = 0;
        while (refused < 3) {
            String run = Ids.next();
            try {
                database.write(Actor.SYSTEM, tx -> {
                    Pins.keep(tx, Digest.of(run), "run/" + run);
                    tx.append("run.created", "run/" + run, Map.of("padding", padding));
                    return Jobs.queue(tx, "run.count", "run/" + run, new Count(run), tx.instant());
                });
                say("ack " + run);
            } catch (Problem problem) {
                refused++;
                long events = database.read(Events::last); // reads go on
                say("refused " + problem.kind() + " after " + events);
            }
        }
        Runtime.getRuntime().halt(7);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
