package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.reports.Delivery;
import org.plimsoll.reports.ReportsOperations.DeliveryList;
import org.plimsoll.reports.ReportsOperations.ListDeliveries;
import org.plimsoll.reports.ReportsOperations.PageTested;
import org.plimsoll.reports.ReportsOperations.TestPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "page",
        description = "Whether people can be reached: through the channels that plimsoll.yaml names.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PageCommand.Test.class, PageCommand.ListThem.class})
final class PageCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with pages: test, list");
    }

    @Command(
            name = "test",
            description = "Pages whoever would be paged about an endpoint now, as a test, and says whether it arrived.")
    static final class Test extends RemoteCommand {

        private static final long PATIENCE_MILLIS = 15_000;
        private static final long LOOK_MILLIS = 100;

        @Parameters(paramLabel = "ENDPOINT")
        Optional<EndpointName> endpoint = Optional.empty();

        @Override
        int run() {
            Operations operations = operations();
            PageTested tested = operations.perform(new TestPage(endpoint.orElseThrow()));
            List<Delivery> deliveries = await(operations, tested);
            String people = String.join(
                    ", ",
                    tested.people().stream()
                            .map(id -> People.name(tested.names(), id))
                            .toList());
            long arrived = deliveries.stream()
                    .filter(it -> it.state() == Delivery.State.DELIVERED)
                    .count();
            out().say("Paged " + people + ", as a test: " + arrived + " of "
                    + tested.channels().size() + (tested.channels().size() == 1 ? " channel" : " channels")
                    + " took it.");
            table(out(), deliveries);
            out().json(new DeliveryList(deliveries));
            return arrived == tested.channels().size() ? Exit.DONE : Exit.FAILED;
        }

        private static List<Delivery> await(Operations operations, PageTested tested) {
            long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
            List<Delivery> now = List.of();
            try {
                while (System.nanoTime() < deadline) {
                    now = operations
                            .perform(new ListDeliveries(Optional.of(tested.event())))
                            .deliveries();
                    boolean isSettled = now.size() == tested.channels().size()
                            && now.stream().allMatch(it -> it.state() != Delivery.State.WAITING || it.attempts() > 1);
                    if (isSettled) {
                        return now;
                    }
                    Thread.sleep(LOOK_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(Problem.Kind.BUSY, "interrupted; the server goes on: plimsoll page list");
            }
            return now;
        }
    }

    @Command(name = "list", description = "Lists what channels were told, or are still to be told, the newest first.")
    static final class ListThem extends RemoteCommand {
        @Override
        int run() {
            DeliveryList found = operations().perform(new ListDeliveries(Optional.empty()));
            table(out(), found.deliveries());
            out().json(found);
            return Exit.DONE;
        }
    }

    private static void table(Output out, List<Delivery> deliveries) {
        var table = out.table("CHANNEL", "WHAT", "ABOUT", "STATE", "ATTEMPTS", "QUEUED", "LAST ANSWER");
        deliveries.forEach(it -> table.row(
                it.channel(),
                it.type(),
                it.subject(),
                it.state(),
                it.attempts(),
                Workshop.when(it.queuedAt()),
                it.problem().orElse("–")));
        table.print();
    }
}
