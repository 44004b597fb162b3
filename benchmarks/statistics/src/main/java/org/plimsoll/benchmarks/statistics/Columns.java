package org.plimsoll.benchmarks.statistics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.plimsoll.statistics.Auc;
import org.plimsoll.statistics.BootstrapReplicates;
import org.plimsoll.statistics.BoundedMeanProcess;
import org.plimsoll.statistics.Clusters;
import org.plimsoll.statistics.ColumnDrift;
import org.plimsoll.statistics.DeLong;
import org.plimsoll.statistics.Evidently;
import org.plimsoll.statistics.PairedDifference;
import org.plimsoll.statistics.PoissonBootstrap;
import org.plimsoll.statistics.SortedPair;
import org.plimsoll.statistics.TwoArmMeanProcess;

/**
 * Whole-process measurements on columns of little-endian doubles that originals.py wrote, so that both read the same numbers. Prints CPU seconds
 * (all threads) and wall time of each task, then the values.
 *
 * <p>Usage: {@code Columns FOLDER TASK}, TASK one of auc, delong, steps, bootstrap, sort, drift, columns, evidently. CPU times of a thread leave out the compiler's and the collector's.
 */
public final class Columns {

    private static final int COLUMNS = 8;

    private Columns() {}

    public static void main(String[] arguments) throws Exception {
        cpuSeconds(); // the first look at the clock loads classes, which is not the task's work
        Path folder = Path.of(arguments[0]);
        String task = arguments[1];
        switch (task) {
            case "auc" -> auc(folder);
            case "delong" -> deLong(folder);
            case "bootstrap" -> bootstrap();
            case "steps" -> steps();
            case "sort" -> sort(folder);
            case "drift" -> drift(folder);
            case "columns" -> columns(folder);
            case "evidently" -> evidently(folder);
            default -> throw new IllegalArgumentException("no task " + task);
        }
        System.out.printf(Locale.ROOT, "%-28s %8.3f CPU-s whole process%n", task, cpuSeconds());
    }

    private static void auc(Path folder) throws Exception {
        double[] scores = read(folder.resolve("candidate.bin"));
        boolean[] positive = positive(folder);
        double value = timed("auc, first call", () -> Auc.of(scores, positive));
        warm("auc, warmed up", 15, () -> Auc.of(scores, positive));
        System.out.println("auc = " + value);
    }

    private static void deLong(Path folder) throws Exception {
        double[] candidate = read(folder.resolve("candidate.bin"));
        double[] champion = read(folder.resolve("champion.bin"));
        boolean[] positive = positive(folder);
        PairedDifference difference = timed("delong, first call", () -> DeLong.compare(candidate, champion, positive));
        warm("delong, warmed up", 12, () -> DeLong.compare(candidate, champion, positive));
        System.out.println("difference = " + difference.difference() + ", error = " + difference.standardError());
    }

    /** A million steps of each e-process. */
    private static void steps() throws Exception {
        double[] losses = new SplittableRandom(1).doubles(1024).toArray();
        warm("1M steps of a bounded mean", 12, () -> {
            BoundedMeanProcess process = new BoundedMeanProcess(0.505);
            for (int i = 0; i < 1_000_000; i++) {
                process.add(losses[i & 1023]);
            }
            return process.logE();
        });
        warm("1M steps of two arms", 12, () -> {
            TwoArmMeanProcess process = new TwoArmMeanProcess(0.01);
            for (int i = 0; i < 1_000_000; i++) {
                process.add((i & 3) == 0, losses[i & 1023], 0.25);
            }
            return process.logE();
        });
    }

