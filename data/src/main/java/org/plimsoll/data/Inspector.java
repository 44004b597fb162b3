package org.plimsoll.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspection.InspectedColumn;
import org.plimsoll.data.Inspection.Target;
import org.plimsoll.data.Inspection.Time;
import org.plimsoll.data.Inspection.Use;

/**
 * Looks through a person's CSV or Parquet file, in memory that does not grow with it, and writes its rows with the types found as a
 * Parquet file that everything after reads.
 *
 * <pre>
 *  CSV ─▶ text in Parquet ─▶ a guess from some rows, held against all ─▶ typed Parquet ─▶ target, time; leakage from a sample
 *  Parquet ──────────────────┘      types, missing, distinct                                   └─▶ each column's use
 *     RawTable                           TypeInference                    TargetInspection, TimeInspection, Leakage, Exclusion
 * </pre>
 */
public final class Inspector {

    /**
     * What the person said.
     *
     * @param target the column to be learned
     * @param time says when the question was asked
     * @param entity names what a row is about
     * @param segments are judged one by one
     */
    public record Asked(String target, Optional<String> time, Optional<String> entity, List<String> segments) {
        public Asked {
            segments = List.copyOf(segments);
        }

        /** That the columns named are there, each once and for one thing. @throws Problem naming the one that is not */
        void check(List<String> given, List<String> names) {
            List<String> roles = new ArrayList<>(List.of(target));
            time.ifPresent(roles::add);
            entity.ifPresent(roles::add);
            roles.forEach(role -> refuseTwice(role, given));
            Schema schema = new Schema(names.stream()
                    .map(name -> Column.optional(name, ColumnType.TEXT))
                    .toList());
            roles.forEach(schema::column);
            segments.forEach(schema::column);
            if (new HashSet<>(roles).size() < roles.size() || segments.contains(target)) {
                throw Problem.invalid(
                        "target, time, entity and segments", roles, "the target to be a column of its own");
            }
        }

