package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.access.Operations;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.monitoring.Retraining;
import org.plimsoll.monitoring.RetrainingOperations.Retrain;
import org.plimsoll.monitoring.RetrainingOperations.ShowRetraining;
import org.plimsoll.registry.RegistryOperations.ListVersions;
import org.plimsoll.server.Rooms;
import tools.jackson.databind.JsonNode;

/** A retraining whose server is killed again and again goes on where it was: one run ends well, one version comes of it, once judged. */
class KilledRetrainingTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long SEED = 20010228;
    private static final int LEAST_KILLS = 3;

    @Test
    void retraining_killedInEachOfItsStates_takesEffectOnce(@TempDir Path folder) throws Exception {
        var command = new CommandLine(folder);
        Sandbox.serveAModel(command);
        Sandbox.addVisits(command, 5_000);
        Process server = Sandbox.startServer(command);
        long number = operations(command)
                .perform(new Retrain(Sandbox.ENDPOINT, "more visits"))
                .number();

        var chance = new Random(SEED);
        var killedIn = new TreeSet<Retraining.State>();
        Instant patience = Instant.now().plus(PATIENCE);
        Retraining now = operations(command).perform(new ShowRetraining(number));
        for (int kills = 0; !now.state().isEnd() || kills < LEAST_KILLS; ) {
            assertThat(Instant.now()).as(now.toString()).isBefore(patience);
            if (killedIn.add(now.state()) || kills < LEAST_KILLS) { // each state once, and some moments inside them
                Thread.sleep(chance.nextInt(400));
                server.destroyForcibly().waitFor();
                kills++;
                server = Sandbox.startServer(command);
            }
            Thread.sleep(20);
            now = operations(command).perform(new ShowRetraining(number));
        }
        List<String> versions = operations(command).perform(new ListVersions(new ModelName("buys"))).versions().stream()
                .map(it -> it.id().toString())
                .toList();
        server.destroy();
        server.waitFor();
        command.call("audit", "verify").done();

        assertThat(now.state()).as(now.toString()).isIn(Retraining.State.CANDIDATE, Retraining.State.REFUSED);
        assertThat(killedIn).contains(Retraining.State.TRAINING);
        assertThat(versions).containsExactlyInAnyOrder("buys@1", "buys@2");
        assertThat(now.version().orElseThrow()).hasToString("buys@2");
        assertThat(now.run()).isPresent();
    }

    private static Operations operations(CommandLine command) throws Exception {
        JsonNode found = Json.MAPPER.readTree(Files.readAllBytes(command.home().resolve("server.json")));
        return new HttpOperations(
                URI.create(found.path("url").asString()),
                Optional.of(found.path("token").asString()),
                Rooms.CATALOGUE);
    }
}
