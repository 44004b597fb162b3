package org.plimsoll.cli;

import java.util.Locale;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.monitoring.MonitoringOperations.ListWindows;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.Performance;
import org.plimsoll.predictions.Performance.DayPerformance;
import org.plimsoll.predictions.Performance.VersionPerformance;
import org.plimsoll.predictions.PredictionsOperations.GetPerformance;

/** Tells how versions performed day by day, as the server computes it from its log and the outcomes. */
final class DemoWindows {

    private static final int MOST = 1_000;

    private final Operations operations;
    private final EndpointName endpoint;

    DemoWindows(Operations operations, EndpointName endpoint) {
        this.operations = operations;
        this.endpoint = endpoint;
    }

    /** Keeps the days and the windows, now that every truth about them is known. */
    void keep(DemoReport report) {
        for (DayPerformance day : performance().days()) {
            if (day.arm() != Arm.SHADOW) {
                report.day(new DemoReport.Day(
                        day.day(), day.version(), day.rows(), day.labelled(), day.positives(), day.value()));
            }
        }
        operations
                .perform(new ListWindows(endpoint, Optional.empty(), Optional.empty(), Optional.of(MOST)))
                .windows()
                .reversed()
                .forEach(report::window);
    }

    private Performance performance() {
        return operations.perform(new GetPerformance(endpoint, Optional.empty(), Optional.empty()));
    }

    /** A line for each day, and one for all. */
    void show(DemoStory story) {
        Performance performance = performance();
        for (DayPerformance day : performance.days()) {
            if (day.arm() == Arm.SHADOW) {
                continue;
            }
            story.say(String.format(
                    Locale.ROOT,
                    "%s  %s  %,7d flights  %4.1f %% late  AUC %s",
                    day.day(),
                    day.version(),
                    day.rows(),
                    day.labelled() == 0 ? 0 : 100.0 * day.positives() / day.labelled(),
                    day.value()
                            .map(auc -> String.format(Locale.ROOT, "%.3f", auc))
                            .orElse("–")));
        }
        for (VersionPerformance all : performance.versions()) {
            if (all.arm() != Arm.SHADOW) {
                story.say(String.format(
                        Locale.ROOT,
                        "%s in all: AUC %s, %,d of %,d flights with their truth.",
                        all.version(),
                        all.value().map(auc -> value(auc, all)).orElse("–"),
                        all.labelled(),
                        all.rows()));
            }
        }
    }

    private static String value(double auc, VersionPerformance all) {
        String interval = all.lower()
                .flatMap(lower -> all.upper().map(upper -> String.format(Locale.ROOT, " (%.3f–%.3f)", lower, upper)))
                .orElse("");
        return String.format(Locale.ROOT, "%.3f", auc) + interval;
    }
}
