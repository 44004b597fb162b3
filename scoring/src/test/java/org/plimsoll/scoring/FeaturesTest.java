package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;

class FeaturesTest {

    private static final Schema RAW = Schema.of(
            Column.optional("distance", ColumnType.NUMBER),
            Column.optional("hour", ColumnType.INTEGER),
            Column.optional("holiday", ColumnType.BOOLEAN),
            Column.optional("origin", ColumnType.TEXT),
            Column.optional("departed_at", ColumnType.TIMESTAMP));

    private static final List<FeatureSpec> EVERYTHING = List.of(
            spec("distance", "[{\"impute\":{\"with\":\"median\",\"indicator\":true}},\"log\",\"standardise\"]"),
            spec("hour", "[{\"clip\":{\"quantiles\":[0.05,0.95]}},\"min_max\"]"),
            spec("holiday", "\"number\""),
            spec("origin", "[{\"impute\":\"most_frequent\"},{\"one_hot\":{\"unknown\":\"other\",\"most\":3}}]"),
            spec("departed_at", "{\"parts\":{\"of\":[\"hour\",\"weekday\",\"week\"],\"zone\":\"Europe/Berlin\"}}"));

    @Test
    void fittedSteps_onKnownRows_haveTheValuesComputedByHand() {
        Columns rows = Columns.builder(RAW, 4)
                .number(0, Math.expm1(1))
                .integer(1, 0)
                .bool(2, true)
                .text(3, "ORD")
                .integer(
                        4,
                        978_303_600_000L) // 2000-12-31 23:00 UTC, a Sunday; the year 2001 has begun in Berlin, a Monday
                .endRow()
                .number(0, Math.expm1(3))
                .integer(1, 10)
                .bool(2, false)
                .text(3, "ORD")
                .endRow()
                .endRow()
                .build();
        Features features = Features.fit(
                List.of(
                        spec("distance", "[\"log\",\"standardise\"]"),
                        spec("hour", "[{\"impute\":{\"with\":\"mean\",\"indicator\":true}},\"min_max\"]"),
                        spec("holiday", "\"ordinal\""),
                        spec("origin", "{\"one_hot\":{}}"),
                        spec(
                                "departed_at",
                                "{\"parts\":{\"of\":[\"hour\",\"weekday\",\"year\"],\"zone\":\"Europe/Berlin\"}}")),
                rows,
                ZoneOffset.UTC);
        assertThat(features.names())
                .containsExactly(
                        "distance",
                        "hour",
                        "hour.missing",
                        "holiday",
                        "origin=ORD",
                        "departed_at.hour",
                        "departed_at.weekday",
                        "departed_at.year");
        double[] x = features.encode(rows, Precision.SINGLE);
        double nan = Double.NaN;
        assertThat(x)
                .containsExactly(
                        new double[] {
                            -1, 0, 0, 1, 1, 0, 1, 2001, 1, 1, 0, 0, 1, nan, nan, nan, nan, 0.5f, 1, nan, 0, nan, nan,
                            nan
                        },
                        within(1e-6));
    }

    /** A column that is read as texts because of a few odd values is a number by one line. */
    @Test
    void texts_takenAsNumbers_areMissingWhereTheyAreNone() {
        Schema schema = Schema.of(Column.optional("size", ColumnType.TEXT));
        Columns rows = texts(schema, "1.5", " -2e1 ", "n. k.", "NaN", "0x10", "1e999", "1,5", "");
        Features features = Features.fit(
                List.of(spec("size", "[\"number\",{\"impute\":{\"with\":\"100\",\"indicator\":true}}]")),
                rows,
                ZoneOffset.UTC);
        double[] expected = {1.5, 0, -20, 0, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1};

        assertThat(features.encode(rows, Precision.DOUBLE)).containsExactly(expected);
        assertThat(Features.read(features.write()).encode(rows, Precision.DOUBLE))
                .containsExactly(expected);
        assertThat(features.inputs().column("size").type()).isEqualTo(ColumnType.TEXT);
        assertThatThrownBy(() ->
                        Features.fit(List.of(spec("size", "\"number\"")), texts(schema, "red", "blue"), ZoneOffset.UTC))
                .hasMessageContaining(
                        "feature size: none of its texts is a number such as 12.5 (one is red); use one_hot");
        assertThatThrownBy(() ->
                        Features.fit(List.of(spec("size", "[{\"impute\":\"red\"},\"number\"]")), rows, ZoneOffset.UTC))
                .hasMessageContaining("number comes first");
    }

    private static Columns texts(Schema schema, String... values) {
        ColumnsBuilder rows = Columns.builder(schema, values.length);
        for (String value : values) {
            rows.text(0, value).endRow();
        }
        return rows.build();
    }

