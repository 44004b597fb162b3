package org.plimsoll.cli;

import org.plimsoll.core.EndpointName;
import org.plimsoll.serving.RolledBack;
import org.plimsoll.serving.ServingOperations.DrainEndpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "drain", description = "Lets an endpoint answer nobody, now, until it is reopened.")
final class DrainCommand extends RemoteCommand {

    @Parameters(paramLabel = "ENDPOINT")
    EndpointName endpoint = new EndpointName("endpoint");

    @Option(names = "--reason", paramLabel = "TEXT", required = true)
    String reason = "";

    @Override
    int run() {
        confirm(endpoint + " will refuse every request. Drain?");
        RolledBack done = operations().perform(new DrainEndpoint(endpoint, reason));
        RollbackCommand.report(out(), done);
        out().json(done);
        out().next("plimsoll endpoint reopen " + endpoint + " --reason …");
        return Exit.DONE;
    }
}
