package org.plimsoll.reports;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.access.Principals;
import org.plimsoll.core.Verdict;
import org.plimsoll.evaluation.Judged;
import org.plimsoll.gates.Check;
import org.plimsoll.gates.GateReport;
import org.plimsoll.governance.Approval;
import org.plimsoll.governance.Candidate;
import org.plimsoll.reports.Leadership.Performance;
import org.plimsoll.store.Reading;

/** The sentence that says why a version may serve, made from its approvals and its gate report; nobody types it. */
final class WhyApproved {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private WhyApproved() {}

    static String sentence(Reading db, Candidate candidate, List<Approval> approvals, GateReport report) {
        List<Approval> standing = approvals.stream()
                .filter(approval -> approval.revoked().isEmpty())
                .toList();
        String who = standing.isEmpty()
                ? "Policy " + candidate.policy() + " asks for no approval"
                : "Approved " + DAY.format(standing.getLast().at()) + " by "
                        + standing.stream().map(it -> person(db, it)).collect(Collectors.joining(" and "));
        long passed = report.checks().stream()
                .filter(check -> check.verdict() == Verdict.PASS)
                .count();
        String checks = passed + " of " + report.checks().size() + " checks pass";
        return who + ": " + checks
                + leading(report).map(it -> ", " + gain(it, report)).orElse("") + ".";
    }

    private static String person(Reading db, Approval approval) {
        return Principals.name(db, approval.person())
                + " (" + approval.capacity().toString().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (approval.selfApproved() ? ", self-approved" : "") + ")";
    }

    /** The first measurement on all rows: what the policy names first. */
    private static Optional<Judged> leading(GateReport report) {
        return report.checks().stream()
                .filter(check -> check.kind() == Check.Kind.PROOF)
                .flatMap(check -> check.judged().stream())
                .filter(judged -> judged.measured().estimate().isPresent())
                .findFirst();
    }

    private static String gain(Judged judged, GateReport report) {
        var estimate = judged.measured().estimate().orElseThrow();
        String metric = judged.claim().metric().toString();
        if (estimate.reference().isEmpty()) {
            return metric + " " + LeadershipText.number(estimate.value());
        }
        String against = report.evaluation()
                .flatMap(evaluation -> evaluation.champion())
                .map(champion -> champion.name())
                .orElse("the constant model");
        return metric + " " + signed(estimate.value())
                + judged.lower()
                        .flatMap(lower -> judged.upper().map(upper -> " (" + signed(lower) + " " + signed(upper) + ")"))
                        .orElse("")
                + " against " + against;
    }

    private static String signed(double value) {
        return (value < 0 ? "−" : "+") + LeadershipText.number(Math.abs(value));
    }

    /** The leading metric as it was measured for the approval. */
    static Optional<Performance> performance(GateReport report) {
        return leading(report)
                .map(judged -> new Performance(
                        judged.claim().metric().toString(),
                        judged.measured().estimate().orElseThrow().candidate(),
                        Optional.empty(),
                        Optional.empty(),
                        judged.measured().rows(),
                        1));
    }
}
