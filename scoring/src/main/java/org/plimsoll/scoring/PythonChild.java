package org.plimsoll.scoring;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * The conversation with one Python process that answers for one model: opened, asked, killed at a deadline. Asked by one thread at
 * a time; {@link #close} by any.
 */
final class PythonChild implements AutoCloseable {

    /**
     * What it has opened.
     *
     * @param inputs the columns it takes, in its order
     * @param classes of a classifier
     * @param openEnds what the platform did not cut off, for people
     * @param notes where the interpreter differs from the requirements, for people
     */
    record Ready(
            String python,
            String library,
            String model,
            List<String> inputs,
            List<String> classes,
            List<String> openEnds,
            List<String> notes) {}

    /** It has ended, or was killed: why, for people. Whoever asks again asks another process. */
    static final class Ended extends Exception {
        Ended(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return Objects.requireNonNull(getMessage());
        }
    }

    /** Wakes up for deadlines of all processes, and for starts that were put off. */
    static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final PythonProcess process;
    private final SocketChannel socket;
    private final SpinningChannel answers;
    private final PythonFrame frame = new PythonFrame(PythonOrder.FRAME_BYTES);
    private final AtomicBoolean isWatched = new AtomicBoolean();
    private volatile boolean isAsked;
    private volatile long due; // of the question of now, in the time of System.nanoTime

    private PythonChild(PythonProcess process, SocketChannel socket) {
        this.process = process;
        this.socket = socket;
        this.answers = new SpinningChannel(socket);
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("python-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /** A process with its model open. */
    record Started(PythonChild child, Ready ready) {}

    /**
     * Starts a process and waits until it has opened its model.
     *
     * @throws Problem where it could not, with what Python said
     */
    static Started start(Path interpreter, PythonOrder order, ScoringConfig config) {
        Path folder = PythonProcess.folder();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(PythonProcess.socket(folder)));
            return opened(PythonProcess.start(interpreter, folder, config), server, order, config);
        } catch (IOException e) {
            PythonProcess.delete(folder);
            throw Problem.refused(
                    "the Python interpreter " + interpreter + " does not start: " + e.getMessage() + "; name another");
        }
    }

    private static Started opened(
            PythonProcess process, ServerSocketChannel server, PythonOrder order, ScoringConfig config) {
        Future<?> alarm = CLOCK.schedule(
                () -> process.kill(late("did not open its model", config.pythonStart())),
                config.pythonStart().toMillis(),
                TimeUnit.MILLISECONDS);
        Optional<PythonChild> connected = Optional.empty();
        try {
            PythonChild child = new PythonChild(process, accept(server, process));
            connected = Optional.of(child);
            Files.delete(((UnixDomainSocketAddress) server.getLocalAddress()).getPath());
            child.frame.send(child.socket, PythonFrame.OPEN, Json.bytes(order.in(process.work(), config)));
            return new Started(child, child.ready());
        } catch (IOException e) {
            String reason = process.whyEnded(e);
            connected.ifPresentOrElse(PythonChild::close, process::close);
            throw Problem.refused("the Python process of the model " + reason);
        } catch (RuntimeException e) {
            connected.ifPresentOrElse(PythonChild::close, process::close);
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    private static SocketChannel accept(ServerSocketChannel server, PythonProcess process) throws IOException {
        server.configureBlocking(false);
        while (true) {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                return accepted;
            }
            if (!process.isAlive()) {
                throw new IOException("it ended before it began");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (ClosedByInterruptException) new ClosedByInterruptException().initCause(e);
            }
        }
    }

    private Ready ready() throws IOException {
        return switch (frame.receive(answers)) {
            case PythonFrame.READY -> Json.read(frame.body(), Ready.class);
            case PythonFrame.FAILED -> throw Problem.refused(new String(frame.body(), StandardCharsets.UTF_8));
            default -> throw new IOException("it did not say what it opened");
        };
    }

    /**
     * The model's own outputs for some of these rows.
     *
     * @param places where the model's inputs stand in the rows; -1 where an optional one does not
     * @return empty where the rows are more than one frame takes: ask for fewer
     * @throws Problem INVALID with what the model said of these rows
     * @throws Ended where the process ended, or was killed at the deadline
     */
    Optional<List<PythonFrame.Output>> ask(
            Schema inputs, int[] places, Columns rows, int from, int until, Duration deadline) throws Ended {
        begin(deadline);
        try {
            if (!frame.send(socket, inputs, places, rows, from, until)) {
                return Optional.empty();
            }
            return switch (frame.receive(answers)) {
                case PythonFrame.SCORES -> Optional.of(frame.outputs(until - from));
                case PythonFrame.FAILED ->
                    throw Problem.of(
                            Problem.Kind.INVALID,
                            "the model does not answer: " + new String(frame.body(), StandardCharsets.UTF_8));
                default -> throw new IOException("an answer of no known kind");
            };
        } catch (IOException e) {
            String reason = process.whyEnded(e);
            close();
            throw new Ended(reason);
        } finally {
            isAsked = false;
        }
    }

    /** A clock that was set for every question and stopped again would wake its thread every time, which costs what an answer does. */
    private void begin(Duration deadline) {
        due = System.nanoTime() + deadline.toNanos();
        isAsked = true;
        if (isWatched.compareAndSet(false, true)) {
            watchIn(deadline.toNanos(), deadline);
        }
    }

    private void watchIn(long nanos, Duration deadline) {
        var _ = CLOCK.schedule(() -> watch(deadline), nanos, TimeUnit.NANOSECONDS);
    }

    /** Looks whether the question of now is overdue, and looks again when it will be. */
    private void watch(Duration deadline) {
        if (!isAsked) {
            isWatched.set(false);
            if (!isAsked
                    || !isWatched.compareAndSet(false, true)) { // or a question has come just now, and watches itself
                return;
            }
        }
        long left = due - System.nanoTime();
        if (left > 0) {
            watchIn(left, deadline);
        } else {
            process.kill(late("did not answer", deadline));
        }
    }

    private static String late(String what, Duration span) {
        boolean isWhole = span.toMillis() % 1000 == 0;
        return what + " within " + (isWhole ? span.toSeconds() + " s" : span.toMillis() + " ms") + " and was killed";
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Why it has ended; what it leaves behind is removed. */
    String buried() {
        String reason = process.whyEnded(new IOException("it has ended"));
        close();
        return reason;
    }

    /** The process, for people who look for it. */
    long pid() {
        return process.pid();
    }

    /** Kills the process; a question that is being asked fails. */
    @Override
    public void close() {
        process.close();
        try {
            socket.close();
        } catch (IOException _) {
            // closed already
        }
    }
}
