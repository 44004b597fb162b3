package org.plimsoll.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.serving.EndpointTime;
import org.plimsoll.serving.EndpointView;
import org.plimsoll.serving.PublishedTable;
import org.plimsoll.serving.RoutingTable;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.serving.ServingOperations.ListEndpoints;
import org.plimsoll.serving.ServingOperations.ListTables;
import org.plimsoll.serving.ServingOperations.ReopenEndpoint;
import org.plimsoll.serving.ServingOperations.ShowEndpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "endpoint",
        description = "Endpoints: the stable names under which versions of a model answer.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            EndpointCommand.ListThem.class,
            EndpointCommand.Create.class,
            EndpointCommand.Show.class,
            EndpointCommand.History.class,
            EndpointCommand.Reopen.class
        })
final class EndpointCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do with endpoints: list, create, show, history, reopen");
    }

    /** One line for each endpoint: what answers there. */
    static void table(Output out, List<EndpointView> views) {
        var table = out.table("ENDPOINT", "ENV", "TIME", "CHAMPION", "SINCE", "CANARY", "ROLLOUT");
        for (EndpointView view : views) {
            Optional<RoutingTable> serving = view.serving().map(PublishedTable::table);
            boolean isDrained = view.serving().filter(PublishedTable::drained).isPresent();
            table.row(
                    view.endpoint().name(),
                    view.endpoint().environment(),
                    view.endpoint().time().name().toLowerCase(java.util.Locale.ROOT),
                    isDrained
                            ? "drained"
                            : serving.map(it -> "@" + it.champion().number()).orElse(""),
                    view.championSince().map(EndpointCommand::ago).orElse(""),
                    serving.flatMap(it ->
                                    it.canary().map(canary -> "@" + canary.number() + " " + percent(it.canaryShare())))
                            .orElse(""),
                    view.rollout()
                            .map(it -> "@" + it.candidate().number() + " " + it.state())
                            .orElse(""));
        }
        table.print();
    }

    static String percent(double share) {
        return Math.round(share * 10_000) / 100.0 + " %";
    }

    private static String ago(Instant since) {
        Duration age = Duration.between(since, Instant.now());
        if (age.toDays() > 0) {
            return age.toDays() + " d";
        }
        return age.toHours() > 0 ? age.toHours() + " h" : Math.max(0, age.toMinutes()) + " min";
    }

    @Command(name = "list", description = "Lists endpoints and what answers there.")
    static final class ListThem extends RemoteCommand {
        @Override
        int run() {
            List<EndpointView> all = operations().perform(new ListEndpoints());
            table(out(), all);
            out().json(all);
            return Exit.DONE;
        }
    }

    @Command(name = "create", description = "Creates a serving name for versions of one model.")
    static final class Create extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName name = new EndpointName("new");

        @Option(names = "--env", paramLabel = "ENVIRONMENT", required = true)
        EnvironmentName environment = new EnvironmentName("production");

        @Option(names = "--model", paramLabel = "MODEL", required = true)
        ModelName model = new ModelName("model");

        @Option(
                names = "--time",
                paramLabel = "clock|replay",
                description = "what `now` means: the clock, or the greatest event time seen (default: clock)")
        EndpointTime time = EndpointTime.CLOCK;

        @Option(names = "--synced", description = "answers wait until their prediction is on the disk")
        boolean isSynced;

        @Override
        int run() {
            Endpoint made = operations()
                    .perform(new CreateEndpoint(name, environment, model, Optional.of(time), Optional.of(isSynced)));
            out().say("Created endpoint " + made.name() + " in " + made.environment() + " for " + made.model()
                    + ", time " + made.time().name().toLowerCase(java.util.Locale.ROOT)
                    + ". It answers once a version is promoted.");
            out().json(made);
            out().next("plimsoll evaluate " + made.model() + "@N --endpoint " + made.name());
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Shows what answers at an endpoint, and its rollout.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName endpoint = new EndpointName("endpoint");

        @Override
        int run() {
            EndpointView view = operations().perform(new ShowEndpoint(endpoint));
            table(out(), List.of(view));
            view.serving()
                    .ifPresent(it -> out().say("Revision " + it.table().revision() + " since "
                            + it.at().truncatedTo(ChronoUnit.SECONDS) + ": " + it.why() + "; table " + it.digest()));
            out().json(view);
            view.rollout().ifPresent(it -> out().next("plimsoll rollout show " + endpoint));
            return Exit.DONE;
        }
    }

    @Command(name = "history", description = "Shows every routing table the endpoint ever had, newest first.")
    static final class History extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName endpoint = new EndpointName("endpoint");

        @Override
        int run() {
            List<PublishedTable> all = operations().perform(new ListTables(endpoint));
            var table = out().table("REVISION", "AT", "WHY", "CHAMPION", "CANARY", "SHADOWS", "STABLE", "BY");
            all.forEach(it -> table.row(
                    it.table().revision(),
                    it.at().truncatedTo(ChronoUnit.SECONDS),
                    it.why(),
                    it.table().champion(),
                    it.table()
                            .canary()
                            .map(canary -> canary + " " + percent(it.table().canaryShare()))
                            .orElse(""),
                    String.join(
                            ", ",
                            it.table().shadows().stream().map(Object::toString).toList()),
                    it.stable() ? "yes" : "no",
                    it.by()));
            table.print();
            out().json(all);
            return Exit.DONE;
        }
    }

    @Command(name = "reopen", description = "Lets a drained endpoint answer again.")
    static final class Reopen extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName endpoint = new EndpointName("endpoint");

        @Option(names = "--reason", paramLabel = "TEXT", required = true)
        String reason = "";

        @Override
        int run() {
            confirm(endpoint + " will answer again. Reopen?");
            PublishedTable table = operations().perform(new ReopenEndpoint(endpoint, reason));
            out().say("Reopened " + endpoint + ": revision " + table.table().revision() + ", champion "
                    + table.table().champion() + ".");
            out().json(table);
            return Exit.DONE;
        }
    }
}
