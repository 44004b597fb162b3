package org.plimsoll.reports;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.reports.Leadership.Line;
import org.plimsoll.reports.Leadership.Performance;
import org.plimsoll.reports.Leadership.RedLine;

/** The leadership page for a terminal, in the words of the web page. */
public final class LeadershipText {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("d MMM yyyy HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private LeadershipText() {}

    public static String render(Leadership page) {
        List<String> lines = new ArrayList<>();
        long serving = page.lines().stream()
                .filter(line -> line.champion().isPresent())
                .count();
        lines.add("Models in production, as of event " + page.asOf() + ", " + moment(page.at()) + " UTC");
        lines.add(serving + (serving == 1 ? " endpoint serves. " : " endpoints serve. ") + redLines(page));
        for (RedLine red : page.redLines()) {
            lines.add("");
            lines.add("! " + red.what() + ": " + red.endpoint() + " (" + red.tier() + ")"
                    + red.since().map(since -> ", since " + moment(since)).orElse(""));
            lines.add("  " + red.happened() + " Acts: " + red.acts() + ". Next: " + red.next());
        }
        if (!page.lookedFor().isEmpty()) {
            lines.add("Also looked for, and none found: " + String.join(", ", page.lookedFor()) + ".");
        }
        for (Line line : page.lines()) {
            lines.add("");
            lines.addAll(line(line, page.at()));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String redLines(Leadership page) {
        return switch (page.redLines().size()) {
            case 0 -> "No red line needs a person today.";
            case 1 -> "One red line needs a person today.";
            default -> page.redLines().size() + " red lines need a person today.";
        };
    }

    private static List<String> line(Line line, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(line.endpoint() + " (" + line.environment() + ", " + line.tier() + ")  "
                + line.champion().map(Object::toString).orElse("nothing answers")
                + line.since()
                        .map(since -> " since " + moment(since) + " (" + age(since, now) + ")")
                        .orElse("")
                + line.newcomer().map(it -> "; " + it).orElse(""));
        lines.add("  why          " + line.why());
        lines.add("  performance  " + performance(line));
        line.retraining().ifPresent(it -> lines.add("  retraining   " + it));
        lines.add("  accountable  owner " + line.owner().orElse("–") + ", deputy "
                + line.deputy().orElse("–") + ", on call "
                + (line.onCall().isEmpty() ? "–" : String.join(", ", line.onCall())));
        return lines;
    }

    /** {@code auc 0.702 (0.689–0.715) now, 96 % of labels in; 0.711 at approval}, or why it is not known. */
    public static String performance(Line line) {
        String approved = line.approvedAt()
                .map(it -> "; " + number(it.value()) + " at approval")
                .orElse("");
        return line.now()
                .map(it -> it.metric() + " " + value(it)
                        + String.format(Locale.ROOT, " now, %.0f %% of labels in", 100 * it.matured()) + approved)
                .orElse("unknown: no matured outcomes yet" + approved);
    }

    /** {@code 0.702 (0.689–0.715)}. */
    public static String value(Performance performance) {
        Optional<String> interval = performance
                .lower()
                .flatMap(lower -> performance.upper().map(upper -> " (" + number(lower) + "–" + number(upper) + ")"));
        return number(performance.value()) + interval.orElse("");
    }

    /** {@code 96 %}, with a space that does not break. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f\u00a0%%", 100 * share);
    }

    /** {@code 0.702}. */
    public static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** {@code 17 Nov 2026 14:03}, UTC. */
    public static String moment(Instant instant) {
        return MOMENT.format(instant);
    }

    /** {@code 6 d}. */
    public static String age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.toDays() > 0) {
            return age.toDays() + " d";
        }
        return age.toHours() > 0 ? age.toHours() + " h" : Math.max(0, age.toMinutes()) + " min";
    }
}
