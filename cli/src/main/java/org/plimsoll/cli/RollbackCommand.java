package org.plimsoll.cli;

import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.serving.EndpointView;
import org.plimsoll.serving.PublishedTable;
import org.plimsoll.serving.RolledBack;
import org.plimsoll.serving.RoutingTable;
import org.plimsoll.serving.ServingOperations.Rollback;
import org.plimsoll.serving.ServingOperations.ShowEndpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollback",
        description =
                "Puts the newest stable champion back, now. Never gated, never frozen; works without the database.")
final class RollbackCommand extends RemoteCommand {

    @Parameters(paramLabel = "ENDPOINT")
    EndpointName endpoint = new EndpointName("endpoint");

    @Option(names = "--reason", paramLabel = "TEXT", description = "for those who read it later (default: none given)")
    String reason = "none given";

    @Override
    int run() {
        if (!options.isSure) {
            sayWhatServes();
            confirm("Roll back?");
        }
        RolledBack done = operations().perform(new Rollback(endpoint, reason));
        report(out(), done);
        out().json(done);
        out().next("plimsoll endpoint history " + endpoint);
        return Exit.DONE;
    }

    private void sayWhatServes() {
        EndpointView view = operations().perform(new ShowEndpoint(endpoint));
        view.serving().map(PublishedTable::table).ifPresent(table -> out().say(described(table)));
        out().say("This publishes the newest stable table: "
                + (view.serving().flatMap(it -> it.table().canary()).isPresent()
                        ? "the champion for everyone."
                        : "the champion before it for everyone."));
    }

    private String described(RoutingTable table) {
        return endpoint + " serves @" + table.champion().number()
                + table.canary()
                        .map(canary ->
                                " with " + EndpointCommand.percent(table.canaryShare()) + " on @" + canary.number())
                        .orElse("")
                + " (revision " + table.revision() + ").";
    }

    /** What an urgent act did, in one line. */
    static void report(Output out, RolledBack done) {
        String lastAnswer = done.lastAnswerAt()
                .map(at -> "last answer by @" + done.from().number() + " " + at
                        + done.lastAnswerMillis()
                                .map(millis -> " (" + millis + " ms after the order)")
                                .orElse(""))
                .orElse("a request of @" + done.from().number() + " still runs");
        Optional<String> now = done.to().map(to -> "@" + to.number() + " answers everyone");
        out.say("Done in " + done.tookMillis() + " ms: revision " + done.revision() + " at " + done.publishedAt() + ", "
                + now.orElse("nobody is answered") + "; " + lastAnswer + "; " + done.failed() + " requests failed.");
    }
}
