package org.plimsoll.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.data.Query;
import org.plimsoll.monitoring.ComparedColumn;
import org.plimsoll.monitoring.ComparedColumn.Statistic;
import org.plimsoll.monitoring.DriftReport;
import org.plimsoll.monitoring.DriftReport.Compat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads two files only: it needs no server and no home. */
@Command(
        name = "drift",
        description = {
            "Compares two tables column by column: does the second still look like the first?",
            "Needs no server and no home. Exit code 0: no drift; 2: drift, or something that cannot be compared."
        })
final class DriftCommand extends LocalCommand {

    @Parameters(index = "0", paramLabel = "REFERENCE", description = "the table to compare with: Parquet, CSV or TSV")
    Path reference = Path.of("");

    @Parameters(index = "1", paramLabel = "CURRENT", description = "the table that is looked at")
    Path current = Path.of("");

    @Option(
            names = "--compat",
            paramLabel = "TOOL",
            description = "the numbers and thresholds of another tool: evidently, nannyml")
    Optional<Compat> compat = Optional.empty();

    @Option(
            names = "--floor",
            paramLabel = "DISTANCE",
            description = "the least Jensen-Shannon or Kolmogorov-Smirnov distance that counts (default: 0.1)")
    Optional<Double> floor = Optional.empty();

    @Override
    int run() {
        if (compat.isPresent() && floor.isPresent()) {
            throw Problem.invalid(
                    "--floor", "given with --compat", "it alone: other tools have thresholds of their own");
        }
        Query query = Query.standard(Path.of(System.getProperty("java.io.tmpdir"), "plimsoll-query"));
        DriftReport report = compat.map(tool -> DriftReport.of(query, reference, current, tool))
                .orElseGet(() -> DriftReport.of(query, reference, current, floor));
        tell(report);
        out().json(report);
        return report.verdict() == Verdict.PASS ? Exit.DONE : Exit.REFUSED;
    }

    private void tell(DriftReport report) {
        out().say("%s, %,d rows, beside %s, %,d rows"
                .formatted(report.current(), report.currentRows(), report.reference(), report.referenceRows()));
        out().say("");
        if (compat.isPresent()) {
            everyStatistic(report);
        } else {
            ownStatistics(report);
        }
        out().say("");
        long drifted = count(report, Verdict.HARM);
        long broken = count(report, Verdict.ERROR);
        long unclear = count(report, Verdict.INCONCLUSIVE);
        out().say("%d of %d columns drifted%s%s: %s"
                .formatted(
                        drifted,
                        report.columns().size(),
                        broken > 0 ? ", " + broken + " cannot be compared" : "",
                        unclear > 0 ? ", " + unclear + " have too few rows" : "",
                        word(report.verdict())));
    }

    private static long count(DriftReport report, Verdict verdict) {
        return report.columns().stream().filter(it -> it.verdict() == verdict).count();
    }

    private void ownStatistics(DriftReport report) {
        var table = out().table(
                        "COLUMN", "VERDICT", "PSI", "JS", "BOUND", "KS", "BOUND", "W1/SD", "MISSING", "UNSEEN", "NOTE");
        for (ComparedColumn column : report.columns()) {
            table.row(
                    column.name(),
                    word(column),
                    value(column.statistic("psi")),
                    value(column.statistic("jensen_shannon")),
                    bound(column.statistic("jensen_shannon")),
                    value(column.statistic("kolmogorov_smirnov")),
                    bound(column.statistic("kolmogorov_smirnov")),
                    value(column.statistic("scaled_wasserstein")),
                    percent(column.statistic("missing_change")),
                    percent(column.statistic("unseen")),
                    column.note().orElse(""));
        }
        table.print();
    }

    private void everyStatistic(DriftReport report) {
        var table = out().table("COLUMN", "STATISTIC", "VALUE", "THRESHOLD", "DRIFT", "NOTE");
        for (ComparedColumn column : report.columns()) {
            List<Statistic> all = column.statistics();
            if (all.isEmpty()) {
                table.row(column.name(), "", "", "", word(column), column.note().orElse(""));
            }
            for (Statistic each : all) {
                table.row(
                        column.name(),
                        each.name(),
                        "%.6g".formatted(each.value()),
                        bound(Optional.of(each)),
                        each.crossed() ? "DRIFT" : "no",
                        each == all.getFirst() ? column.note().orElse("") : "");
            }
        }
        table.print();
    }

    private static String value(Optional<Statistic> statistic) {
        return statistic
                .map(it -> String.format(Locale.ROOT, "%.4f", it.value()))
                .orElse("");
    }

    private static String bound(Optional<Statistic> statistic) {
        return statistic
                .flatMap(Statistic::bound)
                .map(it -> String.format(Locale.ROOT, "%.3f", it))
                .orElse("");
    }

    private static String percent(Optional<Statistic> share) {
        return share.map(it -> String.format(Locale.ROOT, "%+.1f %%", 100 * it.value()))
                .orElse("");
    }

    private static String word(ComparedColumn column) {
        return column.kind() == ComparedColumn.Kind.NONE && column.verdict() == Verdict.PASS
                ? "not compared"
                : word(column.verdict());
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "no drift";
            case HARM -> "DRIFT";
            case INCONCLUSIVE -> "too few rows";
            case ERROR -> "BROKEN";
        };
    }
}
