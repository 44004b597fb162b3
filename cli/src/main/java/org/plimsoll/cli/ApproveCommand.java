package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Role;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.governance.CandidateContents;
import org.plimsoll.governance.CandidateState;
import org.plimsoll.governance.GovernanceOperations.ApprovalGiven;
import org.plimsoll.governance.GovernanceOperations.ApproveCandidate;
import org.plimsoll.governance.GovernanceOperations.CandidateLine;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.ListCandidates;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "approve",
        description = "Says, as a person, that a candidate may serve.",
        footer = {"", "The approval is bound to the candidate's digest: a changed byte voids it."})
final class ApproveCommand extends RemoteCommand {

    @Parameters(
            paramLabel = "CANDIDATE",
            arity = "0..1",
            description = "its number (default: the one candidate that is open)")
    Optional<Long> named = Optional.empty();

    @Option(names = "--reason", paramLabel = "WHY", required = true, description = "what you looked at")
    String reason = "";

    @Option(names = "--as", paramLabel = "ROLE", description = "where you have several: ${COMPLETION-CANDIDATES}")
    Optional<Role> capacity = Optional.empty();

    @Override
    int run() {
        Operations operations = operations();
        long number = named.orElseGet(() -> open(operations));
        CandidateView seen = operations.perform(new ShowCandidate(number));
        ApprovalGiven given =
                operations.perform(new ApproveCandidate(number, seen.candidate().digest(), reason, capacity));
        CandidateContents contents = seen.candidate().contents();
        out().say("Approved candidate " + number + ", " + contents.version() + " for " + contents.endpoint() + ", as "
                + CandidateCommand.words(given.approval().capacity())
                + (given.approval().selfApproved() ? " (self-approved)" : "") + ".");
        out().say("  bound to " + seen.candidate().digest() + ", valid until "
                + Workshop.when(given.approval().expiresAt()));
        out().say("  " + given.counted() + " of " + given.needed() + " approvals"
                + (given.waitingFor().isEmpty() ? "" : "; waiting for: " + String.join(", ", given.waitingFor())));
        if (given.waitingFor().isEmpty()) {
            out().next("plimsoll promote " + contents.version());
        }
        out().json(given);
        return Exit.DONE;
    }

    private static long open(Operations operations) {
        Optional<ModelName> model = Project.here().map(Project::model);
        List<Long> open =
                operations.perform(new ListCandidates(model, Optional.empty(), Optional.of(true))).candidates().stream()
                        .filter(line -> line.state() == CandidateState.OPEN)
                        .map(CandidateLine::number)
                        .toList();
        if (open.size() != 1) {
            throw Problem.of(
                    Problem.Kind.NOT_FOUND,
                    open.isEmpty()
                            ? "no candidate waits for an approval\nLook: plimsoll candidate list"
                            : open.size() + " candidates wait for an approval: " + open + "; say which");
        }
        return open.getFirst();
    }
}
