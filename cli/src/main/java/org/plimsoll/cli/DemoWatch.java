package org.plimsoll.cli;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.MonitoringOperations.ListWindows;
import org.plimsoll.monitoring.WatchedClaim;
import org.plimsoll.monitoring.WatchedColumn;
import org.plimsoll.monitoring.Window;

/** Waits for the verdict on each closed day before the next day is sent, and tells each month what was found. */
final class DemoWatch {

    private static final long PATIENCE_MILLIS = 30_000;
    private static final long PAUSE_MILLIS = 40;

    private final Operations operations;
    private final EndpointName endpoint;
    private final DemoStory story;
    private final List<Window> month = new ArrayList<>();
    private boolean isGivenUp;

    DemoWatch(Operations operations, EndpointName endpoint, DemoStory story) {
        this.operations = operations;
        this.endpoint = endpoint;
        this.story = story;
    }

    /**
     * Waits until the day before this one, whose truths are all told, is judged for good.
     *
     * @param played the last day that was sent
     * @return its window; empty where the server did not come to it in time
     */
    Optional<Window> settle(LocalDate played) throws InterruptedException {
        LocalDate day = played.minusDays(1);
        if (isGivenUp) {
            return window(day);
        }
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        Optional<Window> window = window(day);
        while (window.filter(it -> it.state() == Window.State.MATURE).isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MILLIS);
            window = window(day);
        }
        window.ifPresent(month::add);
        if (window.isEmpty()) {
            isGivenUp = true;
            story.say("The window of " + day + " is not judged after " + PATIENCE_MILLIS / 1_000
                    + " s; the demo goes on without waiting for others.");
        }
        return window;
    }

    private Optional<Window> window(LocalDate day) {
        return operations
                .perform(new ListWindows(endpoint, Optional.of(day), Optional.of(day.plusDays(1)), Optional.of(1)))
                .windows()
                .stream()
                .findFirst();
    }

    /** Tells what the windows since the last telling showed. */
    void tell(String name) {
        if (month.isEmpty()) {
            return;
        }
        long good = month.stream().filter(it -> it.verdict() == Verdict.PASS).count();
        long warned = month.stream().filter(it -> !it.crossings().isEmpty()).count();
        story.say(String.format(
                Locale.ROOT,
                "%s: %d windows judged, %d PASS, %d with something beyond a bound%s%s.",
                name,
                month.size(),
                good,
                warned,
                widest(),
                weakest()));
        month.clear();
    }

    private String widest() {
        return month.stream()
                .flatMap(window -> window.columns().stream())
                .filter(column -> column.part() == WatchedColumn.Part.INPUT)
                .filter(column -> column.jensenShannon().isPresent())
                .max((a, b) -> Double.compare(
                        a.jensenShannon().orElse(0.0), b.jensenShannon().orElse(0.0)))
                .map(column -> String.format(
                        Locale.ROOT,
                        "; widest drift `%s`, Jensen–Shannon %.2f",
                        column.name(),
                        column.jensenShannon().orElse(0.0)))
                .orElse("");
    }

    private String weakest() {
        return month.stream()
                .flatMap(window -> window.performance().stream())
                .filter(claim -> claim.origin() == WatchedClaim.Origin.OBLIGATION)
                .filter(claim -> claim.measured().isPresent())
                .min((a, b) ->
                        Double.compare(a.measured().orElse(1.0), b.measured().orElse(1.0)))
                .map(claim -> String.format(
                        Locale.ROOT,
                        "; weakest week %s %.3f, promised %s",
                        claim.metric(),
                        claim.measured().orElse(0.0),
                        claim.limit()
                                .map(limit -> String.format(Locale.ROOT, "%.2f", limit))
                                .orElse("–")))
                .orElse("");
    }
}
