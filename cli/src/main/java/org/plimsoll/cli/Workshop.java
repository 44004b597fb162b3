package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import org.plimsoll.pipeline.Runner;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.server.Settings;

/** Where commands that compute do so: steps and queries run here, whoever keeps the records. */
final class Workshop {

    private Workshop() {}

    /** A folder for what is only needed for a while: in the home, or in the system's where the home is elsewhere. */
    static Path scratch(RemoteCommand command) {
        if (command.elsewhere().isEmpty()) {
            return command.home().path().resolve("tmp");
        }
        try {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"), "plimsoll-" + System.getProperty("user.name"));
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw Problem.internal("there is no folder for temporary files", e);
        }
    }

    static Query query(RemoteCommand command) {
        return Query.standard(scratch(command).resolve("queries"));
    }

    static Runner runner(RemoteCommand command) {
        return new Runner(
                command.operations(),
                command.blobs(),
                query(command),
                scratch(command),
                Clock.systemUTC(),
                execution(command));
    }

    /** How models are executed in this process: as the home is configured, or, for another's server, as the environment says. */
    static Execution execution(RemoteCommand command) {
        Path home = command.elsewhere().isPresent()
                ? scratch(command)
                : command.home().path();
        return Execution.in(home, Settings.of(home, System.getenv(), Map.of()).room("scoring", ScoringConfig.DEFAULT));
    }

    /** {@code 3.4 s}, {@code 2 min 5 s}. */
    static String took(Duration span) {
        if (span.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
        }
        return span.toMinutes() + " min " + span.toSecondsPart() + " s";
    }

    /** {@code 2026-03-01 12:00 UTC}. */
    static String when(Instant instant) {
        return instant.toString().substring(0, 16).replace('T', ' ') + " UTC";
    }

    /** Enough of a run's id to find it again. */
    static String brief(String run) {
        return run.substring(0, 16);
    }

    /** {@code 1.2 MB}. */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95 && unit < 3) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, new String[] {"kB", "MB", "GB", "TB"}[unit]);
    }
}
