package org.plimsoll.cli;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.Crossing;
import org.plimsoll.monitoring.MonitoringOperations.GetWindow;
import org.plimsoll.monitoring.MonitoringOperations.ListWindows;
import org.plimsoll.monitoring.MonitoringOperations.WindowList;
import org.plimsoll.monitoring.WatchedClaim;
import org.plimsoll.monitoring.WatchedColumn;
import org.plimsoll.monitoring.Window;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "monitor",
        description = {
            "Shows the windows of an endpoint: each closed day, and what crossed its bound in it.",
            "Exit code 2 where a shown window has an alarm, or could not be judged."
        })
final class MonitorCommand extends RemoteCommand {

    private static final Duration LOOK = Duration.ofMillis(200);

    @Parameters(index = "0", paramLabel = "ENDPOINT")
    Optional<EndpointName> endpoint = Optional.empty();

    @Parameters(index = "1", arity = "0..1", paramLabel = "DAY", description = "one window in full, such as 2026-03-01")
    Optional<LocalDate> day = Optional.empty();

    @Option(names = "--from", paramLabel = "DAY", description = "days from this on")
    Optional<LocalDate> from = Optional.empty();

    @Option(names = "--until", paramLabel = "DAY", description = "days before this")
    Optional<LocalDate> until = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many windows, the newest (default: 200)")
    Optional<Integer> limit = Optional.empty();

    @Option(names = "--wait", paramLabel = "SECONDS", description = "wait so long for the verdict on DAY")
    Optional<Long> wait = Optional.empty();

    @Override
    int run() throws InterruptedException {
        if (wait.isPresent() && day.isEmpty()) {
            throw Problem.invalid("--wait", "given without a day", "the DAY whose verdict to wait for");
        }
        return day.isPresent() ? one(day.get()) : all();
    }

    private int all() {
        WindowList found = operations().perform(new ListWindows(endpoint.orElseThrow(), from, until, limit));
        var table = out().table("DAY", "STATE", "VERSION", "ROWS", "VERDICT", "AUC", "TRUTHS", "CROSSED");
        for (Window window : found.windows().reversed()) {
            Optional<WatchedClaim> main = window.performance().stream()
                    .filter(it -> it.segment().isEmpty())
                    .findFirst();
            table.row(
                    window.day(),
                    window.state().name().toLowerCase(Locale.ROOT),
                    window.version().map(Object::toString).orElse(""),
                    "%,d".formatted(window.rows()),
                    window.verdict(),
                    number(main.flatMap(WatchedClaim::measured)),
                    main.map(it -> percent(it.maturity())).orElse(""),
                    crossed(window));
        }
        table.print();
        if (!found.missed().isEmpty()) {
            out().say("");
            out().say(found.missed().size() + " closed days are still to be judged, the first "
                    + found.missed().getFirst());
        }
        found.note().ifPresent(note -> out().say(note));
        out().json(found);
        return found.windows().stream().allMatch(MonitorCommand::isQuiet) ? Exit.DONE : Exit.REFUSED;
    }

    private static String crossed(Window window) {
        if (window.crossings().isEmpty()) {
            return "";
        }
        Crossing first = window.crossings().getFirst();
        String more = window.crossings().size() == 1
                ? ""
                : " (+" + (window.crossings().size() - 1) + ")";
        return (first.isAlarm() ? "" : "warning: ") + first.text() + more;
    }

    private static boolean isQuiet(Window window) {
        return window.verdict() == Verdict.PASS || window.verdict() == Verdict.INCONCLUSIVE;
    }

    private int one(LocalDate wanted) throws InterruptedException {
        Window window = await(wanted);
        out().say("%s of %s: %s, %s (revision %d), %,d rows%s"
                .formatted(
                        wanted,
                        window.endpoint(),
                        window.verdict(),
                        window.state().name().toLowerCase(Locale.ROOT),
                        window.revision(),
                        window.rows(),
                        window.version().map(it -> " by " + it).orElse("")));
        if (window.late() > 0) {
            out().say("%,d rows came after the day had been judged".formatted(window.late()));
        }
        out().say("");
        columns(window);
        out().say("");
        claims(window);
        out().say("");
        window.crossings()
                .forEach(it -> out().say(it.severity() + " since " + it.since() + ": " + it.text() + " ("
                        + percent(it.share()) + " of predictions)"));
        if (window.crossings().isEmpty()) {
            out().say("Nothing crossed its bound.");
        }
        out().json(window);
        return isQuiet(window) ? Exit.DONE : Exit.REFUSED;
    }

    private Window await(LocalDate wanted) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(wait.orElse(0L)).toNanos();
        while (true) {
            try {
                return operations().perform(new GetWindow(endpoint.orElseThrow(), wanted));
            } catch (Problem notYet) {
                if (notYet.kind() != Problem.Kind.NOT_FOUND || System.nanoTime() >= deadline) {
                    throw notYet;
                }
                Thread.sleep(LOOK);
            }
        }
    }

    private void columns(Window window) {
        var table = out().table(
                        "COLUMN",
                        "PART",
                        "MISSING",
                        "UNSEEN",
                        "OUT OF RANGE",
                        "PSI",
                        "JS",
                        "WARNS AT",
                        "KS",
                        "MEAN",
                        "BEFORE",
                        "EVIDENCE",
                        "NOTE");
        for (WatchedColumn it : window.columns()) {
            table.row(
                    it.name(),
                    it.part().name().toLowerCase(Locale.ROOT),
                    percent(it.missing()),
                    percent(it.unseen()),
                    percent(it.outOfRange()),
                    number(it.psi()),
                    number(it.jensenShannon()),
                    number(it.evidence().map(WatchedColumn.Evidence::warning)),
                    number(it.kolmogorovSmirnov()),
                    number(it.mean()),
                    number(it.meanBefore()),
                    it.evidence()
                            .map(e -> String.format(Locale.ROOT, "10^%.1f of 10^%.1f", e.log10(), e.bound()))
                            .orElse(""),
                    it.note().orElse(""));
        }
        table.print();
    }

    private void claims(Window window) {
        var table = out().table(
                        "CLAIM",
                        "BY",
                        "ROWS",
                        "TRUTHS",
                        "NOW",
                        "95 % ABOVE",
                        "95 % BELOW",
                        "LIMIT",
                        "APPROVED",
                        "ESTIMATED",
                        "VERDICT",
                        "NOTE");
        for (WatchedClaim it : window.performance()) {
            table.row(
                    it.metric()
                            + it.segment()
                                    .map(s -> " of " + s + " = " + it.value().orElse(""))
                                    .orElse(""),
                    it.origin().name().toLowerCase(Locale.ROOT),
                    "%,d".formatted(it.rows()),
                    percent(it.maturity()),
                    number(it.measured()),
                    number(it.lower()),
                    number(it.upper()),
                    number(it.limit()),
                    number(it.approved()),
                    number(it.estimated()),
                    it.verdict(),
                    it.note().orElse(""));
        }
        table.print();
    }

    private static String number(Optional<Double> value) {
        return value.map(it -> String.format(Locale.ROOT, "%.4g", it)).orElse("");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
