package org.plimsoll.scoring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;

/**
 * One fitted step on the way from a raw value to what the engine sees. What was learned in training stands in it; it is part of
 * {@code features.json} and applied the same way, bit for bit, to one row and to a million.
 *
 * <p>Arithmetic is in double precision, with {@link StrictMath} where the JDK leaves room, and rounded to the engine's own
 * {@link Precision} once, at the end.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Transform.Impute.class, name = "impute"),
    @JsonSubTypes.Type(value = Transform.Log.class, name = "log"),
    @JsonSubTypes.Type(value = Transform.Clip.class, name = "clip"),
    @JsonSubTypes.Type(value = Transform.Standardise.class, name = "standardise"),
    @JsonSubTypes.Type(value = Transform.MinMax.class, name = "min_max"),
    @JsonSubTypes.Type(value = Transform.Bins.class, name = "bins"),
    @JsonSubTypes.Type(value = Transform.Parse.class, name = "parse"),
    @JsonSubTypes.Type(value = Transform.Fill.class, name = "fill"),
    @JsonSubTypes.Type(value = Transform.OneHot.class, name = "one_hot"),
    @JsonSubTypes.Type(value = Transform.Ordinal.class, name = "ordinal"),
    @JsonSubTypes.Type(value = Transform.Hashing.class, name = "hashing"),
    @JsonSubTypes.Type(value = Transform.Parts.class, name = "parts")
})
public sealed interface Transform {

    /** A step from a number to a number; NaN is a missing value. */
    sealed interface Numeric extends Transform {
        double apply(double value);
    }

    /** The last step, from a value to one or more numbers. */
    sealed interface Encoding extends Transform {}

    /**
     * A missing value becomes this one.
     *
     * @param indicator whether a further output says 1 where the raw value was missing, else 0
     */
    record Impute(double value, boolean indicator) implements Numeric {
        @Override
        public double apply(double given) {
            return Double.isNaN(given) ? value : given;
        }
    }

    /** ln(1 + x); missing for x of -1 and less. */
    record Log() implements Numeric {
        @Override
        public double apply(double given) {
            return given > -1 ? StrictMath.log1p(given) : Double.NaN;
        }
    }

    /** No less than {@code low}, no more than {@code high}. */
    record Clip(double low, double high) implements Numeric {

        public Clip {
            if (!(low <= high)) {
                throw Problem.invalid("clip", low + " to " + high, "a low end that is not above the high end");
            }
        }

        @Override
        public double apply(double given) {
            return given < low ? low : given > high ? high : given;
        }
    }

    /** (x - mean) / deviation, the deviation of the training rows with n in the denominator; 1 where all were equal. */
    record Standardise(double mean, double deviation) implements Numeric {
        @Override
        public double apply(double given) {
            return (given - mean) / deviation;
        }
    }

    /** (x - low) / (high - low): 0 to 1 on the training rows; 0 where all were equal. */
    record MinMax(double low, double high) implements Numeric {
        @Override
        public double apply(double given) {
            return high > low ? (given - low) / (high - low) : given - low;
        }
    }

    /**
     * The number of the bin: how many edges are at most x.
     *
     * @param edges quantiles of the training rows, rising, without repeats
     */
    record Bins(List<Double> edges) implements Numeric {

        public Bins {
            edges = List.copyOf(edges);
        }

        @Override
        public double apply(double given) {
            return bin(edges.stream().mapToDouble(Double::doubleValue).toArray(), given);
        }

        /** How many of these rising edges are at most this; NaN for NaN. */
        static double bin(double[] edges, double given) {
            if (Double.isNaN(given)) {
                return given;
            }
            int low = 0;
            int high = edges.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (edges[middle] <= given) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** A text becomes the number that it writes, with a point before decimals; missing where it is none. */
    record Parse() implements Transform {

        private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

        static double number(String text) {
            String trimmed = text.strip();
            double number = NUMBER.matcher(trimmed).matches() ? Double.parseDouble(trimmed) : Double.NaN;
            return Double.isInfinite(number) ? Double.NaN : number;
        }
    }

    /** A missing word becomes this one. */
    record Fill(String value) implements Transform {}

    /** What a value that was not seen in training becomes. */
    enum Unknown {
        /** All outputs are 0 (one-hot). */
        ZEROS,
        /** The output is missing (ordinal). */
        MISSING,
        /** A place of its own after the known ones. */
        OTHER,
        /** The row is refused. */
        REFUSE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Unknown of(String word) {
            return Stream.of(values())
                    .filter(rule -> rule.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> Problem.invalid("unknown", word, "zeros, missing, other or refuse"));
        }
    }

    /** One output for each category: 1 for the row's own, else 0; all 0 for a missing value. */
    record OneHot(List<String> categories, Unknown unknown) implements Encoding {
        public OneHot {
            categories = List.copyOf(categories);
            if (unknown == Unknown.MISSING) {
                throw Problem.invalid("one_hot.unknown", unknown.word(), "zeros, other or refuse");
            }
        }
    }

    /** The place of the category in the list, from 0; a missing value stays missing. */
    record Ordinal(List<String> categories, Unknown unknown) implements Encoding {
        public Ordinal {
            categories = List.copyOf(categories);
            if (unknown == Unknown.ZEROS) {
                throw Problem.invalid("ordinal.unknown", unknown.word(), "missing, other or refuse");
            }
        }
    }

    /** One output for each bucket: 1 for the bucket of the word's hash (MurmurHash3, 32 bits, seed 0), else 0. */
    record Hashing(int buckets) implements Encoding {
        public Hashing {
            if (buckets < 2 || buckets > 4096) {
                throw Problem.invalid("hashing.buckets", buckets, "2 to 4096");
            }
        }

        /** The bucket of this word. */
        int bucket(String word) {
            return Math.floorMod(MurmurHash.of(word), buckets);
        }
    }

    /** A part of an instant's date or time, as a number. */
    enum Part {
        YEAR,
        MONTH,
        DAY,
        WEEK,
        WEEKDAY,
        DAY_OF_YEAR,
        HOUR,
        MINUTE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Part of(String word) {
            return Stream.of(values())
                    .filter(part -> part.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> Problem.invalid(
                            "parts", word, "year, month, day, week, weekday, day_of_year, hour or minute"));
        }

        /** Weeks and weekdays are ISO 8601's: Monday is 1. */
        int from(ZonedDateTime moment) {
            return switch (this) {
                case YEAR -> moment.getYear();
                case MONTH -> moment.getMonthValue();
                case DAY -> moment.getDayOfMonth();
                case WEEK -> moment.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
                case WEEKDAY -> moment.getDayOfWeek().getValue();
                case DAY_OF_YEAR -> moment.getDayOfYear();
                case HOUR -> moment.getHour();
                case MINUTE -> moment.getMinute();
            };
        }
    }

    /** One output for each part of the instant, in this zone; all missing where it is missing. */
    record Parts(List<Part> parts, ZoneId zone) implements Encoding {
        public Parts {
            parts = List.copyOf(parts);
        }

        ZonedDateTime at(long epochMillis) {
            return Instant.ofEpochMilli(epochMillis).atZone(zone);
        }
    }
}
