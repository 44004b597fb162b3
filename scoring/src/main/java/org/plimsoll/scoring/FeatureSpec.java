package org.plimsoll.scoring;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import tools.jackson.databind.JsonNode;

/**
 * How a raw column becomes numbers, as {@code pipeline.yaml} declares it; fitted in training.
 *
 * <pre>
 *  origin: one_hot
 *  destination: {ordinal: {unknown: missing}}
 *  distance: [{impute: median}, log, standardise]
 * </pre>
 */
public record FeatureSpec(String column, List<FeatureStep> steps) {

    /** More categories than these make a matrix that is mostly zeros: ordinal or hashing serve better. */
    static final int MOST_CATEGORIES = 1_000;

    /** So many categories of a text column get an output of their own where nothing is declared. */
    private static final int MOST_BY_DEFAULT = 50;

    public FeatureSpec {
        steps = List.copyOf(steps);
    }

    /** A feature as YAML or JSON declares it: a step or a list of steps. @throws Problem that names the feature */
    public static FeatureSpec read(String column, JsonNode declared) {
        List<FeatureStep> steps = new ArrayList<>();
        if (declared.isArray()) {
            declared.forEach(step -> steps.add(FeatureStep.read(column, step)));
        } else {
            steps.add(FeatureStep.read(column, declared));
        }
        return new FeatureSpec(column, steps);
    }

    /**
     * What is done where nothing is declared: numbers as they are, the 50 most frequent words one-hot; timestamps, and what is
     * named to be left out, not at all.
     */
    public static List<FeatureSpec> defaults(Schema raw, Set<String> leaveOut) {
        List<FeatureSpec> specs = new ArrayList<>();
        for (Column column : raw.columns()) {
            if (leaveOut.contains(column.name()) || column.type() == ColumnType.TIMESTAMP) {
                continue;
            }
            FeatureStep step = column.type().isText()
                    ? new FeatureStep.OneHot(Optional.empty(), Optional.of(MOST_BY_DEFAULT))
                    : new FeatureStep.Number();
            specs.add(new FeatureSpec(column.name(), List.of(step)));
        }
        return specs;
    }

    /** Whether missing values are refused. */
    boolean required() {
        return steps.stream().anyMatch(FeatureStep.Required.class::isInstance);
    }

    /** The type that callers must send: what training saw; text that is encoded by its known values is a category. */
    Column input(Column raw) {
        boolean byValue = steps.stream()
                .anyMatch(step -> step instanceof FeatureStep.OneHot || step instanceof FeatureStep.Ordinal);
        ColumnType type = raw.type() == ColumnType.TEXT && byValue ? ColumnType.CATEGORY : raw.type();
        return new Column(raw.name(), type, !required());
    }

    /** Learns what the steps need from the training rows. @throws Problem where steps do not fit each other or the column */
    List<Transform> fit(Columns training, ZoneId zone) {
        int index = training.index(column);
        Column raw = training.schema().columns().get(index);
        boolean isWords = isWords(raw);
        checkOrder(raw, isWords);
        List<Transform> fitted = new ArrayList<>();
        Optional<double[]> numbers = Optional.empty();
        Optional<String> filled = Optional.empty();
        for (FeatureStep step : steps) {
            switch (step) {
                case FeatureStep.Number _
                when raw.type().isText() -> {
                    numbers = Optional.of(parsed(training, index));
                    fitted.add(new Transform.Parse());
                }
                case FeatureStep.Number _, FeatureStep.Required _ -> {}
                case FeatureStep.Impute impute
                when isWords -> {
                    String word = impute.with().equals("most_frequent") ? mostFrequent(training, index) : impute.with();
                    filled = Optional.of(word);
                    fitted.add(new Transform.Fill(word));
                }
                case FeatureStep.OneHot oneHot -> {
                    List<String> categories = categories(training, index, filled, oneHot.most());
                    if (categories.size() > MOST_CATEGORIES) {
                        throw wrong("it has " + categories.size() + " values; one_hot takes up to " + MOST_CATEGORIES
                                + ": use ordinal, hashing, or one_hot: {most: 50}");
                    }
                    fitted.add(new Transform.OneHot(categories, oneHot.unknown().orElse(Transform.Unknown.ZEROS)));
                }
                case FeatureStep.Ordinal ordinal ->
                    fitted.add(new Transform.Ordinal(
                            ordinal.categories().isEmpty()
                                    ? categories(training, index, filled, ordinal.most())
                                    : ordinal.categories(),
                            ordinal.unknown().orElse(Transform.Unknown.MISSING)));
                case FeatureStep.Hashing hashing -> fitted.add(new Transform.Hashing(hashing.buckets()));
                case FeatureStep.Parts parts ->
                    fitted.add(new Transform.Parts(parts.of(), parts.zone().orElse(zone)));
                case FeatureStep.Impute _,
                        FeatureStep.Log _,
                        FeatureStep.Clip _,
                        FeatureStep.Standardise _,
                        FeatureStep.MinMax _,
                        FeatureStep.Bins _ -> {
                    double[] values =
                            numbers.orElseGet(() -> training.numbers(index).clone());
                    Transform.Numeric transform = step.fit(column, values);
                    for (int row = 0; row < values.length; row++) {
                        values[row] = transform.apply(values[row]);
                    }
                    numbers = Optional.of(values);
                    fitted.add(transform);
                }
            }
        }
        return fitted;
    }