        private static void refuseTwice(String role, List<String> given) {
            List<String> places = IntStream.range(0, given.size())
                    .filter(i -> given.get(i).strip().equalsIgnoreCase(role))
                    .mapToObj(i -> String.valueOf(i + 1))
                    .toList();
            if (places.size() > 1) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "columns " + String.join(" and ", places) + " are both called " + Inspection.shown(role)
                                + " (upper and lower case are one), so it is not clear which one is meant; rename one");
            }
        }

        private Use use(String name) {
            return name.equals(target)
                    ? Use.TARGET
                    : time.filter(name::equals).isPresent()
                            ? Use.TIME
                            : entity.filter(name::equals).isPresent() ? Use.ENTITY : Use.FEATURE;
        }
    }

    private static final int MOST_SEGMENT_VALUES = 1_000;
    private static final int LEAKAGE_ROWS = 30_000;
    private static final int LEAKAGE_CELLS = 5_000_000;
    private static final int REASONS_SHOWN = 10;

    private final Query query;
    private final Path scratch;

    /** @param scratch a folder for what is only needed meanwhile */
    public Inspector(Query query, Path scratch) {
        this.query = query;
        this.scratch = scratch;
    }

    /**
     * Looks through a file.
     *
     * @param file {@code .csv}, {@code .tsv}, {@code .txt}, each also with {@code .gz}; or {@code .parquet}
     * @param rows where the typed rows are written, a Parquet file that does not exist yet
     * @throws Problem where the file cannot be read, or nothing can be learned from it, with what to do
     */
    public Inspection inspect(Path file, Path rows, Asked asked) {
        Path folder = scratch.resolve("inspection-" + Ids.next());
        try {
            Files.createDirectories(folder);
            return inspect(file, rows, folder, asked);
        } catch (IOException e) {
            throw Problem.internal("cannot work in " + folder, e);
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            System.getLogger(Inspector.class.getName())
                    .log(System.Logger.Level.WARNING, folder + " could not be removed", e);
        }
    }

    private Inspection inspect(Path file, Path rows, Path folder, Asked asked) throws IOException {
        RawTable table = RawTable.open(query, file, folder, asked::check);
        TypeInference.Found found =
                table.read(query, List.of(), session -> TypeInference.of(session, table, asked.time()));
        TargetInspection.refuseUnwritten(found.column(asked.target()), found.rows());
        asked.time().map(found::column).ifPresent(column -> refuseUnwritten("--time", column));
        asked.entity().map(found::column).ifPresent(column -> refuseUnwritten("--entity", column));
        write(table, found, rows, folder);
        return query.run(List.of(rows), session -> new Conclusion(session, table, found, rows, asked).draw());
    }

    /** Writes the typed rows; of many columns some at a time, which are then put side by side. */
    private void write(RawTable table, TypeInference.Found found, Path rows, Path folder) {
        List<List<RawColumn>> groups = RawColumn.together(
                found.columns().stream().filter(RawColumn::isKept).toList(), RawTable.WRITTEN_TOGETHER);
        List<Path> parts = groups.size() == 1
                ? List.of(rows)
                : IntStream.range(0, groups.size())
                        .mapToObj(i -> folder.resolve("typed-" + i + ".parquet"))
                        .toList();
        for (int i = 0; i < parts.size(); i++) {
            String typed = groups.get(i).stream()
                    .map(column -> column.typed() + " AS " + column.identifier())
                    .collect(Collectors.joining(", "));
            String select =
                    "SELECT " + typed + " FROM " + groups.get(i).getFirst().table();
            Path part = parts.get(i);
            table.read(query, List.of(part), session -> session.write(select, part));
        }
        if (parts.size() > 1) {
            String joined = parts.stream()
                    .map(part -> DuckSession.parquet(List.of(part)))
                    .collect(Collectors.joining(" POSITIONAL JOIN "));
            query.run(
                    Stream.concat(parts.stream(), Stream.of(rows)).toList(),
                    session -> session.write("SELECT * FROM " + joined, rows));
        }
    }

    private static void refuseUnwritten(String option, RawColumn column) {
        if (!column.isKept()) {
            throw Problem.invalid(
                    option + " " + column.shown(),
                    column.refused().orElse("texts of up to %,d bytes".formatted(column.longest())),
                    "a column of texts, numbers or dates");
        }
    }

    /** What follows from the counts and the typed rows. */
    private record Conclusion(DuckSession session, RawTable table, TypeInference.Found found, Path rows, Asked asked) {

        Inspection draw() throws SQLException {
            String source = DuckSession.parquet(List.of(rows));
            Target target = TargetInspection.of(session, source, found.column(asked.target()), found.rows());
            Optional<Time> time = asked.time().isPresent()
                    ? Optional.of(TimeInspection.of(
                            session, source, found.column(asked.time().get()), found.column(asked.target())))
                    : Optional.empty();
            for (String segment : asked.segments()) {
                checkSegment(found.column(segment));
            }
            Map<String, String> suspects =
                    Leakage.suspects(sample(target), asked.target(), target.isClass(), asked.time());
            List<InspectedColumn> inspected = found.columns().stream()
                    .map(column -> inspected(column, suspects))
                    .toList();
            refuseNothingLeft(inspected);
            List<String> notes = new ArrayList<>(table.notes());
            notes.addAll(found.notes());
            TargetInspection.rareNote(target).ifPresent(notes::add);
            return new Inspection(
                    table.file().getFileName().toString(),
                    size(),
                    table.format() + (found.marks().isEmpty() ? "" : ", " + String.join(", ", found.marks())),
                    found.rows(),
                    target,
                    time,
                    asked.entity(),
                    asked.segments(),
                    inspected,
                    notes);
        }

        private static void checkSegment(RawColumn column) {
            refuseUnwritten("--segments", column);
            if (column.distinct() > MOST_SEGMENT_VALUES) {
                throw Problem.invalid(
                        "--segments " + column.shown(),
                        "%,d different values".formatted(column.distinct()),
                        "a column of at most %,d".formatted(MOST_SEGMENT_VALUES));
            }
        }

        /** Rows spread over the file that have the target. */
        private Columns sample(Target target) throws SQLException {
            List<RawColumn> columns = found.columns().stream()
                    .filter(RawColumn::isKept)
                    .filter(column -> asked.use(column.name()) != Use.ENTITY)
                    .toList();
            int wanted = Math.min(LEAKAGE_ROWS, LEAKAGE_CELLS / columns.size());
            long every = Math.max(1, (found.rows() - target.missing()) / wanted);
            Schema schema = new Schema(columns.stream()
                    .map(column -> Column.optional(column.name(), column.type()))
                    .toList());
            String label = found.column(asked.target()).identifier();
            return session.read(
                    "(SELECT * FROM read_parquet("
                            + SelectStatement.quoted(rows.toAbsolutePath().toString())
                            + ", " + DuckSession.ROW_NUMBER + " = true) WHERE " + label + " IS NOT NULL AND hash("
                            + DuckSession.ROW_NUMBER + ") % "
                            + every + " = 0 LIMIT " + 2 * wanted + ")",
                    schema);
        }

        private InspectedColumn inspected(RawColumn column, Map<String, String> suspects) {
            Use use = asked.use(column.name());
            Optional<String> why = use == Use.FEATURE
                    ? Exclusion.useless(column, found.rows())
                            .or(() -> Optional.ofNullable(suspects.get(column.name())))
                            .or(() -> Exclusion.identifying(column, found.rows()))
                    : Optional.empty();
            return new InspectedColumn(
                    column.name(),
                    column.type(),
                    column.missing(),
                    column.distinct(),
                    column.least(),
                    column.greatest(),
                    column.isKept(),
                    why.isPresent() ? Use.LEFT_OUT : use,
                    why);
        }

        private void refuseNothingLeft(List<InspectedColumn> inspected) {
            if (inspected.stream().anyMatch(column -> column.use() == Use.FEATURE)) {
                return;
            }
            String why = inspected.stream()
                    .flatMap(column -> column.why().stream().map(it -> Inspection.shown(column.name()) + " " + it))
                    .limit(REASONS_SHOWN)
                    .collect(Collectors.joining("; "));
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "no column is left that a model could learn " + Inspection.shown(asked.target()) + " from"
                            + (why.isEmpty()
                                    ? ": the file has no other; add columns that are known before it"
                                    : ": " + why));
        }

        private long size() {
            try {
                return Files.size(table.file());
            } catch (IOException e) {
                throw Problem.internal("cannot look at " + table.file(), e);
            }
        }
    }
}
