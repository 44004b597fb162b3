package org.plimsoll.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Inspection;
import org.plimsoll.data.Inspection.ClassCount;
import org.plimsoll.data.Inspection.InspectedColumn;
import org.plimsoll.data.Inspection.Use;
import org.plimsoll.gates.PolicyDraft;
import org.plimsoll.pipeline.Draft;
import org.plimsoll.scoring.Task;

/** What was found in a file and what was guessed from it, on one screen. */
final class InspectionText {

    private static final int WIDTH = 100;
    private static final int LEFT_OUT_SHOWN = 8;
    private static final int CLASSES_SHOWN = 4;
    private static final int NOTES_SHOWN = 5;

    private InspectionText() {}

    static List<String> lines(Draft draft) {
        Inspection found = draft.inspection();
        List<String> lines = new ArrayList<>();
        lines.add("Read %s: %,d rows, %,d columns%s; target `%s` %s. (%s, %s)"
                .formatted(
                        Inspection.shown(found.file()),
                        found.rows(),
                        found.columns().size(),
                        found.time()
                                .map(time -> ", " + day(time.from().toString()) + " to "
                                        + day(time.until().toString()))
                                .orElse(""),
                        Inspection.shown(found.target().column()),
                        target(draft),
                        found.format(),
                        Workshop.size(found.bytes())));
        kinds(found, lines);
        leftOut(found, lines);
        lines.add("Guessed: " + guesses(draft) + ". Overrule any line in pipeline.yaml.");
        tooFew(draft).ifPresent(lines::add);
        found.notes().stream().limit(NOTES_SHOWN).forEach(note -> lines.add("  " + note));
        if (found.notes().size() > NOTES_SHOWN) {
            lines.add("  … and " + (found.notes().size() - NOTES_SHOWN) + " notes more (--json has all).");
        }
        return lines;
    }

    private static String day(String instant) {
        return instant.substring(0, 10);
    }

    private static String target(Draft draft) {
        Inspection.Target target = draft.inspection().target();
        long there = draft.usableRows();
        String missing =
                target.missing() > 0 ? String.format(Locale.ROOT, ", missing in %,d rows", target.missing()) : "";
        if (!target.isClass()) {
            InspectedColumn column = draft.inspection().column(target.column());
            return "from %s to %s, on average %s%s"
                    .formatted(
                            number(column.least().orElse(0.0)),
                            number(column.greatest().orElse(0.0)),
                            number(target.mean().orElse(0.0)),
                            missing);
        }
        Optional<String> positive = draft.task().kind() == Task.Kind.BINARY
                ? draft.task()
                        .positive()
                        .or(() -> Optional.of(target.classes().get(1).value()))
                : Optional.empty();
        List<ClassCount> shown = target.classes().stream()
                .filter(each -> positive.isEmpty() || positive.get().equals(each.value()))
                .sorted(Comparator.comparingLong(ClassCount::rows).reversed())
                .limit(CLASSES_SHOWN)
                .toList();
        return shown.stream()
                        .map(each -> "%s %s".formatted(Inspection.shown(each.value()), percent(each.rows(), there)))
                        .collect(Collectors.joining(", "))
                + (positive.isEmpty() && target.classes().size() > CLASSES_SHOWN
                        ? " and " + (target.classes().size() - CLASSES_SHOWN) + " more"
                        : "")
                + missing;
    }

    private static String percent(long part, long whole) {
        double share = 100.0 * part / Math.max(1, whole);
        return String.format(Locale.ROOT, share < 1 ? "%.2f %%" : "%.1f %%", share);
    }