    /** Its texts as numbers. @throws Problem where none is one */
    private double[] parsed(Columns training, int index) {
        double[] numbers = new double[training.rows()];
        int read = 0;
        Optional<String> some = Optional.empty();
        for (int row = 0; row < numbers.length; row++) {
            Optional<String> text = training.text(index, row);
            numbers[row] = text.map(Transform.Parse::number).orElse(Double.NaN);
            read += Double.isNaN(numbers[row]) ? 0 : 1;
            some = some.or(() -> text);
        }
        if (read == 0) {
            throw wrong("none of its texts is a number such as 12.5"
                    + some.map(it -> " (one is " + it + ")").orElse("") + "; use one_hot");
        }
        return numbers;
    }

    /** Whether its texts are taken as words, rather than as the numbers they write. */
    private boolean isWords(Column raw) {
        return raw.type().isText() && (steps.isEmpty() || !(steps.getFirst() instanceof FeatureStep.Number));
    }

    private void checkOrder(Column raw, boolean words) {
        boolean ended = false;
        Set<Class<?>> once = new HashSet<>();
        boolean numericSeen = false;
        for (FeatureStep step : steps) {
            if (ended) {
                throw wrong("nothing can follow one_hot, ordinal, hashing or parts");
            }
            if (step instanceof FeatureStep.Impute && !once.add(step.getClass())) {
                throw wrong("impute twice");
            }
            switch (step) {
                case FeatureStep.Number _ -> {
                    if (words || raw.type() == ColumnType.TIMESTAMP) {
                        throw wrong(
                                words
                                        ? "number comes first where it reads texts"
                                        : "number takes numbers; the column is "
                                                + raw.type().word());
                    }
                }
                case FeatureStep.Required _ -> {}
                case FeatureStep.Impute _ -> {
                    if (!words) {
                        numericSeen = true;
                    }
                    if (raw.type() == ColumnType.TIMESTAMP) {
                        throw wrong("a timestamp has no mean or median that a model could use; take its parts");
                    }
                }
                case FeatureStep.Log _,
                        FeatureStep.Clip _,
                        FeatureStep.Standardise _,
                        FeatureStep.MinMax _,
                        FeatureStep.Bins _ -> {
                    if (words || raw.type() == ColumnType.TIMESTAMP) {
                        throw wrong("a numeric step takes numbers; the column is "
                                + raw.type().word());
                    }
                    numericSeen = true;
                }
                case FeatureStep.OneHot _, FeatureStep.Ordinal _ -> {
                    ended = true;
                    if (raw.type() == ColumnType.TIMESTAMP
                            || numericSeen
                            || raw.type().isText() && !words) {
                        throw wrong("one_hot and ordinal take text, numbers and booleans as they come; the column is "
                                + raw.type().word()
                                + (raw.type() == ColumnType.TIMESTAMP ? "" : ", and a numeric step comes before"));
                    }
                }
                case FeatureStep.Hashing _ -> {
                    ended = true;
                    if (!words) {
                        throw wrong("hashing takes text; the column is "
                                + raw.type().word());
                    }
                }
                case FeatureStep.Parts _ -> {
                    ended = true;
                    if (raw.type() != ColumnType.TIMESTAMP) {
                        throw wrong("parts takes a timestamp; the column is "
                                + raw.type().word());
                    }
                }
            }
        }
        if (!ended && (words || raw.type() == ColumnType.TIMESTAMP)) {
            throw wrong(
                    words
                            ? "text needs one_hot, ordinal or hashing at the end, or number at the beginning"
                            : "a timestamp needs parts, such as parts: [hour, weekday]");
        }
    }

    private Problem wrong(String why) {
        return Problem.of(Problem.Kind.INVALID, "feature " + column + ": " + why);
    }

    private List<String> categories(Columns training, int index, Optional<String> filled, Optional<Integer> most) {
        List<String> words = new ArrayList<>(training.rows());
        for (int row = 0; row < training.rows(); row++) {
            training.written(index, row).or(() -> filled).ifPresent(words::add);
        }
        List<String> categories = FeatureStep.categories(words, most);
        if (categories.isEmpty()) {
            throw wrong("all its values in the training rows are missing");
        }
        return categories;
    }

    private String mostFrequent(Columns training, int index) {
        List<String> one = categories(training, index, Optional.empty(), Optional.of(1));
        return one.getFirst();
    }
}
