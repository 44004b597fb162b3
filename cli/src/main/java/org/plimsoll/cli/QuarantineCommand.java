package org.plimsoll.cli;

import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;
import org.plimsoll.serving.ServingOperations.QuarantineVersion;
import org.plimsoll.serving.ServingOperations.Quarantined;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "quarantine",
        description =
                "Forbids every endpoint to load a version, now; where it answers, the endpoint rolls back or is drained.")
final class QuarantineCommand extends RemoteCommand {

    @Parameters(paramLabel = "VERSION", description = "such as late-arrival@3")
    VersionId version = new VersionId(new ModelName("model"), 1);

    @Option(names = "--reason", paramLabel = "TEXT", required = true)
    String reason = "";

    @Override
    int run() {
        confirm("No endpoint will load " + version + " any more. Quarantine?");
        Quarantined done = operations().perform(new QuarantineVersion(version, reason));
        out().say("Quarantined " + done.version() + " (artifact "
                + done.artifact().brief() + ").");
        done.effects().forEach(effect -> {
            out().say(effect.endpoint() + ":");
            RollbackCommand.report(out(), effect);
        });
        out().json(done);
        return Exit.DONE;
    }
}