    /** Whole numbers often come as 1.0, 2.0: they are categories by one line too. */
    @Test
    void numbersWithDecimals_areCategories() {
        Schema schema = Schema.of(Column.optional("grade", ColumnType.NUMBER));
        Columns rows = numbers(schema, 2, 1.5, -0.0, Double.NaN, 2, 1.5);
        Features features = Features.fit(List.of(spec("grade", "\"one_hot\"")), rows, ZoneOffset.UTC);

        assertThat(features.names()).containsExactlyInAnyOrder("grade=2", "grade=1.5", "grade=0");
        Columns fresh = numbers(schema, 1.5, 0.0, 7, Double.NaN);
        double[] x = features.encode(fresh, Precision.SINGLE);
        int width = features.width();
        assertThat(x[features.names().indexOf("grade=1.5")]).isEqualTo(1);
        assertThat(x[width + features.names().indexOf("grade=0")]).isEqualTo(1);
        assertThat(Arrays.stream(x).sum())
                .as("7 is not known, and one is missing")
                .isEqualTo(2);
        assertThat(Features.read(features.write()).encode(fresh, Precision.SINGLE))
                .containsExactly(x);
    }

    private static Columns numbers(Schema schema, double... values) {
        ColumnsBuilder rows = Columns.builder(schema, values.length);
        for (double value : values) {
            rows.number(0, value).endRow();
        }
        return rows.build();
    }

    @Test
    void aRow_aloneAndInABatch_givesTheSameBits() {
        long seed = 4711;
        Random random = new Random(seed);
        Features features = Features.fit(EVERYTHING, rows(random, 400), ZoneOffset.UTC);
        Features read = Features.read(features.write());
        Columns fresh = rows(random, 300);
        double[] together = features.encode(fresh, Precision.SINGLE);
        for (int row = 0; row < fresh.rows(); row++) {
            double[] expected = Arrays.copyOfRange(together, row * features.width(), (row + 1) * features.width());
            assertThat(bits(features.encode(fresh.pick(row), Precision.SINGLE)))
                    .as("seed %s row %s", seed, row)
                    .isEqualTo(bits(expected));
            assertThat(bits(read.encode(rebuilt(fresh, row), Precision.SINGLE)))
                    .as("seed %s row %s", seed, row)
                    .isEqualTo(bits(expected));
        }
    }

    @Test
    void features_throughTheirFile_stayTheSameBytes() {
        Features features = Features.fit(EVERYTHING, rows(new Random(1), 400), ZoneId.of("America/Chicago"));
        assertThat(Features.read(features.write()).write()).isEqualTo(features.write());
        assertThat(features.inputs().toString())
                .isEqualTo(
                        "distance number?, hour integer?, holiday boolean?, origin category?, departed_at timestamp?");
    }

    @Test
    void unknownCategories_followTheirRule() {
        Columns training = words("ATL", "ORD", "ORD");
        Columns asked = words("ORD", "JFK", null);
        double nan = Double.NaN;
        assertThat(fitted("{\"ordinal\":{}}", training).encode(asked, Precision.SINGLE))
                .containsExactly(1, nan, nan);
        assertThat(fitted("{\"ordinal\":{\"unknown\":\"other\"}}", training).encode(asked, Precision.SINGLE))
                .containsExactly(1, 2, nan);
        assertThat(fitted("\"one_hot\"", training).encode(asked, Precision.SINGLE))
                .containsExactly(0, 1, 0, 0, 0, 0);
        assertThat(fitted("{\"one_hot\":{\"unknown\":\"other\"}}", training).encode(asked, Precision.SINGLE))
                .containsExactly(0, 1, 0, 0, 0, 1, 0, 0, 0);
        assertThat(fitted("[{\"impute\":\"ATL\"},\"ordinal\"]", training).encode(asked, Precision.SINGLE))
                .containsExactly(1, nan, 0);
        assertThatThrownBy(() -> fitted("{\"ordinal\":{\"unknown\":\"refuse\"}}", training)
                        .encode(asked, Precision.SINGLE))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("origin is JFK in row 1");
        assertThatThrownBy(() -> fitted("[\"required\",\"ordinal\"]", training).encode(asked, Precision.SINGLE))
                .hasMessageContaining("origin is missing in row 2");
    }

    @Test
    void optionalInput_thatCallersLeaveOut_isMissing() {
        Features features = fitted("{\"ordinal\":{}}", words("ATL", "ORD"));
        Columns without = Columns.builder(Schema.of(Column.required("hour", ColumnType.INTEGER)), 1)
                .integer(0, 7)
                .endRow()
                .build();
        assertThat(features.encode(without, Precision.SINGLE)).containsExactly(Double.NaN);
        Features required = fitted("[\"required\",\"ordinal\"]", words("ATL", "ORD"));
        assertThatThrownBy(() -> required.encode(without, Precision.SINGLE))
                .hasMessageContaining("input origin is missing");
    }

