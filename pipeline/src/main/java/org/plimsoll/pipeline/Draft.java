package org.plimsoll.pipeline;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Inspection;
import org.plimsoll.data.Inspection.ClassCount;
import org.plimsoll.data.Inspection.InspectedColumn;
import org.plimsoll.data.Inspection.Target;
import org.plimsoll.data.Inspection.Use;
import org.plimsoll.scoring.Task;

/**
 * A first {@code pipeline.yaml} for a person's file: it runs as it is, and every guess in it is one line that says how to overrule
 * it.
 *
 * @param name of the pipeline, its runs and its model
 * @param dataset that holds the file's rows
 */
public record Draft(ExperimentName name, DatasetName dataset, Inspection inspection) {

    /** Words that count as positive where a binary target has one of them. */
    private static final Set<String> POSITIVE = Set.of(
            "true",
            "yes",
            "y",
            "1",
            "t",
            "positive",
            "pos",
            "churn",
            "default",
            "fraud",
            "bad",
            "spam",
            "late",
            "won",
            "malignant",
            "m",
            "sick",
            "dead",
            "died",
            "failed",
            "failure",
            "success",
            "survived");

    private static final int FEW_VALUES = 50;
    private static final int MOST_ONE_HOT = 30;

    /** Rows of either side are drawn where a matrix of all would have more cells. */
    private static final long MOST_CELLS = 150_000_000;

    private static final long MOST_ROWS = 1_000_000;
    private static final long ALL_ROWS = 1_200_000;

    /** Days that are enough to be the units of an interval. */
    private static final int ENOUGH_DAYS = 10;

    private static final int TEST_POSITIVES = 60;

    /** Of rows that have a time: {@link Inspection.Time#cut}. */
    private static final double LATEST = 0.2;

