package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspection.Use;
import org.plimsoll.data.Inspector.Asked;

/** Files as people have them: each is read as it was meant, or refused with what to do; nothing is left behind. */
class InspectorTest {

    private static final int ROWS = 120;

    @TempDir
    Path folder;

    private Path work;
    private int files;

    @BeforeEach
    void makeFolder() throws IOException {
        work = Files.createDirectories(folder.resolve("work"));
    }

    private Inspection inspect(Path file, Asked asked) {
        return new Inspector(Query.standard(work.resolve("queries")), work)
                .inspect(file, work.resolve("rows-" + files++ + ".parquet"), asked);
    }

    private Inspection inspect(String text) throws IOException {
        return inspect(write("data.csv", text.getBytes(StandardCharsets.UTF_8)), target("y"));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static Asked target(String name) {
        return new Asked(name, Optional.empty(), Optional.empty(), List.of());
    }

    /** Rows whose columns a, b and c know something of y, and do not give it away. */
    private static List<String[]> rows() {
        Random random = new Random(7);
        return IntStream.range(0, ROWS)
                .mapToObj(_ -> {
                    double a = random.nextGaussian();
                    return new String[] {
                        String.format(java.util.Locale.ROOT, "%.3f", a),
                        List.of("red", "green", "blue").get(random.nextInt(3)),
                        String.valueOf(random.nextInt(40)),
                        a + random.nextGaussian() > 0 ? "yes" : "no"
                    };
                })
                .toList();
    }

    private static String csv(String header, String delimiter) {
        return header + "\n"
                + rows().stream().map(row -> String.join(delimiter, row)).collect(Collectors.joining("\n")) + "\n";
    }

    private List<String> leftBehind() throws IOException {
        try (Stream<Path> all = Files.list(work)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("queries") && !name.startsWith("rows-"))
                    .toList();
        }
    }

    // ---- how files are written

    @ParameterizedTest
    @ValueSource(
            strings = {"UTF-8", "windows-1252", "UTF-16", "UTF-16LE", "UTF-16BE", "X-UTF-32LE-BOM", "X-UTF-32BE-BOM"})
    void encoding_isFoundOut(String charset) throws IOException {
        String text = csv("a;größe;c;y", ";").replace("red", "rot é");
        Inspection found = inspect(write("data.csv", text.getBytes(Charset.forName(charset))), target("y"));
        assertThat(found.columns())
                .extracting(Inspection.InspectedColumn::name)
                .containsExactly("a", "größe", "c", "y");
        assertThat(found.rows()).isEqualTo(ROWS);
        assertThat(found.format()).contains("semicolons");
    }

