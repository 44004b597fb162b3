package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A step as it is declared in {@code pipeline.yaml}; what it has to learn from the training rows becomes a {@link Transform}.
 *
 * <pre>
 *  number                                                as it is; a text as the number it writes, missing where it is none
 *  required                                              a missing value is refused, in training and in serving
 *  impute: {with: median, indicator: true}               mean, median, most_frequent, a number, or a word for text
 *  log                                                   ln(1 + x)
 *  clip: {low: 0, high: 100}  or  {quantiles: [.01, .99]}
 *  standardise     min_max     bins: {count: 10}
 *  one_hot: {unknown: zeros, most: 50}                   unknown: zeros, other, refuse
 *  ordinal: {unknown: missing}                           unknown: missing, other, refuse
 *  ordinal: {categories: [low, medium, high]}            numbered in this order; else those of the training rows by name
 *  hashing: {buckets: 32}
 *  parts: {of: [hour, weekday], zone: Europe/Berlin}     of a timestamp
 * </pre>
 */
public sealed interface FeatureStep {

    /** As it is; the first step where it reads texts. */
    record Number() implements FeatureStep {}

    /** A missing value is refused. */
    record Required() implements FeatureStep {}

    /**
     * A missing value is replaced.
     *
     * @param with {@code mean}, {@code median}, {@code most_frequent}, a number, or for text columns a word
     */
    record Impute(String with, Optional<Boolean> indicator) implements FeatureStep {}

    record Log() implements FeatureStep {}

    /** @param quantiles of the training rows, in place of low and high */
    record Clip(Optional<Double> low, Optional<Double> high, List<Double> quantiles) implements FeatureStep {
        public Clip {
            quantiles = List.copyOf(quantiles);
            boolean ordered = quantiles.size() == 2
                    && quantiles.get(0) >= 0
                    && quantiles.get(0) <= quantiles.get(1)
                    && quantiles.get(1) <= 1;
            if (quantiles.isEmpty()
                    ? low.isEmpty() && high.isEmpty()
                    : !ordered || low.isPresent() || high.isPresent()) {
                throw Problem.invalid("clip", this, "low, high or both, or two quantiles between 0 and 1");
            }
        }
    }

    record Standardise() implements FeatureStep {}

    record MinMax() implements FeatureStep {}

    record Bins(int count) implements FeatureStep {
        public Bins {
            if (count < 2 || count > 1000) {
                throw Problem.invalid("bins.count", count, "2 to 1000");
            }
        }
    }

    /** @param most so many of the most frequent categories are kept; the others are unknown */
    record OneHot(Optional<Transform.Unknown> unknown, Optional<Integer> most) implements FeatureStep {}

    /**
     * @param most so many of the most frequent categories are kept; the others are unknown
     * @param categories in the order in which they are numbered, from 0 on; empty for those of the training rows by name
     */
    record Ordinal(Optional<Transform.Unknown> unknown, Optional<Integer> most, List<String> categories)
            implements FeatureStep {
        public Ordinal {
            categories = List.copyOf(categories);
            if (new HashSet<>(categories).size() != categories.size() || most.isPresent() && !categories.isEmpty()) {
                throw Problem.invalid("ordinal", this, "either most or categories, each of these once");
            }
        }

        static Ordinal of(List<String> categories, Transform.Unknown unknown) {
            return new Ordinal(Optional.of(unknown), Optional.empty(), categories);
        }
    }

    record Hashing(int buckets) implements FeatureStep {}

    record Parts(List<Transform.Part> of, Optional<java.time.ZoneId> zone) implements FeatureStep {
        public Parts {
            of = List.copyOf(of);
            if (of.isEmpty()) {
                throw Problem.invalid("parts", "nothing", "parts of a timestamp such as [hour, weekday]");
            }
        }
    }

    /** The steps by their words. */
    Map<String, Class<? extends FeatureStep>> WORDS = Map.ofEntries(
            Map.entry("number", Number.class),
            Map.entry("required", Required.class),
            Map.entry("impute", Impute.class),
            Map.entry("log", Log.class),
            Map.entry("clip", Clip.class),
            Map.entry("standardise", Standardise.class),
            Map.entry("min_max", MinMax.class),
            Map.entry("bins", Bins.class),
            Map.entry("one_hot", OneHot.class),
            Map.entry("ordinal", Ordinal.class),
            Map.entry("hashing", Hashing.class),
            Map.entry("parts", Parts.class));

    /** A step as YAML or JSON declares it: a word, or a word with options. @throws Problem that names the feature and the word */
    static FeatureStep read(String column, JsonNode declared) {
        if (declared.isString()) {
            return of(column, declared.asString(), Json.MAPPER.createObjectNode());
        }
        if (declared.isObject() && declared.size() == 1) {
            Map.Entry<String, JsonNode> only = declared.properties().iterator().next();
            return of(column, only.getKey(), options(only.getKey(), only.getValue()));
        }
        throw Problem.invalid("feature " + column, declared, "a step such as one_hot, or {impute: {with: median}}");
    }