    private static void bootstrap() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        double[] candidate = random.doubles(1_000_000).toArray();
        double[] champion = random.doubles(1_000_000).toArray();
        double[] ones = new double[candidate.length];
        Arrays.fill(ones, 1);
        Clusters clusters = Clusters.ofRows(candidate.length);
        BootstrapReplicates replicates = timed(
                "bootstrap, B = 2000, 1M rows",
                () -> new PoissonBootstrap(42, 2000).ofRatios(candidate, ones, champion, ones, ones, clusters));
        System.out.println(
                "difference of means = " + replicates.estimate() + ", error = " + replicates.standardError());
    }

    private static void sort(Path folder) throws Exception {
        double[] reference = read(folder.resolve("reference.bin"));
        double[] current = read(folder.resolve("current.bin"));
        timed("sorting both once", () -> {
            Arrays.sort(reference);
            Arrays.sort(current);
            return reference[0];
        });
    }

    private static void drift(Path folder) throws Exception {
        double[] reference = read(folder.resolve("reference.bin"));
        double[] current = read(folder.resolve("current.bin"));
        System.out.println(timed("PSI, JS, TV, KS, Wasserstein", () -> ColumnDrift.ofOwned(reference, current)));
    }

    /** Eight columns in memory, in parallel and one by one, beside a whole sort of each. */
    private static void columns(Path folder) throws Exception {
        double[][] reference = turned(read(folder.resolve("reference.bin")));
        double[][] current = turned(read(folder.resolve("current.bin")));
        ColumnDrift[] together = timed("8 columns, ofColumns", () -> ColumnDrift.ofColumns(reference, current));
        ColumnDrift[] apart = new ColumnDrift[COLUMNS];
        timed("8 columns, one by one", () -> {
            Arrays.setAll(apart, column -> ColumnDrift.of(reference[column], current[column]));
            return apart;
        });
        timed("sorting them one by one", () -> {
            for (int column = 0; column < COLUMNS; column++) {
                Arrays.sort(reference[column]);
                Arrays.sort(current[column]);
            }
            return reference;
        });
        System.out.println("equal: " + Arrays.equals(together, apart) + ", " + together[0]);
    }

    /** The same values in other orders of rows. */
    private static double[][] turned(double[] values) {
        double[][] columns = new double[COLUMNS][values.length];
        for (int column = 0; column < COLUMNS; column++) {
            int first = (int) ((long) values.length * column / COLUMNS);
            System.arraycopy(values, first, columns[column], 0, values.length - first);
            System.arraycopy(values, 0, columns[column], values.length - first, first);
        }
        return columns;
    }

    private static void evidently(Path folder) throws Exception {
        double[] reference = read(folder.resolve("reference.bin"));
        double[] current = read(folder.resolve("current.bin"));
        SortedPair pair = timed("sorting", () -> SortedPair.of(reference, current));
        double wasserstein = timed("wasserstein", () -> Evidently.wasserstein(pair));
        double jensenShannon = timed("jensenshannon", () -> Evidently.jensenshannon(pair));
        double psi = timed("psi", () -> Evidently.psi(pair));
        System.out.println("wasserstein = " + wasserstein + ", jensenshannon = " + jensenShannon + ", psi = " + psi);
    }

    private static <T> T timed(String name, Callable<T> work) throws Exception {
        double before = cpuSeconds();
        long start = System.nanoTime();
        T result = work.call();
        double wall = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%-28s %8.3f CPU-s, %.3f s%n", name, cpuSeconds() - before, wall);
        return result;
    }

    /** The least CPU time of this thread over many calls. */
    private static void warm(String name, int calls, Callable<?> work) throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < calls; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            work.call();
            least = Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        }
        System.out.printf(Locale.ROOT, "%-28s %8.3f CPU-s of the thread, least of %d%n", name, least / 1e9, calls);
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }

    private static double[] read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            DoubleBuffer numbers = channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer();
            double[] values = new double[numbers.remaining()];
            numbers.get(values);
            return values;
        }
    }

    private static boolean[] positive(Path folder) throws IOException {
        double[] labels = read(folder.resolve("positive.bin"));
        boolean[] positive = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            positive[i] = labels[i] == 1;
        }
        return positive;
    }
}