    @Test
    void marks_inNumbers_areReadAsThePeopleWroteThem() throws IOException {
        Inspection european = inspect(csv("a;b;c;y", ";").replace('.', ','));
        assertThat(european.column("a").type()).isEqualTo(ColumnType.NUMBER);
        assertThat(european.format()).contains("decimal comma");

        String thousands = "x,y\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(i -> "\"1," + (100 + i) + ".5\"," + (i % 3 == 0 ? "yes" : "no"))
                        .collect(Collectors.joining("\n"));
        Inspection american = inspect(thousands);
        assertThat(american.column("x").least()).contains(1100.5);
        assertThat(american.format()).contains("commas group thousands");
    }

    @Test
    void names_thatAreOdd_arriveAsTheyAre() throws IOException {
        Inspection found = inspect(
                write(
                        "data.csv",
                        csv("\"q\"\"u'o\",\"line\nbreak\",select,\"$y.z\\1\"", ",")
                                .getBytes(StandardCharsets.UTF_8)),
                target("$y.z\\1"));
        assertThat(found.columns())
                .extracting(Inspection.InspectedColumn::name)
                .containsExactly("q\"u'o", "line\nbreak", "select", "$y.z\\1");
        assertThat(found.target().classes()).hasSize(2);
    }

    @Test
    void names_thatAreTaken_orTooLong_areChangedAndSaid() throws IOException {
        Inspection twice = inspect(csv("a,a,c,y", ","));
        assertThat(twice.columns()).extracting(Inspection.InspectedColumn::name).containsExactly("a", "a_2", "c", "y");
        assertThat(twice.notes()).anyMatch(note -> note.contains("is called a_2"));

        Inspection longName = inspect(csv("h".repeat(100_000) + ",b,c,y", ","));
        assertThat(longName.columns().getFirst().name()).hasSize(200);
    }

    /** DuckDB adds columns of these names, and ours say where a row comes from. */
    @Test
    void names_thatReadersAdd_areChanged_inTextAndInParquet() throws IOException {
        Inspection text = inspect(csv("file_row_number,_row,_FILE,y", ","));
        assertThat(text.columns())
                .extracting(Inspection.InspectedColumn::name)
                .containsExactly("file_row_number_2", "_row_2", "_FILE_2", "y");

        ColumnsBuilder rows = Columns.builder(
                Schema.of(
                        Column.required("file_row_number", ColumnType.TEXT),
                        Column.required("a", ColumnType.NUMBER),
                        Column.required("y", ColumnType.TEXT)),
                ROWS);
        for (String[] row : rows()) {
            rows.text(0, row[1])
                    .number(1, Double.parseDouble(row[0]))
                    .text(2, row[3])
                    .endRow();
        }
        Path parquet = folder.resolve("own.parquet");
        Query.standard(work.resolve("queries")).write(rows.build(), parquet);
        assertThat(inspect(parquet, target("y")).columns())
                .extracting(Inspection.InspectedColumn::name)
                .containsExactly("file_row_number_2", "a", "y");
    }

    @Test
    void record_thatIsTooLong_isSaidToBe_andCsvCalledParquetIsNamed() throws IOException {
        String text = "a,y\n1,yes\n2," + "x".repeat(DelimitedText.LONGEST_RECORD + 1) + "\n3,no\n";
        assertThatThrownBy(() -> inspect(text))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("a record is longer than 64 MiB");
        Path file = write("data.parquet", csv("a,b,c,y", ",").getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> inspect(file, target("y")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("CSV is named .csv");
    }

    @Test
    void parquet_damagedAnywhere_isNamed() throws IOException {
        Path whole = folder.resolve("whole.parquet");
        ColumnsBuilder rows = Columns.builder(
                Schema.of(Column.required("a", ColumnType.NUMBER), Column.required("y", ColumnType.TEXT)), 1_000);
        for (int row = 0; row < 1_000; row++) {
            rows.numberAhead(0, row, Math.sin(row) * row);
            rows.textAhead(1, row, row % 3 == 0 ? "yes" : "no");
        }
        rows.endRows(1_000);
        Query.standard(work.resolve("queries")).write(rows.buildAsFound(), whole);
        byte[] bytes = Files.readAllBytes(whole);
        byte[] hole = bytes.clone();
        Arrays.fill(hole, 20, 600, (byte) 0x5a);
        for (byte[] damaged : List.of(
                Arrays.copyOf(bytes, bytes.length - 100), Arrays.copyOf(bytes, bytes.length / 2), hole, new byte[0])) {
            Path file = write("damaged.parquet", damaged);
            assertThatThrownBy(() -> inspect(file, target("y")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("damaged.parquet cannot be read as Parquet")
                    .hasMessageNotContainingAny("Exception", "Error:")
                    .hasMessageContaining("is it whole?");
        }
        assertThat(inspect(whole, target("y")).rows())
                .as("the same file, whole")
                .isEqualTo(1_000);
        assertThat(leftBehind()).isEmpty();
    }

    // ---- what is refused, with what to do

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                                      | is empty
                    `a,y\\n`                                | no rows
                    `# made by hand\\na,y\\n1,2\\n3,4\\n`   | names no columns
                    `Sales, all\\nof 2024\\n\\na,b,y\\n1,2,3\\n4,5,6\\n7,8,9\\n` | the lines from `a, b, y` on have 3 values
                    `[{"a": 1}]`                            | looks like JSON
                    `<table><tr>`                           | looks like HTML
                    `a,b\\n1,2\\n`                          | there is no column y
                    `a,Y\\n1,2\\n`                          | did you mean Y?
                    `y,Y\\n1,2\\n`                          | are both called y
                    `y\\nyes\\nno\\nyes\\nno\\n`            | no column is left
                    `a,y\\n1,yes\\n2,yes\\n`                | is yes in every row
                    `a,y\\n1,\\n2,NaN\\n`                   | is missing in every row
                    `a,y\\n1,2,3\\n`                        | line 2: it has 3 values
                    `a,y\\n1,2\\n3\\n`                      | line 3: it has 1 value,
                    `1.5,2\\n3,4\\n`                        | has no names of columns
                    """)
    void file_thatCannotBeLearnedFrom_saysWhy(String text, String words) throws IOException {
        String content = text == null ? "" : text.replace("\\n", "\n");
        assertThatThrownBy(() -> inspect(content)).isInstanceOf(Problem.class).hasMessageContaining(words);
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void target_ofAlmostOneValueARow_orNumberingRows_isRefused() {
        String unique = "a,y\n"
                + IntStream.range(0, ROWS).mapToObj(i -> i % 7 + ",id-" + i).collect(Collectors.joining("\n"));
        assertThatThrownBy(() -> inspect(unique)).hasMessageContaining("almost one a row");
        String counting = "a,y\n"
                + IntStream.range(0, ROWS).mapToObj(i -> i % 7 + "," + i).collect(Collectors.joining("\n"));
        assertThatThrownBy(() -> inspect(counting)).hasMessageContaining("numbers the rows from 0 to 119");
    }

    // ---- what is guessed

    @Test
    void wholeNumbers_asTarget_areClassesWhereTheyNumberThem() throws IOException {
        assertThat(inspect(wholeTarget(26, 1, 0)).target().classes()).hasSize(26);
        Inspection.Target codes = inspect(wholeTarget(12, 10, 10)).target();
        assertThat(codes.classes()).isEmpty();
        assertThat(codes.wholeNumbers()).as("what they would be as classes").hasSize(12);
        assertThat(codes.range()).contains("12 whole numbers from 10 to 120");
        assertThat(inspect(wholeTarget(8, 10, 10)).target().classes())
                .as("few are classes")
                .hasSize(8);
        assertThat(inspect(wholeTarget(400, 1, 0)).target().wholeNumbers())
                .as("many are none")
                .isEmpty();
    }

    private static String wholeTarget(int values, int step, int from) {
        Random random = new Random(values);
        return "a,y\n"
                + IntStream.range(0, 10 * values)
                        .mapToObj(i -> random.nextGaussian() + "," + (from + step * (i % values)))
                        .collect(Collectors.joining("\n"));
    }

    @Test
    void longDigits_areCodes_notNumbersThatLookAlike() throws IOException {
        String text = "code,a,y\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(
                                i -> "92233720368547758" + (10_000 + i) + "," + i % 11 + "," + (i % 3 == 0 ? "p" : "q"))
                        .collect(Collectors.joining("\n"));
        Inspection.InspectedColumn code = inspect(text).column("code");
        assertThat(code.type()).isEqualTo(ColumnType.TEXT);
        assertThat(code.why()).hasValueSatisfying(why -> assertThat(why).contains("unique in every row"));
    }

    @Test
    void columns_thatSayNothing_orNameRows_areLeftOutWithTheReason() throws IOException {
        List<String[]> rows = rows();
        String text = "customer_id,empty,same,note,a,y\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(
                                i -> (7 * i + 1_000) + ",,k,remark " + i + "," + rows.get(i)[0] + "," + rows.get(i)[3])
                        .collect(Collectors.joining("\n"));
        Inspection found = inspect(text);
        assertThat(found.of(Use.FEATURE))
                .extracting(Inspection.InspectedColumn::name)
                .containsExactly("a");
        assertThat(found.column("customer_id").why()).contains("an identifier: unique in every row");
        assertThat(found.column("empty").why()).contains("missing in every row");
        assertThat(found.column("same").why()).contains("the same in every row");
        assertThat(found.column("note").why()).contains("an identifier or free text: unique in every row");
    }

    @Test
    void classes_ofHardlyARow_areSaid() throws IOException {
        String text = csv("a,b,c,y", ",").replaceFirst(",(yes|no)\n", ",noo\n");
        assertThat(inspect(text).notes()).anyMatch(note -> note.contains("Fewer than 5 rows have y = noo"));
        assertThat(inspect(csv("a,b,c,y", ",")).notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "31.12.2023 | 2023-12-31T00:00:00Z",
        "12/31/2023 | 2023-12-31T00:00:00Z",
        "2023-12-31T22:15:00Z | 2023-12-31T22:15:00Z",
        "31 Dec 2023 | 2023-12-31T00:00:00Z",
        "20231231 | 2023-12-31T00:00:00Z",
        "1704060900 | 2023-12-31T22:15:00Z",
        "1704060900000 | 2023-12-31T22:15:00Z",
        "2023 | 2023-01-01T00:00:00Z"
    })
    void time_inAnyOfItsForms_isAnInstant(String both) throws IOException {
        String last = both.split(" \\| ")[0];
        String earlier = last.replace("2023", "2021").replace("17040", "16040");
        String text = "when,a,y\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(i -> (i < 90 ? earlier : last) + "," + i % 13 + "," + (i % 3 == 0 ? "yes" : "no"))
                        .collect(Collectors.joining("\n"));
        Inspection found = inspect(
                write("data.csv", text.getBytes(StandardCharsets.UTF_8)),
                new Asked("y", Optional.of("when"), Optional.empty(), List.of()));
        assertThat(found.time().orElseThrow().until()).isEqualTo(both.split(" \\| ")[1]);
        assertThat(found.time().orElseThrow().after()).isEqualTo(30);
    }

    /** Lists and records are no column of a model: as a target they are refused for that, and not for being empty. */
    @Test
    void target_ofListsOrRecords_isRefusedForWhatItIs() {
        Path nested = folder.resolve("nested.parquet");
        Query.standard(folder.resolve("queries")).run(List.of(nested), session -> {
            session.execute(
                    "COPY (SELECT hash(i) % 7 AS a, [i, i] AS list, {'x': i} AS record, i % 2 AS y FROM range(50) AS t(i)) TO "
                            + SelectStatement.quoted(nested.toString()) + " (FORMAT parquet)");
            return 0;
        });
        assertThatThrownBy(() -> inspect(nested, target("list"))).hasMessageContaining("it holds lists (bigint[])");
        assertThatThrownBy(() -> inspect(nested, target("record")))
                .hasMessageContaining("it holds records of several values (struct(x bigint))");
        assertThat(inspect(nested, target("y")).column("list").why().orElseThrow())
                .contains("which no model takes");
    }

    /** They are looked at and written in parts, and each row stays together. */
    @Test
    void thousandColumns_areReadLikeFew() throws IOException {
        Random random = new Random(3);
        int width = 1_100;
        String header = IntStream.range(0, width).mapToObj(i -> "v" + i).collect(Collectors.joining(",")) + ",y\n";
        String text = header
                + IntStream.range(0, 60)
                        .mapToObj(row -> IntStream.range(0, width)
                                        .mapToObj(column -> String.valueOf(wide(row, column)))
                                        .collect(Collectors.joining(","))
                                + (random.nextBoolean() ? ",p" : ",q"))
                        .collect(Collectors.joining("\n"));
        Inspection found = inspect(text);
        assertThat(found.columns()).hasSize(width + 1);
        assertThat(found.of(Use.FEATURE)).hasSizeGreaterThan(width - 50);
        assertThat(found.column("v999").type()).isEqualTo(ColumnType.NUMBER);
        Columns written = Query.standard(work.resolve("queries")).read(List.of(work.resolve("rows-0.parquet")));
        for (int column = 0; column < width; column++) {
            int at = column;
            assertThat(written.numbers(column))
                    .isEqualTo(IntStream.range(0, 60)
                            .mapToDouble(row -> wide(row, at))
                            .toArray());
        }
    }

    private static double wide(int row, int column) {
        return row * 17 % 60 + column / 2048.0;
    }
}
