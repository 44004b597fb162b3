package org.plimsoll.reports;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.registry.Obligation;
import org.plimsoll.reports.Leadership.Performance;
import org.plimsoll.statistics.Judgement.Better;

/**
 * Whether a champion performs as was promised: as its card's obligations say, and as when it was approved. Pure. What is not
 * known is not judged here; the page shows it as unknown, never as kept.
 */
final class Promises {

    private Promises() {}

    /** The obligations about all rows in the metric that is known, which do not hold, in words. */
    static List<String> unmet(List<Obligation> obligations, Performance now) {
        return obligations.stream()
                .filter(it -> it.metric().toString().equals(now.metric())
                        && it.segment().isEmpty())
                .filter(it -> !it.isKeptBy(now.value()))
                .map(it -> "Promised is " + it.claim() + "; it is " + value(now) + ".")
                .toList();
    }

    /** Why it is proved worse than when it was approved: its whole interval lies on the bad side; empty where it is not proved. */
    static Optional<String> worse(Performance approved, Performance now) {
        boolean isHigherBetter = Metric.parse(now.metric()).better() == Better.HIGHER;
        boolean isProved = approved.metric().equals(now.metric())
                && (isHigherBetter
                        ? now.upper().filter(upper -> upper < approved.value()).isPresent()
                        : now.lower().filter(lower -> lower > approved.value()).isPresent());
        return isProved
                ? Optional.of(
                        "It is " + value(now) + ", and was " + decimal(approved.value()) + " when it was approved.")
                : Optional.empty();
    }

    private static String value(Performance now) {
        String interval = now.lower()
                .flatMap(lower -> now.upper().map(upper -> " (" + decimal(lower) + "–" + decimal(upper) + ")"))
                .orElse("");
        return now.metric().toUpperCase(Locale.ROOT) + " " + decimal(now.value()) + interval + " on "
                + String.format(Locale.ROOT, "%,d", now.rows()) + " rows";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
