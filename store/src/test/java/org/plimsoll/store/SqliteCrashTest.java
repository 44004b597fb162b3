package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Real processes that die: whatever they acknowledged is there, and nothing is there by half. */
class SqliteCrashTest {

    private static final int KILLS = 20;

    private final Path file = Databases.freshHome().resolve("plimsoll.db");
    private final Set<String> acknowledged = new HashSet<>();

    private static List<String> java(Object... arguments) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingProcess.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void note(String line) {
        if (line.startsWith("ack ") && line.length() == 36) {
            acknowledged.add(line.substring(4));
        }
    }

    @Test
    void kill_whileWritersAndJobsRun_losesNothingAcknowledgedTwentyTimes() throws Exception {
        long seed = 90210;
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            int before = acknowledged.size();
            Process process = start(java(file, 16, 20));
            try (BufferedReader lines = process.inputReader()) {
                int mercy = 1 + random.nextInt(60); // so many acknowledgements before the end
                for (int i = 0; i < mercy; i++) {
                    note(lines.readLine());
                }
                process.toHandle().destroyForcibly(); // SIGKILL; its streams stay open
                lines.lines().forEach(this::note);
            }
            process.waitFor();
            assertThat(acknowledged).hasSizeGreaterThan(before);
            assertEverythingIsWhole();
        }
        finishAllJobs();
    }

    private void assertEverythingIsWhole() {
        try (var database = SqliteDatabase.open(file, Clock.systemUTC())) {
            database.read(db -> {
                Set<String> created = subjects(db, "run.created");
                assertThat(acknowledged.stream().filter(run -> !created.contains("run/" + run)))
                        .as("acknowledged and lost")
                        .isEmpty();
                assertThat(created).isEqualTo(column(db, "SELECT holder FROM pin"));
                assertThat(created).isEqualTo(column(db, "SELECT subject FROM job"));
                assertThat(subjects(db, "run.counted"))
                        .isEqualTo(column(db, "SELECT subject FROM job WHERE state = 'DONE'"));
                long events = number(db, "SELECT count(*) FROM event");
                assertThat(Events.last(db)).isEqualTo(events); // positions are unique, so none is missing
                assertThat(db.sql()
                                .createQuery("PRAGMA quick_check")
                                .mapTo(String.class)
                                .one())
                        .isEqualTo("ok");
                return events;
            });
        }
    }

    /** Jobs whose worker was killed are taken over, and none has its effect twice. */
    private void finishAllJobs() {
        var clock = new MovableClock(Clock.systemUTC().instant().plusSeconds(3600));
        try (var database = SqliteDatabase.open(file, clock)) {
            var worker = new Worker(database, "after", List.of(CrashingProcess.COUNTING), 1);
            while (worker.runOne()) {
                // until none is left
            }
            database.read(db -> {
                assertThat(number(db, "SELECT count(*) FROM job WHERE state <> 'DONE'"))
                        .isZero();
                long jobs = number(db, "SELECT count(*) FROM job");
                assertThat(number(db, "SELECT count(*) FROM event WHERE type = 'run.counted'"))
                        .isEqualTo(jobs);
                assertThat(subjects(db, "run.counted")).hasSize((int) jobs);
                return jobs;
            });
        }
    }

    private static Set<String> subjects(Reading db, String type) {
        return column(db, "SELECT subject FROM event WHERE type = '" + type + "'");
    }

    private static Set<String> column(Reading db, String sql) {
        return new HashSet<>(db.sql().createQuery(sql).mapTo(String.class).list());
    }

    private static long number(Reading db, String sql) {
        return db.sql().createQuery(sql).mapTo(Long.class).one();
    }

    /** A limit on the size of files makes the kernel refuse a write in the middle, which SQLite reports as an I/O error. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void write_diskFails_refusesEverythingAfterwardsAndKeepsWhatWasAcknowledged() throws Exception {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 4000; exec \"$@\"", "sh"));
        command.addAll(java(file, 2, 8_000));
        Process process = start(command);
        List<String> refused = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(line -> {
                note(line);
                if (line.startsWith("refused")) {
                    refused.add(line);
                } else if (!refused.isEmpty()) {
                    refused.add("acknowledged after the failure: " + line);
                }
            });
        }
        assertThat(process.waitFor()).isEqualTo(7);
        assertThat(acknowledged).isNotEmpty();
        assertThat(refused).hasSizeGreaterThanOrEqualTo(3).allMatch(line -> line.startsWith("refused INTERNAL after "));
        assertEverythingIsWhole();
    }
}
