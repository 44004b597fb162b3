package org.plimsoll.cli;

import org.plimsoll.reports.Leadership;
import org.plimsoll.reports.LeadershipText;
import org.plimsoll.reports.ReportsOperations.ShowLeadership;
import picocli.CommandLine.Command;

@Command(
        name = "report",
        description =
                "The leadership page: which models run, why they were approved, how they perform, who is accountable.")
final class ReportCommand extends RemoteCommand {

    @Override
    int run() {
        Leadership page = operations().perform(new ShowLeadership());
        LeadershipText.render(page).lines().forEach(out()::say);
        out().json(page);
        return Exit.DONE;
    }
}
