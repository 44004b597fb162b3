package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.governance.GovernanceOperations.CandidateLine;
import org.plimsoll.governance.GovernanceOperations.ListCandidates;
import org.plimsoll.governance.GovernanceOperations.PromoteVersion;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.governance.Promotion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "promote", description = "Starts the rollout of a version that was approved for an endpoint.")
final class PromoteCommand extends RemoteCommand {

    @Parameters(paramLabel = "MODEL@VERSION")
    VersionId version = VersionId.parse("model@1");

    @Option(names = "--endpoint", paramLabel = "ENDPOINT", description = "where (default: of its newest candidate)")
    Optional<EndpointName> endpoint = Optional.empty();

    @Override
    int run() {
        Operations operations = operations();
        Optional<CandidateLine> newest = newest(operations);
        EndpointName where = endpoint.or(() -> newest.map(CandidateLine::endpoint))
                .orElseThrow(() -> Problem.refused(
                        version + " is not a candidate for any endpoint.\nRun: plimsoll evaluate " + version));
        newest.ifPresent(line -> {
            var contents = operations
                    .perform(new ShowCandidate(line.number()))
                    .candidate()
                    .contents();
            out().say("Candidate " + line.number() + ": " + version + " on endpoint " + where + ", in place of "
                    + contents.champion().map(VersionId::toString).orElse("nothing") + ".");
            out().say("  " + CandidateCommand.plan(contents.plan()));
        });
        if (!options.isSure && Terminal.isWatched()) {
            confirm("Start the rollout?");
        }
        Promotion promotion = operations.perform(new PromoteVersion(where, version));
        out().say("Promoted: rollout " + Workshop.brief(promotion.rollout()) + " of " + version + " on " + where
                + " has started (promotion " + promotion.number() + ").");
        out().next("plimsoll rollout " + where);
        out().json(promotion);
        return Exit.DONE;
    }

    private Optional<CandidateLine> newest(Operations operations) {
        List<CandidateLine> all = operations
                .perform(new ListCandidates(Optional.of(version.model()), endpoint, Optional.empty()))
                .candidates();
        return all.stream().filter(line -> line.version().equals(version)).findFirst();
    }
}
