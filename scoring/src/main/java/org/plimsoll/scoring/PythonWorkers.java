package org.plimsoll.scoring;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * The processes of one model: a few that are alike, each answering one question at a time. One that ends is replaced after a
 * while, which doubles with each that follows: 0.1 s, 0.2 s, … 30 s; a minute without an end begins it anew.
 *
 * <pre>
 *   ask ─▶ a process is idle ───────────────────────────▶ exchange ─▶ idle again
 *          all are busy ─▶ wait, at most so many and so long ─┘   └─▶ it ended: this question fails, a new one is started
 *          none is alive ─▶ refused at once, with the reason
 * </pre>
 *
 * A question is never asked twice: the model may have been what ended the process.
 */
final class PythonWorkers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(PythonWorkers.class.getName());

    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long LONGEST_DELAY_MILLIS = 30_000;
    private static final Duration CALM = Duration.ofMinutes(1);

    private final String model;
    private final Supplier<PythonChild> starter;
    private final Duration deadline;
    private final int queue;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by the lock
    private final Deque<PythonChild> idle = new ArrayDeque<>();
    private int alive;
    private int waiting;
    private int ends;
    private long lastEnd = System.nanoTime();
    private long nextStart;
    private String reason = "";
    private boolean closed;

    /**
     * Starts those that are missing, one after the other.
     *
     * @param model for people
     * @param first one that is warm already
     * @param starter gives a process that has its model open and is warm
     * @throws Problem of the starter, where one does not start
     */
    PythonWorkers(String model, PythonChild first, Supplier<PythonChild> starter, ScoringConfig config) {
        this.model = model;
        this.starter = starter;
        this.deadline = config.pythonDeadline();
        this.queue = config.pythonQueue();
        idle.add(first);
        alive = 1;
        try {
            while (alive < config.pythonWorkers()) {
                idle.add(starter.get());
                alive++;
            }
        } catch (RuntimeException e) {
            idle.forEach(PythonChild::close);
            throw e;
        }
    }

    /** The answer of one process; see {@link PythonChild#ask}. @throws Problem BUSY where none can be asked now */
    Optional<List<PythonFrame.Output>> ask(Schema inputs, int[] places, Columns rows, int from, int until) {
        PythonChild child = take();
        try {
            Optional<List<PythonFrame.Output>> answer = child.ask(inputs, places, rows, from, until, deadline);
            giveBack(child);
            return answer;
        } catch (PythonChild.Ended e) {
            ended(e.reason());
            throw Problem.of(
                    Problem.Kind.BUSY,
                    "the Python process of " + model + " " + e.reason() + "; it is started again: "
                            + "repeat the request, unless it is what ended it");
        } catch (RuntimeException e) {
            giveBack(child);
            throw e;
        }
    }

    private PythonChild take() {
        long left = deadline.toNanos();
        lock.lock();
        try {
            if (idle.isEmpty() && alive > 0 && !closed && waiting >= queue) {
                throw Problem.of(
                        Problem.Kind.BUSY,
                        model + " is answered by " + alive + " Python " + (alive == 1 ? "process" : "processes")
                                + ", and " + waiting
                                + " requests wait already (scoring.python_queue); try again later");
            }
            waiting++;
            try {
                while (true) {
                    refuseWhereNoneAnswers();
                    if (!idle.isEmpty()) {
                        PythonChild child = idle.removeLast(); // the one asked last is the warmest
                        if (child.isAlive()) {
                            return child;
                        }
                        ended(child.buried()); // killed from outside while it had nothing to do
                        continue;
                    }
                    if (left <= 0) {
                        throw Problem.of(
                                Problem.Kind.BUSY,
                                "no Python process of " + model + " became free within " + deadline.toMillis()
                                        + " ms; try again later");
                    }
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting for a Python process of " + model);
            } finally {
                waiting--;
            }
        } finally {
            lock.unlock();
        }
    }

    private void refuseWhereNoneAnswers() {
        if (closed) {
            throw Problem.of(Problem.Kind.BUSY, model + " is closed");
        }
        if (alive == 0) {
            double seconds = Math.max(0, nextStart - System.nanoTime()) / 1e9;
            throw Problem.of(
                    Problem.Kind.BUSY,
                    String.format(
                            Locale.ROOT,
                            "the Python process of %s %s; the next start %s",
                            model,
                            reason,
                            seconds == 0 ? "is under way" : String.format(Locale.ROOT, "is in %.1f s", seconds)));
        }
    }

    private void giveBack(PythonChild child) {
        lock.lock();
        try {
            if (closed) {
                alive--;
                child.close();
            } else {
                idle.add(child);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void ended(String why) {
        lock.lock();
        try {
            alive--;
            reason = why;
            if (System.nanoTime() - lastEnd > CALM.toNanos()) {
                ends = 0;
            }
            lastEnd = System.nanoTime();
            ends++;
            changed.signalAll();
            if (!closed) {
                startLater();
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. */
    private void startLater() {
        long delay = Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(ends - 1, 20));
        nextStart = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay);
        LOG.log(Level.WARNING, "the Python process of {0} {1}; the next starts in {2} ms", model, reason, delay);
        var _ = PythonChild.CLOCK.schedule(
                () -> Thread.ofPlatform().daemon().name("python-start").start(this::startAgain),
                delay,
                TimeUnit.MILLISECONDS);
    }

    private void startAgain() {
        PythonChild fresh;
        try {
            if (isClosed()) {
                return;
            }
            fresh = starter.get();
        } catch (RuntimeException e) {
            lock.lock();
            try {
                reason = "does not start: " + e.getMessage();
                lastEnd = System.nanoTime();
                ends++;
                changed.signalAll();
                if (!closed) {
                    startLater();
                }
            } finally {
                lock.unlock();
            }
            return;
        }
        lock.lock();
        try {
            alive++;
        } finally {
            lock.unlock();
        }
        LOG.log(Level.INFO, "the Python process of {0} answers again", model);
        giveBack(fresh);
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Questions that have begun are answered; later ones are refused. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            alive -= idle.size();
            idle.forEach(PythonChild::close);
            idle.clear();
            changed.signalAll();
            long left = deadline.plusSeconds(1).toNanos(); // by then a busy one has answered or was killed
            while (alive > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
