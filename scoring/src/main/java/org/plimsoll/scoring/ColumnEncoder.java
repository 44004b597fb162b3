package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;

/** One feature's steps, made ready to run over primitive arrays: no boxing, no look-up by name, row by row. */
sealed interface ColumnEncoder {

    /** The place of an optional input that callers left out: all its values are missing. */
    int ABSENT = -1;

    /** Writes this feature's outputs of all rows, rounded to this precision, into x, a row-major matrix of this width. */
    void encode(Columns raw, int place, double[] x, int width, Precision precision);

    /** The names of the outputs these steps give. */
    static List<String> outputs(String column, List<Transform> steps) {
        List<String> names = new ArrayList<>();
        switch (steps.isEmpty() ? new Transform.Log() : steps.getLast()) {
            case Transform.OneHot oneHot -> {
                oneHot.categories().forEach(category -> names.add(column + "=" + category));
                if (oneHot.unknown() == Transform.Unknown.OTHER) {
                    names.add(column + "=(other)");
                }
            }
            case Transform.Hashing hashing -> {
                for (int i = 0; i < hashing.buckets(); i++) {
                    names.add(column + "#" + i);
                }
            }
            case Transform.Parts parts -> parts.parts().forEach(part -> names.add(column + "." + part.word()));
            case Transform.Ordinal _, Transform.Numeric _, Transform.Fill _, Transform.Parse _ -> names.add(column);
        }
        if (hasIndicator(steps)) {
            names.add(column + ".missing");
        }
        return names;
    }

    private static boolean hasIndicator(List<Transform> steps) {
        return steps.stream().anyMatch(step -> step instanceof Transform.Impute impute && impute.indicator());
    }

    /** The encoder of this feature, its outputs beginning at {@code offset} in each row of x. */
    static ColumnEncoder compile(Features.Feature feature, Column input, int offset) {
        int expected = outputs(feature.column(), feature.steps()).size();
        if (expected != feature.outputs().size()) {
            throw Problem.invalid(
                    "features.json: outputs of " + feature.column(),
                    feature.outputs().size(),
                    expected + " names");
        }
        Optional<String> fill = feature.steps().stream()
                .filter(Transform.Fill.class::isInstance)
                .map(step -> ((Transform.Fill) step).value())
                .findFirst();
        Transform end = feature.steps().isEmpty()
                ? new Transform.Fill("")
                : feature.steps().getLast();
        boolean isParsed = !feature.steps().isEmpty() && feature.steps().getFirst() instanceof Transform.Parse;
        return switch (end) {
            case Transform.OneHot oneHot ->
                new Encoded(
                        input,
                        offset,
                        lookup(input, oneHot.categories(), fill),
                        oneHot.categories().size(),
                        oneHot.unknown(),
                        true);
            case Transform.Ordinal ordinal ->
                new Encoded(
                        input,
                        offset,
                        lookup(input, ordinal.categories(), fill),
                        ordinal.categories().size(),
                        ordinal.unknown(),
                        false);
            case Transform.Hashing hashing ->
                new Encoded(input, offset, new Hashed(hashing, fill), hashing.buckets(), Transform.Unknown.ZEROS, true);
            case Transform.Parts parts -> new Dated(input, offset, parts);
            case Transform.Numeric _, Transform.Fill _, Transform.Parse _ -> {
                if (input.type().isText() != isParsed || input.type() == ColumnType.TIMESTAMP) {
                    throw Problem.invalid(
                            "features.json: steps of " + feature.column(), feature.steps(), "an encoding");
                }
                DoubleUnaryOperator[] chain = feature.steps().stream()
                        .filter(Transform.Numeric.class::isInstance)
                        .map(step -> unboxed((Transform.Numeric) step))
                        .toArray(DoubleUnaryOperator[]::new);
                Chained chained = new Chained(input, offset, chain, hasIndicator(feature.steps()));
                yield isParsed ? new Parsed(chained) : chained;
            }
        };
    }

    /** The step over primitive values; the edges of bins are a list in the file. */
    private static DoubleUnaryOperator unboxed(Transform.Numeric step) {
        if (!(step instanceof Transform.Bins bins)) {
            return step::apply;
        }
        double[] edges = bins.edges().stream().mapToDouble(Double::doubleValue).toArray();
        return given -> Transform.Bins.bin(edges, given);
    }

    private static Lookup lookup(Column input, List<String> categories, Optional<String> fill) {
        return switch (input.type()) {
            case TEXT, CATEGORY -> Words.of(categories, fill);
            case NUMBER -> Decimals.of(input, categories);
            case BOOLEAN, INTEGER, TIMESTAMP -> Wholes.of(input, categories);
        };
    }

