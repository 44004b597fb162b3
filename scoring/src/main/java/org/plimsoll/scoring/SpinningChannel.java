package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads what another process answers: spins for as long as answers usually take, then blocks. To sleep and to be woken costs as much
 * as a small model does (a virtual processor that has halted takes 30 to 100 µs to run again, and finds its caches cold).
 *
 * <p>Spinning takes a processor that somebody else may need, so it is done only where that is unlikely:
 *
 * <ul>
 *   <li>not for {@link #PAUSE} after another thread was given the processor in the middle of a spin, in the whole server;
 *   <li>not for as long after a spin that saw no answer: the other process had to wait for a processor, or answers vary;
 *   <li>while no more processes are asked at once than there are pairs of processors, one for each side: never on a single one;
 *   <li>never for answers that usually take more than {@link #LONGEST}.
 * </ul>
 *
 * Nobody spins between requests. One thread at a time reads; {@link #close} of the socket ends a spin as it ends a wait.
 */
final class SpinningChannel implements ReadableByteChannel {

    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(2);

    /** Between two looks, so that a sibling of this processor, which may be what computes the answer, is hardly slowed. */
    private static final long BETWEEN = TimeUnit.MICROSECONDS.toNanos(2);

    /** Where so much lies between two looks, another thread ran. */
    private static final long INTERRUPTED = TimeUnit.MICROSECONDS.toNanos(300);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

    /** How many answers are awaited now, of all processes. */
    private static final AtomicInteger AWAITED = new AtomicInteger();

    private static final int MOST_AWAITED = Runtime.getRuntime().availableProcessors() / 2;

    /** Until when the processors are taken to be busy. */
    private static volatile long busyUntil = System.nanoTime();

    private final SocketChannel socket;
    private long usual; // nanoseconds that answers took, a moving mean
    private long vainUntil = System.nanoTime();

    SpinningChannel(SocketChannel socket) {
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        long began = System.nanoTime();
        AWAITED.incrementAndGet();
        try {
            int read = began - busyUntil >= 0 && began - vainUntil >= 0 && usual < LONGEST ? spin(into, began) : 0;
            return read == 0 ? socket.read(into) : read;
        } finally {
            AWAITED.decrementAndGet();
            long taken = Math.min(System.nanoTime() - began, 2 * LONGEST);
            usual += taken - usual >> 3;
        }
    }

    /** What has come within twice the time that answers usually take; 0 where nothing has. */
    private int spin(ByteBuffer into, long began) throws IOException {
        long until = began + Math.min(LONGEST, 2 * usual + INTERRUPTED);
        socket.configureBlocking(false);
        try {
            for (long look = began, now; AWAITED.get() <= MOST_AWAITED; look = now) {
                int read = socket.read(into);
                if (read != 0) {
                    return read;
                }
                do {
                    Thread.onSpinWait();
                    now = System.nanoTime();
                } while (now - look < BETWEEN);
                if (now - look > INTERRUPTED) {
                    busyUntil = now + PAUSE;
                    return 0;
                }
                if (now - until > 0) {
                    vainUntil = now + PAUSE;
                    return 0;
                }
            }
            return 0;
        } finally {
            socket.configureBlocking(true);
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
