package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.plimsoll.data.Columns;

/**
 * How much several callers of one Python model get through, and what is left to others: a request that spins for its answer takes
 * a processor that another may need. With {@code -XX:ActiveProcessorCount=1} nobody spins, on the same processors.
 *
 * <pre>
 *  java … org.plimsoll.scoring.PythonCallers PYTHON CALLERS PROCESSES BUSY SECONDS      BUSY: threads that compute all the time
 * </pre>
 */
public final class PythonCallers {

    private static final int ROWS = 2_000;
    private static final int ROUND = 1_000;

    private PythonCallers() {}

    /** @param arguments as above */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("plimsoll-callers");
        int callers = Integer.parseInt(arguments[1]);
        int busy = Integer.parseInt(arguments[3]);
        double seconds = Double.parseDouble(arguments[4]);
        for (String kind : new String[] {"matrix", "table"}) {
            Path folder = home.resolve(kind);
            try (PythonOverhead.Bare _ = new PythonOverhead.Bare(arguments[0], folder, kind);
                    Engine engine = PythonOverhead.engine(arguments[0], Integer.parseInt(arguments[2]), home, folder)) {
                measure((ColumnEngine) engine, callers, busy, seconds / 5); // to warm up
                System.out.println(kind + ", " + callers + " callers of " + arguments[2] + " processes, "
                        + Runtime.getRuntime().availableProcessors() + " processors to spin on: "
                        + measure((ColumnEngine) engine, callers, busy, seconds));
            }
        }
    }

    private static String measure(ColumnEngine engine, int callers, int busy, double seconds)
            throws InterruptedException {
        Columns rows = PythonOverhead.rows(engine.inputs(), ROWS);
        long until = System.nanoTime() + (long) (seconds * 1e9);
        AtomicLong requests = new AtomicLong();
        AtomicLong rounds = new AtomicLong();
        Thread[] threads = new Thread[callers + busy];
        for (int i = 0; i < threads.length; i++) {
            int number = i;
            threads[i] = Thread.ofPlatform().start(() -> {
                long done = 0;
                while (System.nanoTime() < until) {
                    if (number < callers) {
                        int row = (int) ((done + number * 500L) % ROWS);
                        engine.score(rows.slice(row, row + 1));
                    } else {
                        compute();
                    }
                    done++;
                }
                (number < callers ? requests : rounds).addAndGet(done);
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return String.format(
                Locale.ROOT,
                "%,.0f requests a second%s",
                requests.get() / seconds,
                busy == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", beside %d busy threads of %.2f million rounds a second",
                                busy,
                                rounds.get() * ROUND / seconds / 1e6));
    }

    private static double sink;

    private static void compute() {
        double sum = 0;
        for (int i = 0; i < ROUND; i++) {
            sum += Math.sqrt(i + sum);
        }
        sink = sum;
    }
}
