package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.serving.Served.ANA;
import static org.plimsoll.serving.Served.LATE;
import static org.plimsoll.serving.Served.version;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.serving.ServingOperations.Rollback;
import org.plimsoll.store.Events;
import org.plimsoll.store.SqliteDatabase;

/** A real process that publishes and rolls back without end, killed at moments drawn at random. */
class KilledNodeTest {

    private static final int KILLS = 3;

    @TempDir
    Path home;

    /** @param rollbacks acknowledged to the person who ordered them @param revision of the last thing acknowledged */
    private record Acknowledged(long rollbacks, long revision) {}

    @Test
    void killedNode_keepsEveryAcknowledgedRollback_andRecordsEachOnce() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        prepare();
        long rollbacks = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            Acknowledged acknowledged = runAndKill(random.nextInt(4, 30));
            rollbacks += acknowledged.rollbacks();
            try (Served served = open()) {
                PublishedTable current = served.tables
                        .read(LATE, LocalTables.Slot.CURRENT)
                        .orElseThrow()
                        .published();
                assertThat(current.table().revision())
                        .as("seed %s, kill %s", seed, kill)
                        .isGreaterThanOrEqualTo(acknowledged.revision());
                Answer answer = served.ask(Models.flights(1, 1, "x", System.currentTimeMillis()));
                assertThat(answer.revision()).isEqualTo(current.table().revision());
                served.node.round();
                assertThat(served.tables.unrecorded()).isEmpty();
                long recorded = served.database.read(db -> Events.about(db, "endpoint/late-arrival", 10_000)).stream()
                        .filter(event -> event.type().equals("endpoint.rolled-back"))
                        .count();
                assertThat(recorded)
                        .as("seed %s, kill %s: each acknowledged, and at most one more a kill", seed, kill)
                        .isBetween(rollbacks, rollbacks + kill);
            }
        }
        assertThat(rollbacks).as("seed %s: the kills hit work", seed).isPositive();
    }

    private Served open() {
        return new Served(home, SqliteDatabase.open(home.resolve("plimsoll.db"), Clock.systemUTC()), Clock.systemUTC());
    }

    private void prepare() {
        try (Served served = open()) {
            served.create(EndpointTime.CLOCK);
            var good = served.artifact("good");
            served.permit(1, good);
            served.permit(2, served.artifact("like"));
            served.publish(served.table(1, 1), good, true);
        }
    }

    private Acknowledged runAndKill(int afterLines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Restless.class.getName(),
                home.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long rollbacks = 0;
        long revision = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int read = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (words.length == 3) { // else the kill cut it
                    rollbacks += words[0].equals("rolled-back") ? 1 : 0;
                    revision = Long.parseLong(words[1]);
                }
                if (++read == afterLines) {
                    process.toHandle().destroyForcibly(); // leaves what it wrote to be read
                }
            }
        }
        process.waitFor();
        return new Acknowledged(rollbacks, revision);
    }

    /** The process. Each line is an acknowledgement. */
    static final class Restless {

        private Restless() {}

        public static void main(String[] arguments) {
            Path home = Path.of(arguments[0]);
            try (Served served = new Served(
                    home, SqliteDatabase.open(home.resolve("plimsoll.db"), Clock.systemUTC()), Clock.systemUTC())) {
                served.node.round();
                var like = served.database
                        .read(db -> served.permits.signed(db, LATE, version(2)))
                        .orElseThrow();
                Permit permit = served.permits.verify(List.of(like), LATE, version(2));
                while (true) {
                    long head = served.database
                            .read(db -> served.endpoints.table(db, LATE))
                            .orElseThrow()
                            .table()
                            .revision();
                    served.publish(served.table(head + 1, 2), permit.artifact(), false);
                    System.out.println("published " + (head + 1) + " .");
                    RolledBack done = served.live.rollback(ANA, new Rollback(LATE, "again"));
                    System.out.println("rolled-back " + done.revision() + " .");
                    served.node.round();
                }
            }
        }
    }
}