    @Test
    void numberBeyondFloat_isRefusedWithItsRow() {
        Columns training = Columns.builder(RAW, 1).number(0, 5).endRow().build();
        Features features = Features.fit(List.of(spec("distance", "\"number\"")), training, ZoneOffset.UTC);
        Columns asked = Columns.builder(RAW, 1).number(0, 1e300).endRow().build();
        assertThatThrownBy(() -> features.encode(asked, Precision.SINGLE)).hasMessageContaining("1.0E300 in row 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            origin      | "number"                             | none of its texts is a number
            origin      | "onehot"                             | did you mean one_hot?
            origin      | {"one_hot":{"unknwon":"zeros"}}      | unknwon
            origin      | {"one_hot":{"unknown":"missing"}}    | zeros, other or refuse
            origin      | []                                   | text needs one_hot
            departed_at | "one_hot"                            | take text, numbers and booleans
            distance    | ["log","one_hot"]                    | take text, numbers and booleans
            distance    | {"impute":"middle"}                  | mean, median, most_frequent
            distance    | {"clip":{}}                          | low, high or both
            distance    | {"bins":1}                           | 2 to 1000
            departed_at | "number"                             | takes numbers
            departed_at | {"parts":["century"]}                | year, month
            orign       | "one_hot"                            | did you mean origin?
            """)
    void wrongDeclaration_isRefusedByName(String column, String declared, String said) {
        Columns training = rows(new Random(1), 50);
        assertThatThrownBy(() -> Features.fit(List.of(spec(column, declared)), training, ZoneOffset.UTC))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(said);
    }

    @Test
    void defaults_takeNumbersAndWords_andLeaveOutTimes() {
        List<FeatureSpec> specs = FeatureSpec.defaults(RAW, Set.of("holiday"));
        assertThat(specs.stream().map(FeatureSpec::column)).containsExactly("distance", "hour", "origin");
    }

    /** Values of sklearn.utils.murmurhash3_32(word, seed=0), scikit-learn 1.9.1. */
    @ParameterizedTest
    @CsvSource({"'',0", "a,1009084850", "ab,-1681926305", "abc,-1277324294", "ORD,-914336363", "Zürich,694770001"})
    void hash_isTheOneOfScikitLearn(String word, int hash) {
        assertThat(MurmurHash.of(word)).isEqualTo(hash);
    }

    private static FeatureSpec spec(String column, String declared) {
        return FeatureSpec.read(column, Json.MAPPER.readTree(declared));
    }

    private static Features fitted(String declared, Columns training) {
        return Features.fit(List.of(spec("origin", declared)), training, ZoneOffset.UTC);
    }

    private static Columns words(String... words) {
        ColumnsBuilder builder = Columns.builder(Schema.of(Column.optional("origin", ColumnType.TEXT)), words.length);
        for (String word : words) {
            if (word != null) {
                builder.text(0, word);
            }
            builder.endRow();
        }
        return builder.build();
    }

    /** The same row, built anew, with dictionaries of its own. */
    private static Columns rebuilt(Columns rows, int row) {
        ColumnsBuilder builder = Columns.builder(rows.schema(), 1);
        for (int c = 0; c < rows.schema().size(); c++) {
            if (!rows.isMissing(c, row)) {
                switch (rows.schema().columns().get(c).type()) {
                    case NUMBER -> builder.number(c, rows.number(c, row));
                    case BOOLEAN, INTEGER, TIMESTAMP -> builder.integer(c, rows.integer(c, row));
                    case TEXT, CATEGORY -> builder.text(c, rows.text(c, row).orElseThrow());
                }
            }
        }
        return builder.endRow().build();
    }

    private static Columns rows(Random random, int count) {
        ColumnsBuilder builder = Columns.builder(RAW, count);
        for (int row = 0; row < count; row++) {
            if (random.nextInt(8) > 0) {
                builder.number(0, random.nextDouble() * 2_000);
            }
            if (random.nextInt(8) > 0) {
                builder.integer(1, random.nextInt(24));
            }
            if (random.nextInt(8) > 0) {
                builder.bool(2, random.nextBoolean());
            }
            if (random.nextInt(8) > 0) {
                builder.text(3, List.of("ORD", "ATL", "DFW", "LAX", "Zürich").get(random.nextInt(5)));
            }
            if (random.nextInt(8) > 0) {
                builder.integer(4, 978_307_200_000L + random.nextInt(1_000_000) * 100_000L);
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static long[] bits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }
}
