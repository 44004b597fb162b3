package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

class QueryTest {

    private static final Schema FLIGHTS = Schema.of(
            Column.optional("distance", ColumnType.NUMBER),
            Column.required("hour", ColumnType.INTEGER),
            Column.optional("origin", ColumnType.TEXT),
            Column.required("late", ColumnType.BOOLEAN),
            Column.required("at", ColumnType.TIMESTAMP));

    @TempDir
    Path folder;

    private Query query;
    private Path january;
    private Path february;

    @BeforeEach
    void write() {
        query = Query.standard(folder.resolve("scratch"));
        january = folder.resolve("january.parquet");
        february = folder.resolve("it's february.parquet");
        query.write(flights(1, 500), january);
        query.write(flights(2, 300), february);
    }

    @Test
    void rows_writtenAndRead_areTheSame() {
        Columns written = flights(1, 500);
        Columns read = query.read(List.of(january));
        assertThat(read.schema()).isEqualTo(FLIGHTS);
        assertThat(read.rows()).isEqualTo(500);
        for (int c = 0; c < FLIGHTS.size(); c++) {
            for (int row = 0; row < 500; row++) {
                assertThat(read.written(c, row)).isEqualTo(written.written(c, row));
            }
        }
    }

    @Test
    void description_ofSeveralFiles_saysWhereValuesAreMissing() {
        Query.Table table = query.describe(List.of(january, february));
        assertThat(table.rows()).isEqualTo(800);
        assertThat(table.schema()).isEqualTo(FLIGHTS);
    }

    @Test
    void transform_ofTheSameInputs_givesTheSameBytes() throws IOException {
        String sql = """
                SELECT _file, _row, origin, sum(distance) OVER (PARTITION BY origin ORDER BY "at", _file, _row) AS miles,
                       avg(distance) OVER () AS mean_distance, hour + $shift AS hour   -- $nothing here
                FROM raw WHERE origin <> $airport ORDER BY _file, _row""";
        Map<String, List<Query.Input>> inputs = Map.of("raw", List.of(input(january), input(february)));
        Path one = folder.resolve("one.parquet");
        Path two = folder.resolve("two.parquet");
        query.transform(sql, inputs, Map.of("shift", 2L, "airport", "O'Hare $shift"), one);
        query.transform(sql, inputs, Map.of("shift", 2L, "airport", "O'Hare $shift"), two);
        assertThat(one).hasSameBinaryContentAs(two);
        Path three = folder.resolve("three.parquet");
        query.transform(sql, inputs, Map.of("shift", 3L, "airport", "ORD"), three);
        assertThat(Files.mismatch(one, three)).isNotNegative();
    }

    /** DuckDB would add a column of this name to say so. */
    @Test
    void transform_ofAFileWithARowNumberOfItsOwn_knowsTheRowsAllTheSame() {
        ColumnsBuilder rows = Columns.builder(Schema.of(Column.required("file_row_number", ColumnType.INTEGER)), 3_000);
        for (int row = 0; row < 3_000; row++) {
            rows.integer(0, 7L * row).endRow();
        }
        Path own = folder.resolve("own.parquet");
        query.write(rows.build(), own);
        Path output = folder.resolve("numbered.parquet");
        query.transform(
                "SELECT _file, _row, file_row_number FROM raw ORDER BY _row",
                Map.of("raw", List.of(input(own))),
                Map.of(),
                output);
        Columns numbered = query.read(List.of(output));
        assertThat(numbered.rows()).isEqualTo(3_000);
        for (int row = 0; row < 3_000; row++) {
            assertThat(numbered.integer(numbered.index("_row"), row)).isEqualTo(row);
            assertThat(numbered.integer(numbered.index("file_row_number"), row)).isEqualTo(7L * row);
        }
    }

