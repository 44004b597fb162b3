package org.plimsoll.cli;

import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.GatesOperations.GetGateReport;
import org.plimsoll.governance.GovernanceOperations.EvaluateVersion;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.registry.RegistryOperations.ListVersions;
import org.plimsoll.registry.Version;
import org.plimsoll.store.Job;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "evaluate",
        description = "Measures a version beside what serves, in the server, and holds it against the policy.",
        footer = {"", "Exit code 2: the policy does not let a candidate be made of it."})
final class EvaluateCommand extends RemoteCommand {

    @Parameters(
            paramLabel = "MODEL@VERSION",
            arity = "0..1",
            description = "default: the newest version of this folder's model")
    Optional<VersionId> named = Optional.empty();

    @Option(
            names = "--endpoint",
            paramLabel = "ENDPOINT",
            description = "where it would serve (default: the only one, or what policy.yaml names)")
    Optional<EndpointName> endpoint = Optional.empty();

    @Option(
            names = "--rows",
            paramLabel = "DIGEST",
            description = "a Parquet file to judge on (default: the test rows of its run)")
    Optional<Digest> rows = Optional.empty();

    @Override
    int run() {
        Operations operations = operations();
        VersionId version = named.orElseGet(() -> newest(operations));
        Optional<Project> project = Project.here().filter(it -> it.model().equals(version.model()));
        project.ifPresent(it -> it.publishPolicy(operations, out()));
        endpoint = endpoint.or(() -> project.flatMap(it -> it.endpoint(operations, out())));
        Job job = operations.perform(new EvaluateVersion(version.model(), version.number(), endpoint, rows));
        Evaluated evaluated = AwaitedJob.outcome(operations, job, Evaluated.class, out(), "evaluating " + version);
        out().say(operations
                .perform(new GetGateReport(evaluated.report().value()))
                .text()
                .stripTrailing());
        if (evaluated.candidate().isPresent()) {
            out().say("Candidate " + evaluated.candidate().get() + " for endpoint " + evaluated.endpoint() + ".");
            out().say("What exactly is to be approved: plimsoll candidate show "
                    + evaluated.candidate().get());
            out().next("plimsoll approve " + evaluated.candidate().get() + " --reason \"what you looked at\"");
        } else {
            out().say(version + " is not a candidate for endpoint " + evaluated.endpoint() + ".");
        }
        out().json(evaluated);
        return evaluated.promotable() ? Exit.DONE : Exit.REFUSED;
    }

    private static VersionId newest(Operations operations) {
        ModelName model = Project.needed("which version, such as model@1").model();
        return operations.perform(new ListVersions(model)).versions().stream()
                .findFirst()
                .map(Version::id)
                .orElseThrow(() ->
                        Problem.of(Problem.Kind.NOT_FOUND, model + " has no version yet\nRun: plimsoll register"));
    }
}
