package org.plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Role;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.RolloutPlan;
import org.plimsoll.governance.Approval;
import org.plimsoll.governance.Candidate;
import org.plimsoll.governance.CandidateContents;
import org.plimsoll.governance.CandidateState;
import org.plimsoll.governance.GovernanceOperations.CandidateLine;
import org.plimsoll.governance.GovernanceOperations.CandidateList;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.ListCandidates;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.governance.Involvement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "candidate",
        description = "Versions put forward for an endpoint: what exactly is to be approved, and who has.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CandidateCommand.ListThem.class, CandidateCommand.Show.class})
final class CandidateCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with candidates: list, show");
    }

    @Command(name = "list", description = "Lists candidates, the newest first.")
    static final class ListThem extends RemoteCommand {
        @Option(names = "--model", paramLabel = "MODEL")
        Optional<ModelName> model = Optional.empty();

        @Option(names = "--endpoint", paramLabel = "ENDPOINT")
        Optional<EndpointName> endpoint = Optional.empty();

        @Option(names = "--open", description = "only those that can still be decided")
        boolean isOpen;

        @Override
        int run() {
            CandidateList found = operations()
                    .perform(new ListCandidates(model, endpoint, isOpen ? Optional.of(true) : Optional.empty()));
            var table = out().table("CANDIDATE", "VERSION", "ENDPOINT", "STATE", "OPENED", "DIGEST");
            for (CandidateLine line : found.candidates()) {
                table.row(
                        line.number(),
                        line.version(),
                        line.endpoint(),
                        line.state(),
                        Workshop.when(line.openedAt()),
                        line.digest().brief());
            }
            table.print();
            out().json(found);
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Shows what exactly is to be approved.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "CANDIDATE", description = "its number")
        long number;

        @Override
        int run() {
            CandidateView view = operations().perform(new ShowCandidate(number));
            lines(view).forEach(out()::say);
            if (!view.mayApproveAs().isEmpty()) {
                out().next("plimsoll approve " + number + " --reason …");
            } else if (view.state() == CandidateState.APPROVED) {
                out().next("plimsoll promote " + view.candidate().contents().version() + " --endpoint "
                        + view.candidate().contents().endpoint());
            }
            out().json(view);
            return Exit.DONE;
        }
    }

    /** The candidate as people read it before they decide. */
    static List<String> lines(CandidateView view) {
        Candidate candidate = view.candidate();
        CandidateContents contents = candidate.contents();
        Map<String, String> names = view.names();
        List<String> lines = new ArrayList<>();
        lines.add("Candidate " + candidate.number() + " " + candidate.digest() + "   " + view.state());
        lines.add("  " + contents.version() + " → " + contents.environment() + " endpoint " + contents.endpoint());
        lines.add("  artifact  " + contents.artifact());
        lines.add("  card      " + contents.card() + "   " + view.card().text());
        lines.add("  evidence  " + contents.report() + "   against "
                + contents.champion().map(VersionId::toString).orElse("nothing: a first release"));
        lines.add("  policy    " + contents.policy() + "   " + view.policy());
        lines.add("  rollout   " + plan(contents.plan()));
        lines.add("  opened    " + Workshop.when(candidate.openedAt()) + " by "
                + People.name(names, candidate.openedBy()));
        view.stale().forEach(why -> lines.add("Stale: " + why));
        lines.addAll(approvals(view));
        candidate
                .ending()
                .ifPresent(ending -> lines.add(capital(ending.outcome().toString()) + " " + Workshop.when(ending.at())
                        + " by " + People.name(names, ending.by()) + ": " + ending.reason()));
        if (!view.waitingFor().isEmpty() && view.state() == CandidateState.OPEN) {
            lines.add("Waiting for: " + String.join(", ", view.waitingFor()));
        }
        if (!view.mayApproveAs().isEmpty()) {
            lines.add("You may approve as " + roles(view.mayApproveAs()) + ".");
        }
        view.whyNot().ifPresent(why -> lines.add("You may not approve: " + why));
        for (Involvement involvement : view.involved()) {
            lines.add("  " + People.name(names, involvement.person()) + " " + involvement.words());
        }
        return lines;
    }

    /** Who approved, one line each; an own approval is labelled. */
    static List<String> approvals(CandidateView view) {
        return view.approvals().stream()
                .map(approval -> approval(view, approval))
                .toList();
    }

    private static String approval(CandidateView view, Approval approval) {
        String counts = Optional.ofNullable(view.dropped().get(approval.id()))
                .map(why -> "   does not count: " + why)
                .orElse("");
        return "Approved " + Workshop.when(approval.at()) + " by "
                + People.name(view.names(), approval.approver()) + " as " + words(approval.capacity())
                + (approval.selfApproved() ? " (self-approved)" : "") + ": " + approval.reason() + counts;
    }

    /** {@code replay of 1000 requests → shadow 7d → 10% → 50% → 100%, bake 5d}. */
    static String plan(RolloutPlan plan) {
        List<String> steps = new ArrayList<>();
        if (plan.replayedRequests() > 0) {
            steps.add("replay of " + plan.replayedRequests() + " requests");
        }
        plan.shadow().ifPresent(shadow -> steps.add("shadow " + shadow.min()));
        plan.canary().forEach(canary -> steps.add(canary.share().toString()));
        steps.add("100%");
        String judged = plan.guardrail()
                .map(guardrail -> ", judged by " + guardrail.event().word().replace('_', ' '))
                .orElse("");
        return String.join(" → ", steps) + judged + ", bake " + plan.bakeOrNone();
    }

    static String roles(List<Role> roles) {
        return String.join(" or ", roles.stream().map(CandidateCommand::words).toList());
    }

    static String words(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
