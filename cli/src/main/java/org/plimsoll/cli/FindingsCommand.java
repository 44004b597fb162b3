package org.plimsoll.cli;

import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.governance.Finding;
import org.plimsoll.governance.GovernanceOperations.FindingList;
import org.plimsoll.governance.GovernanceOperations.ListFindings;
import org.plimsoll.governance.GovernanceOperations.ReviewFinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "findings",
        description =
                "What was done without an approval, as a rollback is, and must be looked at; without a further word, lists what waits.",
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {FindingsCommand.ListThem.class, FindingsCommand.Review.class})
final class FindingsCommand extends RemoteCommand {

    @Override
    int run() {
        return list(this, false);
    }

    private static int list(RemoteCommand command, boolean all) {
        FindingList found = command.operations().perform(new ListFindings(Optional.of(all)));
        Output out = command.out();
        if (found.findings().isEmpty()) {
            out.say(all ? "Nothing was done without an approval." : "Nothing waits for a review.");
        } else {
            People people = new People(command.operations());
            Instant now = Instant.now();
            var table = out.table("FINDING", "ENDPOINT", "WHAT", "BY", "AT", "REVIEW");
            for (Finding finding : found.findings()) {
                table.row(
                        finding.id(),
                        finding.endpoint(),
                        finding.what(),
                        people.name(finding.by()),
                        Workshop.when(finding.at()),
                        finding.review()
                                .map(review -> people.name(review.by()) + ": " + review.note())
                                .orElse((finding.isOverdue(now) ? "overdue since " : "due by ")
                                        + Workshop.when(finding.due())));
            }
            table.print();
            found.findings().stream()
                    .filter(finding -> finding.review().isEmpty())
                    .findFirst()
                    .ifPresent(finding -> out.next("plimsoll findings review " + finding.endpoint() + " " + finding.id()
                            + " --note \"what you found\""));
        }
        out.json(found);
        return Exit.DONE;
    }

    @Command(name = "list", description = "Lists findings, the newest of each endpoint first.")
    static final class ListThem extends RemoteCommand {
        @Option(names = "--all", description = "those that were reviewed too")
        boolean isAll;

        @Override
        int run() {
            return list(this, isAll);
        }
    }

    @Command(name = "review", description = "Says that you have looked at a finding, and what you found.")
    static final class Review extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "ENDPOINT", description = "where it was done")
        EndpointName endpoint = new EndpointName("endpoint");

        @Parameters(index = "1", paramLabel = "FINDING", description = "as findings list shows it")
        String finding = "";

        @Option(names = "--note", paramLabel = "TEXT", required = true, description = "what you found")
        String note = "";

        @Override
        int run() {
            Finding done = operations().perform(new ReviewFinding(finding, endpoint, note));
            out().say("Reviewed " + done.what() + " on " + done.endpoint() + " of " + Workshop.when(done.at()) + ".");
            out().json(done);
            return Exit.DONE;
        }
    }
}
