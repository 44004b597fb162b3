package org.plimsoll.gates;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.evaluation.PairedTable;

/**
 * Judges a stored report again, without a server: the policy's text must have the digest it is named by, what went in must lead
 * to what is written, and, where the paired table is at hand, its rows must give the numbers.
 *
 * @param lines what was looked at, in order
 */
public record GateVerification(Digest report, List<Line> lines) {

    /** Numbers computed on another machine may differ in the last bits of a logarithm; nothing else. */
    private static final double TOLERANCE = 1e-9;

    /** @param holds whether it is as written */
    public record Line(String what, boolean holds, String detail) {}

    public GateVerification {
        lines = List.copyOf(lines);
    }

    /** Whether everything looked at is as written. */
    public boolean holds() {
        return lines.stream().allMatch(Line::holds);
    }

    /**
     * Verifies a report.
     *
     * @param bytes the report's file
     * @param pairedTable the rows it was computed from, and the digest of their file
     */
    public static GateVerification verify(byte[] bytes, Optional<Table> pairedTable) {
        GateReport report = GateReport.read(bytes);
        List<Line> lines = new ArrayList<>();
        boolean isCanonical = java.util.Arrays.equals(report.bytes(), bytes);
        lines.add(new Line(
                "document",
                isCanonical,
                isCanonical ? "canonical, " + report.digest() : "not as it was written: canonical bytes differ"));
        lines.add(new Line(
                "policy",
                true,
                report.policy() + " has the digest of its text, "
                        + report.policy().digest()));
        lines.add(verdict(report));
        pairedTable.ifPresent(table -> numbers(report, table, lines));
        return new GateVerification(Digest.of(bytes), lines);
    }

    /** The paired table, read from its file. */
    public record Table(Digest digest, Columns rows) {}

    private static Line verdict(GateReport report) {
        try {
            GateReport again = Gates.judge(report.policy(), report.about(), report.facts(), report.evaluation());
            boolean isSame = again.verdict() == report.verdict()
                    && again.promotable() == report.promotable()
                    && CanonicalJson.digest(again.checks()).equals(CanonicalJson.digest(report.checks()));
            return new Line(
                    "verdict",
                    isSame,
                    isSame
                            ? report.verdict() + " follows from "
                                    + report.checks().size() + " checks"
                            : "the evidence leads to " + again.verdict() + ", written is " + report.verdict());
        } catch (Problem refused) {
            return new Line("verdict", false, refused.detail());
        }
    }

    private static void numbers(GateReport report, Table table, List<Line> lines) {
        Optional<Evaluation> evaluation = report.evaluation();
        boolean isTheTable = evaluation.flatMap(Evaluation::pairedTable).equals(Optional.of(table.digest));
        lines.add(new Line(
                "paired table",
                isTheTable,
                isTheTable ? table.digest.toString() : "another file than the report names: " + table.digest));
        if (!isTheTable || evaluation.isEmpty()) {
            return;
        }
        PairedTable paired = new PairedTable(table.rows, evaluation.get().task());
        List<String> differing = evaluation.get().measurements().stream()
                .filter(written -> !agree(written, paired.measure(written.metric(), written.scope(), written.than())))
                .map(written -> written.metric() + " of " + written.scope())
                .toList();
        lines.add(new Line(
                "numbers",
                differing.isEmpty(),
                differing.isEmpty()
                        ? evaluation.get().measurements().size() + " measurements computed again from "
                                + table.rows.rows() + " rows"
                        : "computed again they differ: " + String.join(", ", differing)));
    }

    private static boolean agree(Measurement written, Measurement again) {
        if (written.rows() != again.rows()
                || written.clusters() != again.clusters()
                || written.rarer() != again.rarer()
                || written.estimate().isPresent() != again.estimate().isPresent()) {
            return false;
        }
        return written.estimate().isEmpty()
                || agree(written.estimate().get(), again.estimate().orElseThrow());
    }

    private static boolean agree(Estimate written, Estimate again) {
        return close(written.candidate(), again.candidate())
                && close(written.reference().orElse(0.0), again.reference().orElse(0.0))
                && close(written.value(), again.value())
                && close(written.standardError(), again.standardError())
                && written.counted().equals(again.counted());
    }

    private static boolean close(double written, double again) {
        return Math.abs(written - again) <= TOLERANCE * Math.max(1, Math.abs(written));
    }
}
