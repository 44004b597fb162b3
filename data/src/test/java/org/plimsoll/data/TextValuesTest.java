package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextValuesTest {

    @TempDir
    Path folder;

    private static TextValues guess(boolean decimalComma, String... some) {
        return TextValues.guess(List.of(some), decimalComma).getFirst();
    }

    private Optional<String> asked(String sql) {
        return Query.standard(folder)
                .run(
                        List.of(),
                        session -> session.rows("SELECT CAST(" + sql + " AS VARCHAR)")
                                .getFirst()
                                .getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1 2 -3             | INTEGER
                    1 2.5 1e6          | NUMBER
                    007 012            | TEXT
                    12345678901234567890 1 | TEXT
                    true False         | BOOLEAN
                    1,5 2,75           | NUMBER
                    1,500 12,000.5     | NUMBER
                    2024-01-31 2024-02-01T10:00:00Z | TIMESTAMP
                    31.12.2024 01.02.24 | TEXT
                    31.12.2024 01.02.2024 | TIMESTAMP
                    red green          | TEXT
                    12.5% 3%           | NUMBER
                    $5 -$1,700         | NUMBER
                    €5 €17             | INTEGER
                    1.234,50€ 2,5€     | NUMBER
                    5% red%            | TEXT
                    5% 3$              | TEXT
                    """)
    void type_isTheStrictestThatFitsAll(String values, ColumnType type) {
        assertThat(guess(false, values.split(" ")).type()).isEqualTo(type);
    }

    @Test
    void dayOrMonthFirst_isDecidedByWhatCannotBeAMonth() {
        assertThat(guess(false, "03/04/2024", "13/04/2024").note()).contains("day first");
        assertThat(guess(false, "03/04/2024", "04/13/2024").note()).contains("month first");
        assertThat(guess(false, "03.04.2024").note().orElseThrow()).startsWith("day first, which is a guess");
    }

    /** The first of each month, rather than twelve days of each January. */
    @Test
    void dayOrMonthFirst_whereOneOfThemStaysTheSame_thatIsTheDay() {
        assertThat(guess(false, "01/02/2024", "01/03/2024", "01/02/2025").note().orElseThrow())
                .startsWith("day first, which is a guess");
        assertThat(guess(false, "02.01.2024", "03.01.2025").note().orElseThrow())
                .startsWith("month first, which is");
        assertThat(guess(false, "02.01.2024", "03.01.2024").note().orElseThrow())
                .as("days of one January")
                .startsWith("day first, which is");
        assertThat(guess(false, "02/05/2024", "03/04/2024").note().orElseThrow())
                .startsWith("month first, which is");
    }

    @ParameterizedTest
    @CsvSource({"12, 12", "12.0, 12", "-0, 0", "+7, 7"})
    void wholeNumbers_areRead(String text, String value) {
        assertThat(asked(guess(false, "1").of("'" + text + "'"))).contains(value);
    }

    @Test
    void units_areLeftAway_andSaid() {
        TextValues percent = guess(false, "12.5%", "3 %");
        assertThat(percent.note()).contains("numbers without their %");
        assertThat(asked(percent.of("'-3.5 %'"))).contains("-3.5");
        assertThat(asked(percent.of("'7'"))).contains("7.0");
        assertThat(asked(percent.of("'7 of 9'"))).isEmpty();
        assertThat(asked(guess(false, "$1,234.50", "-$7").of("'-$1,000'"))).contains("-1000.0");
        assertThat(asked(guess(true, "1.234,50 €", "2,5 €").of("'1.000,25 €'"))).contains("1000.25");
        assertThat(guess(true, "1.234,50 €", "2,5 €").note()).contains("decimal comma, numbers without their €");
    }

    @ParameterizedTest
    @CsvSource({"1.5", "007", "x", "1e3", "99999999999999999999"})
    void whatIsNoWholeNumber_doesNotFit(String text) {
        assertThat(asked(guess(false, "1").of("'" + text + "'"))).isEmpty();
    }

    @Test
    void missing_isSaidInManyWords_theSameHereAndInSql() {
        for (String word : TextValues.MISSING) {
            assertThat(asked(TextValues.present("' " + word.toUpperCase(java.util.Locale.ROOT) + "\t'")))
                    .as(word)
                    .isEmpty();
            assertThat(TextValues.isMissing(word)).as(word).isTrue();
        }
        for (String word : List.of("nano", "n", "---", "0", "?!", "in f", "nan1")) {
            assertThat(asked(TextValues.present("'" + word + "'"))).as(word).contains(word);
            assertThat(TextValues.isMissing(word)).as(word).isFalse();
        }
    }
}