    /** What the model is asked, as far as the file tells. */
    public Task task() {
        Target target = inspection.target();
        Task.Kind kind = !target.isClass()
                ? Task.Kind.REGRESSION
                : target.classes().size() == 2 ? Task.Kind.BINARY : Task.Kind.MULTICLASS;
        Optional<String> positive = kind == Task.Kind.BINARY && needsPositive(target)
                ? Optional.of(positive(target.classes()))
                : Optional.empty();
        return new Task(
                kind,
                target.column(),
                positive,
                kind == Task.Kind.MULTICLASS
                        ? target.classes().stream().map(ClassCount::value).toList()
                        : List.of(),
                inspection.entity(),
                inspection.time().map(Inspection.Time::column),
                Optional.empty(),
                inspection
                        .time()
                        .filter(time -> inspection.entity().isEmpty() && time.daysAfter() < ENOUGH_DAYS)
                        .map(_ -> Task.ROW),
                inspection.segments(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                kind == Task.Kind.REGRESSION
                        ? target.deviation().filter(it -> it > 0).map(it -> round(it / 2))
                        : Optional.empty());
    }

    /** The class that scores speak of: the one whose word tells it, else the rarest, of equals the last. */
    private static String positive(List<ClassCount> classes) {
        List<String> telling = classes.stream()
                .map(ClassCount::value)
                .filter(value -> POSITIVE.contains(value.toLowerCase(Locale.ROOT)))
                .toList();
        return telling.size() == 1
                ? telling.getFirst()
                : classes.reversed().stream()
                        .min(Comparator.comparingLong(ClassCount::rows))
                        .orElseThrow()
                        .value();
    }

    /** Needed unless the label is 0 and 1, or true and false. */
    private static boolean needsPositive(Target target) {
        List<String> values = target.classes().stream().map(ClassCount::value).toList();
        return !values.equals(List.of("0", "1")) && !values.equals(List.of("false", "true"));
    }

    /** Rows that have the target, and the time and entity they are divided by. */
    public long usableRows() {
        return inspection.rows() - inspection.target().missing();
    }

    /** The share that is kept for testing: the latest fifth of time, else more of few rows, so that a gate can prove something. */
    public double testShare() {
        if (inspection.time().isPresent()) {
            return LATEST;
        }
        long rows = usableRows();
        double share = rows < 300 ? 0.4 : rows < 1_000 ? 0.3 : 0.2;
        if (task().kind() == Task.Kind.BINARY) {
            double rarer = rarer();
            share = Math.min(0.5, Math.max(share, TEST_POSITIVES / Math.max(1, rarer)));
        }
        return Math.round(share * 100) / 100.0;
    }

    /** About how many rows will be tested on. */
    public long testRows() {
        long rows = inspection.time().map(Inspection.Time::after).orElse(Math.round(usableRows() * testShare()));
        return atMost().map(most -> Math.min(most, rows)).orElse(rows);
    }

    /** Rows of the class that is rarer, or would be where the kind is overruled to binary; of a quantity all. */
    public long rarer() {
        List<ClassCount> classes = classes();
        if (classes.isEmpty()) {
            return usableRows();
        }
        String positive = positive(classes);
        long positives = classes.stream()
                .filter(each -> each.value().equals(positive))
                .mapToLong(ClassCount::rows)
                .sum();
        return Math.min(positives, usableRows() - positives);
    }

    /** The target's values as classes, also where they are taken for a number and could be meant so; else none. */
    private List<ClassCount> classes() {
        Target target = inspection.target();
        return target.isClass() ? target.classes() : target.wholeNumbers();
    }

    /** The kinds that the target can be meant as: the guess first, then what it can be overruled to. */
    public List<Task.Kind> kinds() {
        Set<Task.Kind> kinds = new LinkedHashSet<>(List.of(task().kind()));
        if (!classes().isEmpty()) {
            kinds.addAll(List.of(Task.Kind.BINARY, Task.Kind.MULTICLASS));
        }
        if (inspection.target().deviation().filter(it -> it > 0).isPresent()) {
            kinds.add(Task.Kind.REGRESSION);
        }
        return List.copyOf(kinds);
    }

    /** About how many of them are of the {@link #rarer} class. */
    public long testRarer() {
        return (long) ((double) testRows() / Math.max(1, usableRows()) * rarer());
    }

    /** How many rows of either side are drawn; empty where all are taken. */
    public Optional<Long> atMost() {
        long wide = Math.max(1, width());
        long most = Math.max(50_000, Math.min(MOST_ROWS, MOST_CELLS / wide));
        return usableRows() > Math.min(ALL_ROWS, MOST_CELLS / wide) && usableRows() > most
                ? Optional.of(most)
                : Optional.empty();
    }

    private long width() {
        return inspection.of(Use.FEATURE).stream()
                .mapToLong(column -> switch (column.type()) {
                    case TEXT, CATEGORY -> column.distinct() <= FEW_VALUES ? column.distinct() : MOST_ONE_HOT;
                    case TIMESTAMP -> 4;
                    case BOOLEAN, INTEGER, NUMBER -> 1;
                })
                .sum();
    }

    // ---- the file

    /** The text of the file. */
    public String yaml() {
        Task task = task();
        List<String> lines = new ArrayList<>();
        lines.add("# How " + name + " is made: " + comment(inspection.target().column()) + " learned from "
                + comment(inspection.file()) + String.format(Locale.ROOT, " (%,d rows).", inspection.rows()));
        lines.add("# Every guess below is one line that you may change. Run it again with: plimsoll run");
        lines.add("pipeline: " + name);
        lines.add("");
        task(task, lines);
        lines.add("");
        lines.add("data:");
        lines.add("  raw: " + dataset + "@latest    # plimsoll data show " + dataset);
        lines.add("");
        lines.add("steps:");
        split(task, lines);
        train(task, lines);
        lines.add("  evaluate:                 # what `plimsoll run` prints; the gate computes the same numbers again");
        lines.add("    evaluate: []            # the usual of its kind: " + metrics(task.kind()));
        lines.add("    in: [train.model, split.test]");
        lines.add(
                "    out: [rows]             # plimsoll runs --rows FILE.csv writes them: ids, truth, answers, segments");
        return String.join("\n", lines) + "\n";
    }

    private static String metrics(Task.Kind kind) {
        return switch (kind) {
            case BINARY -> "auc, log_loss, accuracy";
            case MULTICLASS -> "log_loss, accuracy";
            case REGRESSION -> "rmse, mae, r_squared";
            case RANKING -> throw Problem.invalid("task", kind, "binary, multiclass or regression");
        };
    }

    private void task(Task task, List<String> lines) {
        Target target = inspection.target();
        lines.add("task:");
        lines.add("  kind: " + task.kind().word() + other(target));
        lines.add("  label: " + value(task.label()));
        task.positive()
                .ifPresent(it ->
                        lines.add("  positive: " + text(it) + "    # the outcome that scores speak of; the other is "
                                + comment(target.classes().stream()
                                        .map(ClassCount::value)
                                        .filter(other -> !other.equals(it))
                                        .collect(Collectors.joining(", ")))));
        List<ClassCount> classes = classes();
        if (task.kind() == Task.Kind.MULTICLASS) {
            lines.add("  # in the order of the probabilities that are answered");
            lines.add("  classes: " + classes(classes));
        } else if (target.isClass() || classes.size() > 2) {
            lines.add("  # read where the kind is multiclass");
            lines.add("  classes: " + classes(classes));
        }
        if (classes.size() > 2) {
            lines.add("  positive: " + text(positive(classes))
                    + "    # read where the kind is binary: this, or any other");
        }
        task.tolerance()
                .ifPresent(it -> lines.add("  # tolerance: " + plain(it)
                        + "    # off by more than this would be a wrong decision: for canaries"));
        lines.add(
                "  # The split follows the next two: the past trains and the latest rows test; without a time whole entities, else rows");
        lines.add(task.eventTime()
                .map(it -> "  event_time: " + value(it) + "    # when the question is asked")
                .orElse("  # event_time: " + likelyTime() + "    # when the question is asked"));
        lines.add(task.entity()
                .map(it -> "  entity: " + value(it) + "    # what a row is about; the unit of intervals and of routing")
                .orElse("  # entity: A_CUSTOMER    # what a row is about; the unit of intervals and of routing"));
        lines.add("  # maturity: 30d         # how long after the event its truth is known; by default at once");
        lines.add(
                task.cluster()
                        .map(it -> "  cluster: " + it
                                + "            # the unit of intervals: the test has too few days to be their units")
                        .orElse(
                                "  # cluster: row          # the unit of intervals, where not the entity, else the day, else the row"));
        if (!task.segments().isEmpty()) {
            lines.add("segments: "
                    + task.segments().stream().map(Draft::value).collect(Collectors.joining(", ", "[", "]"))
                    + "    # judged one by one");
        } else {
            lines.add("# segments: [a, b]        # columns whose values are judged one by one");
        }
    }

    private String likelyTime() {
        return inspection.columns().stream()
                .filter(each -> each.type() == ColumnType.TIMESTAMP && each.isKept())
                .map(each -> value(each.name()))
                .findFirst()
                .orElse("A_DATE");
    }

    private static String classes(List<ClassCount> values) {
        return values.stream().map(each -> text(each.value())).collect(Collectors.joining(", ", "[", "]"));
    }

    /** How to mean it otherwise. */
    private static String other(Target target) {
        boolean isNumber = target.deviation().isPresent() && target.type() != ColumnType.BOOLEAN;
        String values = String.format(
                Locale.ROOT,
                "    # guessed from the label's values%s",
                isNumber && !target.isBinary()
                        ? target.range().map(it -> ", " + it).orElse("")
                        : "");
        if (!isNumber) {
            return values;
        }
        if (target.isClass()) {
            return values + "; as a number: regression";
        }
        return values + (target.wholeNumbers().size() > 2 ? "; as classes: multiclass" : "");
    }

    private void split(Task task, List<String> lines) {
        String how = inspection
                .time()
                .map(time -> "the past trains, the latest fifth tests: now from "
                        + instant(time.cut().toString()) + " on")
                .or(() -> task.entity().map(_ -> "whole entities by a seeded hash"))
                .orElse("rows by a seeded hash");
        lines.add("  split:                    # " + how);
        lines.add("    split: {test: " + plain(testShare()) + ", incomplete: leave_out"
                + atMost().map(most -> ", at_most: " + most).orElse("") + "}");
        lines.add(
                "    # test: the share that is tested on; with an event_time also {test: last 30 days, …}, or rows all the same: {by: row, …}");
        lines.add("    # incomplete: rows without the label, the event_time or the entity are on neither side");
        if (atMost().isPresent()) {
            lines.add(
                    "    # at_most: rows of either side, drawn by a seeded hash; take it away to use all, and the memory for it");
        }
        lines.add("    seed: 1");
        lines.add("    in: [raw]");
        lines.add("    out: [train, test]");
    }

    private void train(Task task, List<String> lines) {
        lines.add("  train:");
        lines.add("    trainer: xgboost");
        lines.add("    in: [split.train]");
        lines.add(
                "    features:               # what the model looks at; uncomment a line to use it, comment it out to leave it");
        for (InspectedColumn column : inspection.columns()) {
            String feature = key(column.name()) + ": " + steps(column);
            switch (column.use()) {
                case FEATURE -> lines.add("      " + feature + about(column));
                case TIME -> lines.add("      # " + feature + "    # the event_time");
                case ENTITY -> lines.add("      # " + feature + "    # the entity");
                case LEFT_OUT ->
                    lines.add("      # " + feature + "    # left out: "
                            + (column.isKept() ? "" : "not among the rows that were kept; ")
                            + comment(column.why().orElse("")));
                case TARGET -> {}
            }
        }
        lines.add("    params: {" + params(task) + "}");
        lines.add("    seed: 42");
        lines.add("    threads: 2");
        lines.add("    out: [model]");
    }

    private String params(Task task) {
        int classes = task.classes().size();
        boolean few = usableRows() < 1_000;
        int rounds = classes > 10 ? 40 : few ? 60 : 100;
        return "rounds: " + rounds + ", max_depth: " + (few ? 3 : 5) + ", eta: 0.1"
                + (width() > 200 ? ", colsample_bytree: 0.3" : "");
    }

    private static String steps(InspectedColumn column) {
        return switch (column.type()) {
            case TEXT, CATEGORY ->
                column.distinct() <= FEW_VALUES ? "one_hot" : "{one_hot: {most: " + MOST_ONE_HOT + "}}";
            case TIMESTAMP -> "{parts: [year, month, weekday, hour]}";
            case BOOLEAN, INTEGER, NUMBER -> "number";
        };
    }

    private String about(InspectedColumn column) {
        List<String> words = new ArrayList<>();
        if (column.type().isText()) {
            words.add(String.format(Locale.ROOT, "%,d values", column.distinct()));
        }
        if (column.missing() > 0) {
            double share = 100.0 * column.missing() / inspection.rows();
            words.add(
                    share < 0.1
                            ? String.format(Locale.ROOT, "%,d missing", column.missing())
                            : String.format(Locale.ROOT, "%.1f %% missing", share));
        }
        return words.isEmpty() ? "" : "    # " + String.join(", ", words);
    }

    // ---- words of YAML

    private static final Set<String> RESERVED =
            new TreeSet<>(Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"));

    private static String key(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*") && !RESERVED.contains(name.toLowerCase(Locale.ROOT))
                ? name
                : Json.text(name);
    }

    /** A name as a value: there a dollar begins a parameter, and two are one. */
    private static String value(String name) {
        return key(name).replace("$", "$$");
    }

    /** A value of the data: always a text. */
    private static String text(String value) {
        return Json.text(value).replace("$", "$$");
    }

    /** Text as it can stand in a comment: on one line. */
    private static String comment(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    /** A date alone where it is a day's first instant. */
    private static String instant(String text) {
        return text.endsWith("T00:00:00Z") ? text.substring(0, 10) : text;
    }

    /** Two digits are enough for a guess. */
    private static double round(double value) {
        return new BigDecimal(value).round(new MathContext(2)).doubleValue();
    }
}
