package org.plimsoll.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.governance.CandidateContents;
import org.plimsoll.governance.CandidateState;
import org.plimsoll.governance.GovernanceOperations.CandidateLine;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.ListCandidates;
import org.plimsoll.governance.GovernanceOperations.PromoteVersion;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.governance.Promotion;
import org.plimsoll.serving.Rollout;
import org.plimsoll.serving.RolloutState;
import org.plimsoll.serving.ServingOperations.ShowRollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "promote", description = "Starts the rollout of a version that was approved for an endpoint.")
final class PromoteCommand extends RemoteCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Where `up` listens unless it is told otherwise. */
    private static final URI USUAL = URI.create("http://127.0.0.1:8080");

    @Parameters(paramLabel = "MODEL@VERSION", arity = "0..1", description = "default: of the newest approved candidate")
    Optional<VersionId> named = Optional.empty();

    @Option(names = "--endpoint", paramLabel = "ENDPOINT", description = "where (default: of its newest candidate)")
    Optional<EndpointName> endpoint = Optional.empty();

    @Override
    int run() throws IOException {
        Operations operations = operations();
        VersionId version = named.orElseGet(() -> approved(operations));
        Optional<CandidateLine> newest = newest(operations, version);
        EndpointName where = endpoint.or(() -> newest.map(CandidateLine::endpoint))
                .orElseThrow(() -> Problem.refused(
                        version + " is not a candidate for any endpoint.\nRun: plimsoll evaluate " + version));
        Optional<CandidateView> view = newest.map(line -> operations.perform(new ShowCandidate(line.number())));
        Optional<CandidateContents> contents = view.map(it -> it.candidate().contents());
        contents.ifPresent(it -> {
            out().say("Candidate " + newest.orElseThrow().number() + ": " + version + " on endpoint " + where
                    + ", in place of " + it.champion().map(VersionId::toString).orElse("nothing") + ".");
            out().say("  " + CandidateCommand.plan(it.plan()));
        });
        view.ifPresent(it -> CandidateCommand.approvals(it).forEach(line -> out().say("  " + line)));
        if (!options.isSure && Terminal.isWatched()) {
            confirm("Start the rollout?");
        }
        Promotion promotion = operations.perform(new PromoteVersion(where, version));
        Rollout rollout = begun(operations, where);
        out().say("Promoted " + version + ": " + words(rollout) + " (rollout " + Workshop.brief(promotion.rollout())
                + ", promotion " + promotion.number() + ").");
        boolean answers = rollout.state() == RolloutState.STABLE || rollout.state() == RolloutState.BAKING;
        if (answers && contents.isPresent()) {
            ask(where, contents.get());
        } else {
            out().next("plimsoll rollout show " + where);
        }
        out().json(promotion);
        return rollout.state() == RolloutState.FAILED ? Exit.FAILED : Exit.DONE;
    }

    /** The rollout once it has loaded the candidate, or could not. */
    private static Rollout begun(Operations operations, EndpointName where) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Rollout rollout = operations.perform(new ShowRollout(where)).rollout();
        while (rollout.state() == RolloutState.PREPARING && System.nanoTime() < deadline) {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return rollout;
            }
            rollout = operations.perform(new ShowRollout(where)).rollout();
        }
        return rollout;
    }

    private static String words(Rollout rollout) {
        return switch (rollout.state()) {
            case STABLE, BAKING -> "it answers on endpoint " + rollout.endpoint();
            case PREPARING -> "it is being loaded for endpoint " + rollout.endpoint();
            case SHADOW -> "it runs in shadow on endpoint " + rollout.endpoint();
            case CANARY -> "it answers a part of endpoint " + rollout.endpoint();
            case PAUSED, ROLLED_BACK, FAILED ->
                "it does not answer on endpoint " + rollout.endpoint() + ": "
                        + rollout.reason().orElse("no reason is known");
        };
    }

    /** The first question anyone will ask, ready to paste. */
    private void ask(EndpointName where, CandidateContents contents) throws IOException {
        Optional<URI> server =
                elsewhere().or(() -> home().running().filter(it -> !it.brief()).map(Home.Address::url));
        SampleRequest request = SampleRequest.of(contents.artifact(), blobs(), Workshop.scratch(this));
        String curl = request.curl(server.orElse(USUAL), where);
        if (server.isPresent()) {
            out().next(curl);
        } else {
            out().say("Once a server is up, ask it about a row it knows:");
            out().say("  " + curl);
            out().next("plimsoll up");
        }
    }

    private VersionId approved(Operations operations) {
        Optional<ModelName> model = Project.here().map(Project::model);
        return operations.perform(new ListCandidates(model, endpoint, Optional.of(true))).candidates().stream()
                .filter(line -> line.state() == CandidateState.APPROVED)
                .map(CandidateLine::version)
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.NOT_FOUND, "no candidate is approved and waits\nLook: plimsoll candidate list"));
    }

    private Optional<CandidateLine> newest(Operations operations, VersionId version) {
        List<CandidateLine> all = operations
                .perform(new ListCandidates(Optional.of(version.model()), endpoint, Optional.empty()))
                .candidates();
        return all.stream().filter(line -> line.version().equals(version)).findFirst();
    }
}