    private static Problem missing(Column input, int row) {
        return Problem.of(
                Problem.Kind.INVALID,
                "input " + input.name() + " is missing in row " + row + " (rows count from 0); it is required",
                Map.of("column", input.name(), "row", row));
    }

    /** A column of numbers through a chain of numeric steps. */
    record Chained(Column input, int offset, DoubleUnaryOperator[] chain, boolean indicator) implements ColumnEncoder {

        @Override
        public void encode(Columns raw, int place, double[] x, int width, Precision precision) {
            int at = offset;
            for (int row = 0; row < raw.rows(); row++, at += width) {
                put(place == ABSENT ? Double.NaN : raw.number(place, row), row, x, at, precision);
            }
        }

        void put(double given, int row, double[] x, int at, Precision precision) {
            if (Double.isNaN(given) && !input.optional()) {
                throw missing(input, row);
            }
            double value = given;
            for (DoubleUnaryOperator step : chain) {
                value = step.applyAsDouble(value);
            }
            x[at] = precision.rounded(value);
            if (Double.isInfinite(x[at])) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "input " + input.name() + " is " + given + " in row " + row + " (rows count from 0); expected "
                                + precision.expected());
            }
            if (indicator) {
                x[at + 1] = Double.isNaN(given) ? 1 : 0;
            }
        }
    }

    /** A column of texts that are read as numbers, through a chain of numeric steps. */
    record Parsed(Chained chained) implements ColumnEncoder {

        @Override
        public void encode(Columns raw, int place, double[] x, int width, Precision precision) {
            int at = chained.offset;
            for (int row = 0; row < raw.rows(); row++, at += width) {
                double given = place == ABSENT
                        ? Double.NaN
                        : raw.text(place, row).map(Transform.Parse::number).orElse(Double.NaN);
                chained.put(given, row, x, at, precision);
            }
        }
    }

    /** From a value to the place of its category. */
    sealed interface Lookup {
        /** The value is missing. */
        int MISSING = -1;

        /** The value was not among those of the training rows. */
        int UNKNOWN = -2;

        /** The places of all these rows' values. */
        int[] places(Columns raw, int column);

        /** The place that stands for a missing value. */
        default int missing() {
            return MISSING;
        }
    }

    /** Categories of a text column. */
    record Words(Map<String, Integer> places, int missing) implements Lookup {

        static Words of(List<String> categories, Optional<String> fill) {
            Map<String, Integer> places = new HashMap<>();
            for (String category : categories) {
                places.put(category, places.size());
            }
            return new Words(
                    places, fill.map(word -> places.getOrDefault(word, UNKNOWN)).orElse(MISSING));
        }

        @Override
        public int[] places(Columns raw, int column) {
            return byCode(raw, column, missing, word -> places.getOrDefault(word, UNKNOWN));
        }
    }

    /** Hash buckets of a text column. */
    record Hashed(Transform.Hashing hashing, Optional<String> fill) implements Lookup {
        @Override
        public int[] places(Columns raw, int column) {
            return byCode(raw, column, missing(), hashing::bucket);
        }

        @Override
        public int missing() {
            return fill.map(hashing::bucket).orElse(MISSING);
        }
    }

    /** What a word becomes. */
    interface WordPlace {
        int of(String word);
    }

    /** Each word of the dictionary is looked up once, and only if a row uses it. */
    private static int[] byCode(Columns raw, int column, int missing, WordPlace lookup) {
        int[] codes = raw.codes(column);
        int[] places = new int[codes.length];
        if (codes.length == 1) {
            places[0] = codes[0] < 0 ? missing : lookup.of(raw.text(column, 0).orElseThrow());
            return places;
        }
        int[] known = new int[raw.dictionarySize(column)];
        Arrays.fill(known, Integer.MIN_VALUE);
        for (int row = 0; row < codes.length; row++) {
            int code = codes[row];
            if (code < 0) {
                places[row] = missing;
            } else {
                if (known[code] == Integer.MIN_VALUE) {
                    known[code] = lookup.of(raw.text(column, row).orElseThrow());
                }
                places[row] = known[code];
            }
        }
        return places;
    }

    /** Categories of a column of whole numbers or booleans. */
    record Wholes(long[] sorted, int[] places) implements Lookup {

        static Wholes of(Column input, List<String> categories) {
            long[] keys = new long[categories.size()];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = key(input, categories.get(i));
            }
            long[] sorted = keys.clone();
            Arrays.sort(sorted);
            int[] places = new int[keys.length];
            for (int i = 0; i < keys.length; i++) {
                places[Arrays.binarySearch(sorted, keys[i])] = i;
            }
            return new Wholes(sorted, places);
        }

        private static long key(Column input, String category) {
            if (input.type() == ColumnType.BOOLEAN) {
                return Boolean.parseBoolean(category) ? 1 : 0;
            }
            try {
                return Long.parseLong(category);
            } catch (NumberFormatException _) {
                throw Problem.invalid("features.json: category of " + input.name(), category, "a whole number");
            }
        }

        @Override
        public int[] places(Columns raw, int column) {
            int[] found = new int[raw.rows()];
            for (int row = 0; row < found.length; row++) {
                if (raw.isMissing(column, row)) {
                    found[row] = MISSING;
                } else {
                    int at = Arrays.binarySearch(sorted, raw.integer(column, row));
                    found[row] = at < 0 ? UNKNOWN : places[at];
                }
            }
            return found;
        }
    }

    /** Categories of a column of numbers that may have decimals. */
    record Decimals(double[] sorted, int[] places) implements Lookup {

        static Decimals of(Column input, List<String> categories) {
            double[] keys = new double[categories.size()];
            for (int i = 0; i < keys.length; i++) {
                try {
                    keys[i] = Double.parseDouble(categories.get(i)) + 0.0; // -0 and 0 are one
                } catch (NumberFormatException _) {
                    throw Problem.invalid("features.json: category of " + input.name(), categories.get(i), "a number");
                }
            }
            double[] sorted = keys.clone();
            Arrays.sort(sorted);
            int[] places = new int[keys.length];
            for (int i = 0; i < keys.length; i++) {
                places[Arrays.binarySearch(sorted, keys[i])] = i;
            }
            return new Decimals(sorted, places);
        }

        @Override
        public int[] places(Columns raw, int column) {
            int[] found = new int[raw.rows()];
            for (int row = 0; row < found.length; row++) {
                double value = raw.number(column, row);
                int at = Double.isNaN(value) ? MISSING : Arrays.binarySearch(sorted, value + 0.0);
                found[row] = Double.isNaN(value) ? MISSING : at < 0 ? UNKNOWN : places[at];
            }
            return found;
        }
    }

    /**
     * A column of categories, one-hot or as a number.
     *
     * @param other the place that unknown values share where the rule is OTHER
     */
    record Encoded(Column input, int offset, Lookup lookup, int other, Transform.Unknown unknown, boolean oneHot)
            implements ColumnEncoder {

        @Override
        public void encode(Columns raw, int place, double[] x, int width, Precision precision) {
            if (place == ABSENT) {
                int[] all = new int[raw.rows()];
                Arrays.fill(all, lookup.missing());
                encode(all, raw, place, x, width);
            } else {
                encode(lookup.places(raw, place), raw, place, x, width);
            }
        }

        private void encode(int[] places, Columns raw, int column, double[] x, int width) {
            int at = offset;
            for (int row = 0; row < places.length; row++, at += width) {
                int place = places[row];
                if (place == Lookup.MISSING && !input.optional()) {
                    throw missing(input, row);
                }
                if (place == Lookup.UNKNOWN) {
                    place = switch (unknown) {
                        case OTHER -> other;
                        case ZEROS, MISSING -> Lookup.MISSING;
                        case REFUSE -> throw refused(raw, column, row);
                    };
                }
                if (!oneHot) {
                    x[at] = place < 0 ? Double.NaN : place;
                } else if (place >= 0) {
                    x[at + place] = 1;
                }
            }
        }

        private Problem refused(Columns raw, int column, int row) {
            String value = raw.written(column, row).orElse("missing");
            return Problem.of(
                    Problem.Kind.INVALID,
                    "input " + input.name() + " is " + value + " in row " + row
                            + " (rows count from 0), which was not in the training rows; this model refuses unknown values",
                    Map.of("column", input.name(), "row", row, "value", value));
        }
    }

    /** A column of instants, by parts of their date and time. */
    record Dated(Column input, int offset, Transform.Parts parts) implements ColumnEncoder {

        @Override
        public void encode(Columns raw, int place, double[] x, int width, Precision precision) {
            int at = offset;
            for (int row = 0; row < raw.rows(); row++, at += width) {
                if (place == ABSENT || raw.isMissing(place, row)) {
                    if (!input.optional()) {
                        throw missing(input, row);
                    }
                    Arrays.fill(x, at, at + parts.parts().size(), Double.NaN);
                } else {
                    var moment = parts.at(raw.integer(place, row));
                    for (int i = 0; i < parts.parts().size(); i++) {
                        x[at + i] = parts.parts().get(i).from(moment);
                    }
                }
            }
        }
    }
}