    private static String number(double value) {
        return Math.abs(value) >= 1_000 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    private static void kinds(Inspection found, List<String> lines) {
        List<InspectedColumn> features = found.of(Use.FEATURE);
        List<InspectedColumn> texts =
                features.stream().filter(column -> column.type().isText()).toList();
        List<InspectedColumn> dates = features.stream()
                .filter(column -> column.type() == ColumnType.TIMESTAMP)
                .toList();
        List<InspectedColumn> numbers = features.stream()
                .filter(column -> !column.type().isText() && column.type() != ColumnType.TIMESTAMP)
                .toList();
        line(lines, "numbers", numbers.stream().map(InspectionText::name).toList());
        line(
                lines,
                "texts, one-hot",
                texts.stream()
                        .map(column -> name(column) + String.format(Locale.ROOT, "(%,d)", column.distinct()))
                        .toList());
        line(lines, "dates, by parts", dates.stream().map(InspectionText::name).toList());
        line(
                lines,
                "missing values",
                features.stream()
                        .filter(column -> column.missing() > 0)
                        .map(column -> name(column) + " " + percent(column.missing(), found.rows()))
                        .toList());
    }

    private static String name(InspectedColumn column) {
        return Inspection.shown(column.name());
    }

    private static void line(List<String> lines, String what, List<String> all) {
        if (all.isEmpty()) {
            return;
        }
        var line = new StringBuilder(String.format("  %-16s", what));
        int shown = 0;
        for (String each : all) {
            if (shown > 0 && line.length() + each.length() > WIDTH) {
                break;
            }
            line.append("  ").append(each);
            shown++;
        }
        lines.add(line + (shown < all.size() ? "  … and " + (all.size() - shown) + " more" : ""));
    }

    private static void leftOut(Inspection found, List<String> lines) {
        List<InspectedColumn> left = found.of(Use.LEFT_OUT);
        left.stream()
                .limit(LEFT_OUT_SHOWN)
                .forEach(column -> lines.add(String.format(
                        "  %-16s  %s: %s",
                        "left out", name(column), column.why().orElse(""))));
        if (left.size() > LEFT_OUT_SHOWN) {
            lines.add(String.format(
                    "  %-16s  and %,d more, each with its reason in pipeline.yaml",
                    "left out", left.size() - LEFT_OUT_SHOWN));
        }
    }

    /** Of so few rows a model can be made, and nothing be proved. */
    private static Optional<String> tooFew(Draft draft) {
        return draft.testRows() >= PolicyDraft.LEAST_ROWS
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "  Too few rows to prove anything: of %,d that have %s about %,d test, and a gate needs %d at least; bring more.",
                        draft.usableRows(),
                        Inspection.shown(draft.inspection().target().column()),
                        draft.testRows(),
                        PolicyDraft.LEAST_ROWS));
    }

    private static String guesses(Draft draft) {
        Task task = draft.task();
        List<String> guesses = new ArrayList<>();
        Inspection.Target target = draft.inspection().target();
        String otherwise = target.isBinary()
                ? ""
                : target.range()
                        .map(it -> " (" + it + (target.isClass() ? "; or is it a number?)" : "; or are they classes?)"))
                        .orElse("");
        guesses.add(task.kind().word() + " target" + otherwise
                + task.positive()
                        .map(it -> ", positive = " + Inspection.shown(it))
                        .orElse(""));
        double tested = draft.inspection()
                .time()
                .map(time -> (double) time.after() / Math.max(1, draft.usableRows()))
                .orElse(draft.testShare());
        String share = String.format(Locale.ROOT, "%.0f %%", 100 * tested);
        guesses.add(draft.inspection()
                .time()
                .map(time -> "train before " + time.cut().toString().replace("T00:00:00Z", "") + ", test after ("
                        + share + ")")
                .or(() -> task.entity()
                        .map(it -> share + " of " + Inspection.shown(it) + " for testing, by a seeded hash"))
                .orElse(share + " of the rows for testing, by a seeded hash"));
        draft.atMost()
                .ifPresent(most -> guesses.add(String.format(Locale.ROOT, "at most %,d rows on either side", most)));
        return String.join("; ", guesses);
    }
}
