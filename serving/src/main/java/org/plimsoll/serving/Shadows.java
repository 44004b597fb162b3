package org.plimsoll.serving;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.plimsoll.data.Columns;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.scoring.Scores;

/**
 * Scores what the champion answered by the shadows, on a thread of its own, from a bounded queue. A full queue drops, and
 * counts what it dropped: a shadow costs callers neither time nor errors. Its scores go to the log under the same prediction, so
 * that each row is compared with the champion's.
 */
final class Shadows implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Shadows.class.getName());

    private record Task(LiveEndpoint endpoint, LoadedVersion version, PredictionBatch answered, int[] rows) {}

    private final PredictionLog log;
    private final BlockingQueue<Task> waiting;
    private final Thread thread;
    private volatile boolean closing;

    Shadows(PredictionLog log, int mostWaiting) {
        this.log = log;
        this.waiting = new ArrayBlockingQueue<>(mostWaiting);
        this.thread = Thread.ofPlatform().name("shadows").daemon().start(this::work);
    }

    /** Queues a request for every shadow of its route, or drops it. */
    void offer(Route route, PredictionBatch answered) {
        if (route.shadows().isEmpty()) {
            return;
        }
        Optional<int[]> rows = answered.parts().stream()
                .filter(part -> part.arm() == Arm.CHAMPION)
                .map(PredictionBatch.Part::rows)
                .findFirst();
        if (rows.isEmpty()) {
            return;
        }
        for (LoadedVersion shadow : route.shadows()) {
            if (shadow.hold() && !waiting.offer(new Task(route.endpoint(), shadow, answered, rows.get()))) {
                shadow.letGo();
                route.endpoint().shadowsDropped.add(rows.get().length);
            }
        }
    }

    private void work() {
        while (!closing || !waiting.isEmpty()) {
            try {
                Task task = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (task != null) {
                    score(task);
                }
            } catch (InterruptedException e) {
                closing = true;
            }
        }
    }

    private void score(Task task) {
        try {
            Columns all = task.answered().raw();
            Columns rows = task.rows().length == all.rows() ? all : all.pick(task.rows());
            Scores scores = Inference.finite(task.version().scorer().score(rows), task.version());
            log.append(
                    task.endpoint().about().name(),
                    task.answered().shadow(Inference.part(task.version(), Arm.SHADOW, task.rows(), scores)));
            task.endpoint().shadowed.add(task.rows().length);
        } catch (RuntimeException failure) {
            task.endpoint().shadowsDropped.add(task.rows().length);
            LOG.log(
                    Level.WARNING,
                    "shadow {0} could not score: {1}",
                    task.version().version(),
                    failure.getMessage());
        } finally {
            task.version().letGo();
        }
    }

    /** Scores what is waiting, then stops. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
