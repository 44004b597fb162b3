package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.evaluation.Judged;
import org.plimsoll.gates.Check;
import org.plimsoll.gates.GateReport;
import org.plimsoll.gates.GatesOperations.GetGateReport;
import org.plimsoll.governance.GovernanceOperations.Evaluated;

/** Tells a gate report, and keeps its numbers. */
final class DemoGates {

    private final Operations operations;

    DemoGates(Operations operations) {
        this.operations = operations;
    }

    /** The report as people read it, where it measured something; a line, where it only tried the serving path. */
    DemoReport.Gate show(Evaluated evaluated, DemoStory story) {
        GateReport report =
                operations.perform(new GetGateReport(evaluated.report().value()));
        if (report.evaluation().isPresent()) {
            report.text().lines().forEach(story::say);
        } else {
            story.say(evaluated.version() + " for " + evaluated.endpoint() + ": " + evaluated.verdict() + ", policy "
                    + report.policy() + ".");
        }
        return new DemoReport.Gate(
                evaluated.version(),
                evaluated.endpoint().value(),
                report.policy().toString(),
                evaluated.report(),
                evaluated.verdict(),
                evaluated.promotable(),
                checked(report));
    }

    private static List<DemoReport.Checked> checked(GateReport report) {
        return report.checks().stream()
                .flatMap(check -> check.judged().stream().map(judged -> checked(check, judged)))
                .toList();
    }

    private static DemoReport.Checked checked(Check check, Judged judged) {
        var estimate = judged.measured().estimate();
        return new DemoReport.Checked(
                check.kind().word(),
                judged.claim().metric().toString(),
                judged.claim().scope().toString(),
                judged.measured().rows(),
                estimate.flatMap(it -> it.reference()),
                estimate.map(it -> it.candidate()),
                estimate.map(it -> it.value()),
                judged.lower(),
                judged.upper(),
                judged.claim().bound() instanceof Bound.NotWorse not ? Optional.of(not.margin()) : Optional.empty(),
                check.verdict());
    }
}
