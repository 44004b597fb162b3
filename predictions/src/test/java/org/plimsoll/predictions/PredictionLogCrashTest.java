package org.plimsoll.predictions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.EndpointName;
import org.plimsoll.predictions.FilePredictionLog.Limits;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;

/** kill -9 of a real process in the middle of writing, several times over one log. */
class PredictionLogCrashTest {

    private static final EndpointName LATE = new EndpointName("late");
    private static final Limits LIMITS = new Limits(200_000, Duration.ofHours(1));
    private static final int KILLS = 6;

    @TempDir
    Path folder;

    /** Appends from several threads for ever, and says each id once it is acknowledged. */
    static final class Writer {
        public static void main(String[] args) {
            FilePredictionLog log = new FilePredictionLog(Path.of(args[0]), LIMITS, Clock.systemUTC());
            log.open(LATE, false);
            for (int thread = 0; thread < 4; thread++) {
                SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]) * 10 + thread);
                Thread.ofVirtual().start(() -> {
                    while (true) {
                        PredictionBatch batch =
                                Batches.random(random, 1 + random.nextInt(5), System.currentTimeMillis());
                        log.append(LATE, batch);
                        System.out.println(batch.id());
                    }
                });
            }
            try {
                Thread.sleep(Duration.ofMinutes(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void killedWriter_losesNoAcknowledgedPrediction() throws IOException, InterruptedException {
        Set<String> acknowledged = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Writer.class.getName(),
                            folder.toString(),
                            String.valueOf(kill))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
                for (int i = 0; i < 150 + 97 * kill; i++) {
                    acknowledged.add(said.readLine());
                }
                writer.toHandle().destroyForcibly(); // SIGKILL, and leaves its output to be read
                writer.waitFor();
                // what it had said before it died counts too; the last line may be torn
                said.lines().filter(line -> line.length() == 32).forEach(acknowledged::add);
            }
        }

        Set<String> kept = new HashSet<>();
        try (FilePredictionLog log = new FilePredictionLog(folder, LIMITS, Clock.systemUTC())) {
            log.open(LATE, false);
            log.scan(LATE, Received.ALWAYS, Detail.ALL, batch -> kept.add(batch.id()));
        }
        assertThat(acknowledged).hasSizeGreaterThan(KILLS * 150).doesNotContainNull();
        assertThat(kept).containsAll(acknowledged);
    }
}
