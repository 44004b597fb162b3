package org.plimsoll.cli;

import org.plimsoll.access.Operations;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.RejectCandidate;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "reject", description = "Says, as a person, that a candidate may not serve; this ends it.")
final class RejectCommand extends RemoteCommand {

    @Parameters(paramLabel = "CANDIDATE", description = "its number")
    long number;

    @Option(names = "--reason", paramLabel = "WHY", required = true)
    String reason = "";

    @Override
    int run() {
        Operations operations = operations();
        CandidateView seen = operations.perform(new ShowCandidate(number));
        CandidateView after =
                operations.perform(new RejectCandidate(number, seen.candidate().digest(), reason));
        out().say("Rejected candidate " + number + ", "
                + after.candidate().contents().version() + " for "
                + after.candidate().contents().endpoint() + ".");
        out().json(after);
        return Exit.DONE;
    }
}
