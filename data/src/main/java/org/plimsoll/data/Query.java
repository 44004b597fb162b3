package org.plimsoll.data;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * The only door to DuckDB: reads Parquet into {@link Columns}, runs the SQL of a step over Parquet, writes Parquet.
 *
 * <p>Each call, and each {@link TableFile}, opens a database of its own in memory that may touch exactly its files and whose
 * configuration is locked: no other file, no network, no extension. One thread by default, because sums of floating-point numbers differ from
 * run to run with more [1]; so the same inputs give the same bytes.
 *
 * <p>The native library is loaded with the first call (about half a second). Calls run on platform threads, at most
 * {@link Limits#atOnce} together, since native work pins the carrier of a virtual thread. An interrupt cancels the query.
 *
 * <p>[1] Measured on DuckDB 1.4.2 and 2.0.0: sum, avg and stddev over doubles with two threads gave 6 to 8 different bit
 * patterns in 8 runs; with one thread, one.
 */
public final class Query {

    /**
     * What a query may use.
     *
     * @param memory DuckDB's limit, such as {@code 1GB}; what is more goes to {@code scratch}
     * @param threads of one query; more than one gives up the same bytes each time
     * @param atOnce queries that run together; others wait
     * @param scratch a folder for what does not fit in memory; made when needed
     */
    public record Limits(String memory, int threads, int atOnce, Path scratch) {

        public Limits {
            if (threads < 1 || atOnce < 1) {
                throw Problem.invalid("threads, at_once", threads + ", " + atOnce, "at least 1");
            }
        }
    }

    /**
     * A Parquet file of an input.
     *
     * @param digest of its bytes: what {@code _file} says in rows that do not know it yet
     */
    public record Input(Path file, Digest digest) {}

    /** What is known of some Parquet files: their columns, optional where values are missing, and how many rows they hold. */
    public record Table(Schema schema, long rows) {}

    /** DuckDB plans by recursion: with the usual stack a statement over a thousand columns ends the process. */
    private static final long STACK_BYTES = 64L << 20;

    private static final Duration CANCELLED_AGAIN = Duration.ofMillis(100);

    private final Limits limits;
    private final Semaphore places;

    public Query(Limits limits) {
        this.limits = limits;
        this.places = new Semaphore(limits.atOnce, true);
    }

    /** One gigabyte, one thread, two queries at once. */
    public static Query standard(Path scratch) {
        return new Query(new Limits("1GB", 1, 2, scratch));
    }

    /** The columns and the number of rows of these files, read as one table. */
    public Table describe(List<Path> parquet) {
        return run(
                parquet,
                session ->
                        session.describe(DuckSession.parquet(parquet), session.schema(DuckSession.parquet(parquet))));
    }

    /** The columns and rows of one file by its footer alone: fast, and all columns count as optional. */
    public Table outline(Path parquet) {
        return run(List.of(parquet), session -> {
            String source = DuckSession.parquet(List.of(parquet));
            String rows = session.rows("SELECT count(*) FROM " + source)
                    .getFirst()
                    .getFirst()
                    .orElseThrow();
            return new Table(session.schema(source), Long.parseLong(rows));
        });
    }

    /** All columns of these files, one file after the other, rows in the order of the files. */
    public Columns read(List<Path> parquet) {
        return run(
                parquet,
                session -> session.read(DuckSession.parquet(parquet), session.schema(DuckSession.parquet(parquet))));
    }

    /**
     * A file of rows, Parquet or CSV, whose columns are read one at a time, so that a table larger than memory can be looked at.
     *
     * @param file its name ends with {@code .parquet}, {@code .csv} or {@code .tsv}, the last two also with {@code .gz}
     */
    public TableFile open(Path file) {
        return TableFile.open(this, file, limits.scratch());
    }

    /** These columns of these files. @throws Problem where there is none of a name, with the one that was probably meant */
    public Columns read(List<Path> parquet, List<String> columns) {
        return run(
                parquet,
                session -> session.read(
                        DuckSession.parquet(parquet),
                        session.schema(DuckSession.parquet(parquet)).select(columns)));
    }

    /**
     * Runs one SELECT over named inputs and writes its result as Parquet.
     *
     * <p>Each input is a view of its name over its files. Where the files do not know {@code _file} and {@code _row} yet, the
     * view adds them: the digest of the file and the row's number in it, from 0.
     *
     * @param parameters values of {@code $name} in the SQL: text, Long, Integer, Double, Boolean, LocalDate or Instant
     * @param output a file that does not exist yet
     * @return columns and rows of the output
     * @throws Problem INVALID where the SQL is wrong or its answer would change from run to run
     */
    public Table transform(String sql, Map<String, List<Input>> inputs, Map<String, ?> parameters, Path output) {
        Stream<Path> files = inputs.values().stream().flatMap(List::stream).map(Input::file);
        return run(
                Stream.concat(files, Stream.of(output)).toList(),
                session -> session.copy(session.prepared(sql, inputs, parameters), output));
    }

    /** The columns that a SELECT over these inputs would give, all optional, without running it. */
    public Schema columnsOf(String sql, Map<String, List<Input>> inputs, Map<String, ?> parameters) {
        List<Path> files =
                inputs.values().stream().flatMap(List::stream).map(Input::file).toList();
        return run(files, session -> session.schema("(" + session.prepared(sql, inputs, parameters) + "\n)"));
    }

    /** Writes these rows as a Parquet file that does not exist yet; the same rows give the same bytes. */
    public void write(Columns rows, Path output) {
        run(List.of(output), session -> session.copy(session.load(rows), output));
    }

    /** What {@link #run} does inside. */
    interface Work<T> {
        T run(DuckSession session) throws SQLException;
    }

    /** Runs this in a database of its own that may touch these files only, on a platform thread. */
    <T> T run(List<Path> files, Work<T> work) {
        AtomicReference<Optional<DuckSession>> open = new AtomicReference<>(Optional.empty());
        return onPlatformThread(open, () -> {
            try (DuckSession session = DuckSession.open(limits, files)) {
                open.set(Optional.of(session));
                return work.run(session);
            }
        });
    }

    /** Opens such a database for several calls of {@link #run(DuckSession, Work)}; the caller closes it. */
    DuckSession session(List<Path> files) {
        return onPlatformThread(new AtomicReference<>(Optional.empty()), () -> DuckSession.open(limits, files));
    }

    /** Runs this in an open database, on a platform thread; one call at a time. */
    <T> T run(DuckSession session, Work<T> work) {
        return onPlatformThread(new AtomicReference<>(Optional.of(session)), () -> work.run(session));
    }

    private <T> T onPlatformThread(AtomicReference<Optional<DuckSession>> open, Callable<T> work) {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting for another query to end");
        }
        FutureTask<T> call = new FutureTask<>(() -> {
            try {
                return work.call();
            } catch (SQLException e) {
                throw DuckSession.problem(e);
            }
        });
        Thread thread = new Thread(null, call, "query", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return call.get();
        } catch (InterruptedException e) {
            cancel(open, thread);
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while a query ran; it was cancelled");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : Problem.internal("a query failed", e);
        } finally {
            places.release();
        }
    }

    /** Again and again, since a statement that is just about to run does not hear of it; until its files are closed. */
    private static void cancel(AtomicReference<Optional<DuckSession>> open, Thread thread) {
        while (thread.isAlive()) {
            open.get().ifPresent(DuckSession::cancel);
            try {
                thread.join(CANCELLED_AGAIN);
            } catch (InterruptedException _) {
                // the query has been told to stop; its files must be closed before anybody goes on
            }
        }
    }
}