    /** Short forms: {@code impute: median}, {@code bins: 10}, {@code hashing: 32}, {@code parts: [hour]}. */
    private static JsonNode options(String word, JsonNode given) {
        String only = switch (word) {
            case "impute" -> "with";
            case "bins" -> "count";
            case "hashing" -> "buckets";
            case "parts" -> "of";
            default -> "";
        };
        boolean brief = !only.isEmpty() && !given.isObject() && !given.isNull();
        if (word.equals("impute") && given.isObject() && given.path("with").isNumber()) {
            return Json.MAPPER
                    .createObjectNode()
                    .setAll(((tools.jackson.databind.node.ObjectNode) given.deepCopy())
                            .put("with", given.path("with").asString()));
        }
        if (!brief) {
            return given.isNull() ? Json.MAPPER.createObjectNode() : given;
        }
        JsonNode value = word.equals("impute") ? Json.MAPPER.stringNode(given.asString()) : given;
        return Json.MAPPER.createObjectNode().set(only, value);
    }

    private static FeatureStep of(String column, String word, JsonNode options) {
        Class<? extends FeatureStep> type = WORDS.get(word);
        if (type == null) {
            Optional<String> near = Spelling.nearest(word, WORDS.keySet());
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "feature " + column + ": there is no step " + word
                            + near.map(likely -> "; did you mean " + likely + "?")
                                    .orElse("")
                            + " (steps: "
                            + WORDS.keySet().stream().sorted().collect(Collectors.joining(", ")) + ")");
        }
        try {
            return Json.MAPPER.treeToValue(options, type);
        } catch (JacksonException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            String said = e.getOriginalMessage()
                    .lines()
                    .findFirst()
                    .orElse("")
                    .replaceFirst(
                            "^Missing required creator property '([^']*)'.*",
                            "`$1` is missing, as in " + word + ": {$1: …}");
            throw Problem.of(Problem.Kind.INVALID, "feature " + column + ": wrong options of " + word + ": " + said);
        }
    }

    /** Learns this numeric step from a column's values, NaN where missing. */
    default Transform.Numeric fit(String column, double[] values) {
        double[] known =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        return switch (this) {
            case Impute impute ->
                new Transform.Impute(replacement(column, impute.with, known), impute.indicator.orElse(false));
            case Log _ -> new Transform.Log();
            case Clip clip -> clipped(clip, column, known);
            case Standardise _ -> {
                double mean = mean(some(column, known));
                yield new Transform.Standardise(mean, deviation(known, mean));
            }
            case MinMax _ -> {
                double[] sorted = sorted(some(column, known));
                yield new Transform.MinMax(sorted[0], sorted[sorted.length - 1]);
            }
            case Bins bins -> binned(bins.count, sorted(some(column, known)));
            case Number _, Required _, OneHot _, Ordinal _, Hashing _, Parts _ ->
                throw new IllegalStateException(this + " is no numeric step");
        };
    }

    private static Transform.Clip clipped(Clip clip, String column, double[] known) {
        if (clip.quantiles.isEmpty()) {
            return new Transform.Clip(clip.low.orElse(-Double.MAX_VALUE), clip.high.orElse(Double.MAX_VALUE));
        }
        double[] sorted = sorted(some(column, known));
        return new Transform.Clip(quantile(sorted, clip.quantiles.get(0)), quantile(sorted, clip.quantiles.get(1)));
    }

    private static Transform.Bins binned(int count, double[] sorted) {
        List<Double> edges = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            double edge = quantile(sorted, (double) i / count);
            if (edges.isEmpty() || edge > edges.getLast()) {
                edges.add(edge);
            }
        }
        return new Transform.Bins(edges);
    }

    private static double replacement(String column, String with, double[] known) {
        return switch (with) {
            case "mean" -> mean(some(column, known));
            case "median" -> quantile(sorted(some(column, known)), 0.5);
            case "most_frequent" -> mostFrequent(sorted(some(column, known)));
            default -> {
                try {
                    double value = Double.parseDouble(with);
                    if (Double.isFinite(value)) {
                        yield value;
                    }
                } catch (NumberFormatException _) {
                    // said below, for every wrong word
                }
                throw Problem.invalid(
                        "feature " + column + ": impute.with", with, "mean, median, most_frequent or a finite number");
            }
        };
    }

    private static double[] some(String column, double[] known) {
        if (known.length == 0) {
            throw Problem.of(
                    Problem.Kind.INVALID, "feature " + column + ": all its values in the training rows are missing");
        }
        return known;
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(double[] values, double mean) {
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(sum / values.length);
        return deviation > 0 ? deviation : 1;
    }

    /** Linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), NumPy's default. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** Of several equally frequent ones the least. */
    private static double mostFrequent(double[] sorted) {
        double best = sorted[0];
        int most = 0;
        for (int i = 0; i < sorted.length; ) {
            int end = i;
            while (end < sorted.length && sorted[end] == sorted[i]) {
                end++;
            }
            if (end - i > most) {
                most = end - i;
                best = sorted[i];
            }
            i = end;
        }
        return best;
    }

    /** The categories among these words by name; with {@code most}, only the most frequent, ties by name. */
    static List<String> categories(Iterable<String> words, Optional<Integer> most) {
        Map<String, Integer> counts = new HashMap<>();
        words.forEach(word -> counts.merge(word, 1, Integer::sum));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most.orElse(Integer.MAX_VALUE))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
