package org.plimsoll.gates;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plimsoll.core.Verdict;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.Judged;
import org.plimsoll.evaluation.Measurement.Estimate;

/** A gate report for a terminal: what was judged, a line for each check, what follows, where to look next. */
final class GateText {

    private static final List<String> HEAD = List.of(
            "claim", "rows of", "n", "reference", "candidate", "difference (one-sided bounds)", "limit", "verdict", "");
    private static final List<Boolean> TO_THE_RIGHT = List.of(false, false, true, true, true, true, true, false, false);

    private static final int MOST_CLASSES = 5;

    private GateText() {}

    static String render(GateReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(title(report));
        lines.add("");
        List<Check> measured = report.checks().stream()
                .filter(check -> check.judged().isPresent())
                .toList();
        if (!measured.isEmpty()) {
            List<List<String>> table = new ArrayList<>();
            table.add(HEAD);
            measured.forEach(check -> table.add(row(check, check.judged().orElseThrow())));
            lines.addAll(aligned(table));
        }
        report.checks().stream()
                .filter(check -> check.judged().isEmpty())
                .forEach(check -> lines.add(" " + check.name() + ": " + check.verdict() + ", " + check.reason()));
        lines.add(conclusion(report));
        lines.add("Report " + report.digest());
        return String.join("\n", lines) + "\n";
    }

    private static String title(GateReport report) {
        String who = report.about().version().toString();
        return report.evaluation()
                        .map(found -> who + " against " + against(found) + ", on "
                                + String.format(
                                        Locale.ROOT, "%,d rows", found.rows().judged())
                                + " (" + found.rows().digest().brief()
                                + (!found.errors().isEmpty()
                                        ? ")"
                                        : found.unproved().isEmpty()
                                                ? ", none seen in training)"
                                                : "; whether seen in training is not known)"))
                        .orElse(who + " for " + report.about().endpoint())
                + "   policy " + report.policy();
    }

    private static String against(Evaluation found) {
        return found.champion()
                .map(champion -> "champion " + champion.name())
                .orElseGet(() -> "the constant model (" + constant(found) + "; nothing serves yet)");
    }

    private static String constant(Evaluation found) {
        List<Double> answer = found.constant();
        List<String> classes = found.task().classes();
        boolean named = classes.size() == answer.size();
        return IntStream.range(0, Math.min(MOST_CLASSES, answer.size()))
                        .mapToObj(k -> (named ? classes.get(k) + " " : "") + number(answer.get(k)))
                        .collect(Collectors.joining(", "))
                + (answer.size() > MOST_CLASSES ? ", …" : "");
    }

    private static List<String> row(Check check, Judged judged) {
        Claim claim = judged.claim();
        Optional<Estimate> estimate = judged.measured().estimate();
        boolean isPaired = claim.reference().isPresent();
        String reason = check.verdict() == Verdict.PASS ? "" : check.reason();
        String needs = judged.rowsNeeded()
                .filter(_ -> check.verdict() == Verdict.INCONCLUSIVE)
                .map(rows -> String.format(Locale.ROOT, "not proved: needs about %,d rows", rows))
                .orElse(reason);
        return List.of(
                (check.kind() == Check.Kind.HARM ? "no harm in " : "") + claim.metric(),
                claim.scope().toString(),
                String.format(Locale.ROOT, "%,d", judged.measured().rows()),
                estimate.flatMap(Estimate::reference).map(GateText::number).orElse("–"),
                estimate.map(known -> number(known.candidate())).orElse("–"),
                estimate.map(known ->
                                (isPaired ? signed(known.value()) : number(known.value())) + bounds(judged, isPaired))
                        .orElse("–"),
                limit(claim),
                check.verdict()
                        + (check.action() == Action.ENFORCE
                                ? ""
                                : " (" + check.action().word() + ")"),
                needs);
    }

    private static String bounds(Judged judged, boolean isPaired) {
        if (judged.lower().isEmpty() || judged.upper().isEmpty()) {
            return "";
        }
        double lower = judged.lower().get();
        double upper = judged.upper().get();
        return isPaired
                ? " (" + signed(lower) + " " + signed(upper) + ")"
                : " (" + number(lower) + " " + number(upper) + ")";
    }

    private static String limit(Claim claim) {
        boolean upward = claim.metric().better() == org.plimsoll.statistics.Judgement.Better.HIGHER;
        return switch (claim.bound()) {
            case Bound.NotWorse not -> signed(upward ? -not.margin() : not.margin());
            case Bound.Better better -> "better by " + number(better.gain());
            case Bound.AtLeast at -> "≥ " + number(at.limit());
            case Bound.AtMost at -> "≤ " + number(at.limit());
        };
    }

    private static String conclusion(GateReport report) {
        List<Check> counted = report.checks().stream()
                .filter(check -> check.action() != Action.OBSERVE)
                .toList();
        long same = counted.stream()
                .filter(check -> check.action().counted(check.verdict()).equals(Optional.of(report.verdict())))
                .count();
        String version = report.about().version().toString();
        String next = report.verdict() == Verdict.PASS
                ? version + " can become a candidate for " + report.about().endpoint() + "."
                : report.promotable()
                        ? version + " can become a candidate: "
                                + open(report.policy().policy()) + "."
                        : version + " cannot be promoted to " + report.about().endpoint() + "." + named(report);
        return report.verdict() + ": " + same + " of " + counted.size() + " checks. " + next;
    }

    /** What the policy does about what is neither proved nor refuted. */
    private static String open(Policy policy) {
        return switch (policy.inconclusiveOrBlock()) {
            case ASK_APPROVERS -> "what is open is for its approvers to decide";
            case EXTEND_IN_SHADOW -> "what is open must be proved in shadow";
            case BLOCK -> "what is open blocks";
        };
    }

    /** Which checks stand in the way, so that nobody has to search the table. */
    private static String named(GateReport report) {
        return report.checks().stream()
                .filter(check -> check.action().counted(check.verdict()).equals(Optional.of(report.verdict())))
                .limit(5)
                .map(Check::name)
                .collect(Collectors.joining("; ", " In the way: ", "."));
    }

    private static String number(double value) {
        return Math.abs(value) >= 1_000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return (value < 0 ? "−" : "+") + number(Math.abs(value));
    }

    private static List<String> aligned(List<List<String>> table) {
        int[] widths = new int[HEAD.size()];
        for (List<String> row : table) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return table.stream()
                .map(row -> Stream.iterate(0, i -> i < widths.length, i -> i + 1)
                        .map(i -> padded(row.get(i), widths[i], TO_THE_RIGHT.get(i)))
                        .collect(Collectors.joining("  ", " ", ""))
                        .stripTrailing())
                .toList();
    }

    private static String padded(String text, int width, boolean toTheRight) {
        String space = " ".repeat(width - text.length());
        return toTheRight ? space + text : text + space;
    }
}