    @Test
    void transform_knowsTheFileAndRowOfEachRawRow_throughTwoSteps() {
        Path first = folder.resolve("first.parquet");
        Path second = folder.resolve("second.parquet");
        query.transform(
                "SELECT _file, _row, hour FROM raw WHERE hour >= 12 ORDER BY _file DESC, _row",
                Map.of("raw", List.of(input(january), input(february))),
                Map.of(),
                first);
        query.transform(
                "SELECT * FROM rows ORDER BY _row, _file", Map.of("rows", List.of(input(first))), Map.of(), second);
        Columns raw = query.read(List.of(february), List.of("hour"));
        Columns kept = query.read(List.of(second));
        String digest = digest(february).hex();
        int checked = 0;
        for (int row = 0; row < kept.rows(); row++) {
            if (kept.text(kept.index("_file"), row).orElseThrow().equals(digest)) {
                int from = Math.toIntExact(kept.integer(kept.index("_row"), row));
                assertThat(kept.integer(kept.index("hour"), row)).isEqualTo(raw.integer(0, from));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_parquet('%s/secret.parquet')",
                "SELECT * FROM glob('/*')",
                "COPY raw TO 'stolen.csv'",
                "ATTACH 'other.db'",
                "SET threads = 8",
                "INSTALL httpfs",
                "SELECT 1; SELECT 2",
                "DROP VIEW raw",
                "SELECT hour FROM raw) TO 'stolen.csv' --",
                "SELECT random() FROM raw",
                "SELECT hour, now() FROM raw",
                "SELECT CURRENT_TIMESTAMP FROM raw",
                "SELECT * FROM (SELECT uuid() FROM raw)",
                "SELECT * FROM raw USING SAMPLE 10%%",
                "SELECT nothing FROM raw",
                "SELECT FROM WHERE",
                "SELECT $unknown FROM raw",
                "SELECT [hour] AS hours FROM raw",
                ""
            })
    void sql_thatReachesOutOrIsNoStableSelect_isRefusedAndWritesNothing(String pattern) throws IOException {
        Files.copy(january, folder.resolve("secret.parquet"));
        Path output = folder.resolve("output.parquet");
        assertThatThrownBy(() -> query.transform(
                        pattern.formatted(folder), Map.of("raw", List.of(input(january))), Map.of("known", 1L), output))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID));
        assertThat(output).doesNotExist();
    }

    @Test
    void wrongSql_isExplainedWithLineAndColumn() {
        assertThatThrownBy(() -> query.columnsOf(
                        "SELECT hour,\n       random() AS r\nFROM raw",
                        Map.of("raw", List.of(input(january))),
                        Map.of()))
                .hasMessageContaining("SQL:2:8")
                .hasMessageContaining("       random() AS r")
                .hasMessageContaining("pass the value as a parameter");
    }

    @Test
    void unstableFunctions_areAllThatDuckDbCallsUnstable() {
        Set<String> catalog = query.run(
                List.of(),
                session -> session.rows("""
                        SELECT DISTINCT function_name FROM duckdb_functions()
                        WHERE stability <> 'CONSISTENT' AND function_name <> 'error'""").stream()
                        .map(row -> row.getFirst().orElseThrow())
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(SelectStatement.UNSTABLE).containsAll(catalog);
    }

    @Test
    void columnsOf_aSelect_areKnownWithoutRunningIt() {
        Schema schema = query.columnsOf(
                "SELECT hour, distance / 2 AS half, DATE '2001-01-01' AS day FROM raw",
                Map.of("raw", List.of(input(january))),
                Map.of());
        assertThat(schema.toString()).isEqualTo("hour integer?, half number?, day timestamp?");
    }

    @Test
    void brokenFiles_giveAClearProblem() throws IOException {
        Path broken = folder.resolve("broken.parquet");
        Files.writeString(broken, "not parquet at all");
        assertThatThrownBy(() -> query.read(List.of(broken)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("broken");
        byte[] whole = Files.readAllBytes(january);
        Files.write(broken, java.util.Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> query.read(List.of(broken))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> query.read(List.of(folder.resolve("absent.parquet"))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.NOT_FOUND));
        assertThatThrownBy(() -> query.read(List.of(january), List.of("houor")))
                .hasMessageContaining("did you mean hour?");
    }

    @Test
    void queriesBeyondTheirMemory_sideBySide_overflowWithoutDisturbingEachOther() throws Exception {
        Query small = new Query(new Query.Limits("40MB", 1, 2, folder.resolve("scratch")));
        String sql = "SELECT hash(i + $shift) % 1000003 AS a, i FROM range(3000000) r(i) ORDER BY a DESC, i";
        List<Path> outputs = List.of(folder.resolve("one"), folder.resolve("two"));
        try (var both = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2; i++) {
                int shift = i;
                both.submit(() -> small.transform(sql, Map.of(), Map.of("shift", shift), outputs.get(shift)))
                        .state();
            }
        }
        for (int i = 0; i < 2; i++) {
            Path alone = folder.resolve("alone" + i);
            query.transform(sql, Map.of(), Map.of("shift", i), alone);
            assertThat(outputs.get(i)).hasSameBinaryContentAs(alone);
        }
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void interrupt_whileAQueryRuns_cancelsIt() throws InterruptedException {
        List<Throwable> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                query.transform(
                        "SELECT sum(a.range * b.range) AS s FROM range(1000000) a, range(1000000) b",
                        Map.of(),
                        Map.of(),
                        folder.resolve("never.parquet"));
            } catch (Problem e) {
                seen.add(e);
            }
        });
        Thread.sleep(300);
        caller.interrupt();
        caller.join();
        assertThat(seen).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("cancelled"));
    }

    private Query.Input input(Path file) {
        return new Query.Input(file, digest(file));
    }

    private static Digest digest(Path file) {
        return Digest.of(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
    }

    static Columns flights(long seed, int rows) {
        Random random = new Random(seed);
        ColumnsBuilder builder = Columns.builder(FLIGHTS, rows);
        for (int row = 0; row < rows; row++) {
            if (random.nextInt(10) > 0) {
                builder.number(0, 100 + random.nextDouble() * 2_000);
            }
            if (random.nextInt(10) > 0) {
                builder.text(2, List.of("ORD", "DFW", "ATL", "Zürich").get(random.nextInt(4)));
            }
            builder.integer(1, random.nextInt(24))
                    .bool(3, random.nextBoolean())
                    .integer(4, 978_307_200_000L + random.nextInt() * 1_000L)
                    .endRow();
        }
        return builder.build();
    }
}
