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
 *   <li>never for answers that usually take more than {@link #LONGEST}, and for at most twice what they usually take;
 *   <li>while no more processes are asked at once than there are pairs of processors, one for each side: never on a single one;
 *   <li>not for a {@link Pause} after a spin was disturbed: another thread was given the processor in its middle and no answer was
 *       there when it ended, which holds for the whole server; or it saw no answer, since the other process had to wait for a
 *       processor or answers vary.
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

    /** How many answers are awaited now, of all processes. */
    private static final AtomicInteger AWAITED = new AtomicInteger();

    private static final int MOST_AWAITED = Runtime.getRuntime().availableProcessors() / 2;

    /** After spins that were interrupted, of all processes. */
    private static final Pause INTERRUPTIONS = new Pause();

    /** After spins in vain, of this process. */
    private final Pause vain = new Pause();

    private final SocketChannel socket;
    private long usual; // nanoseconds that answers took, a moving mean

    SpinningChannel(SocketChannel socket) {
        this.socket = socket;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        long began = System.nanoTime();
        AWAITED.incrementAndGet();
        try {
            boolean spins = usual < LONGEST && vain.isOver(began) && INTERRUPTIONS.isOver(began);
            int read = spins ? spin(into, began) : 0;
            return read == 0 ? socket.read(into) : read;
        } finally {
            AWAITED.decrementAndGet();
            long taken = Math.min(System.nanoTime() - began, 2 * LONGEST);
            usual += taken - usual >> 3;
        }
    }

    /** What has come before the spin was disturbed; 0 where nothing has. */
    private int spin(ByteBuffer into, long began) throws IOException {
        long until = began + 2 * usual + INTERRUPTED;
        socket.configureBlocking(false);
        try {
            long look = began;
            boolean isInterrupted = false;
            while (AWAITED.get() <= MOST_AWAITED) {
                int read = socket.read(into);
                if (read != 0) {
                    if (!isInterrupted) { // else it may have been the other process, woken on this processor, until it
                        // had answered
                        vain.shorten();
                        INTERRUPTIONS.shorten();
                    }
                    return read;
                }
                if (isInterrupted) {
                    INTERRUPTIONS.begin(look);
                    return 0;
                }
                if (look - until > 0) {
                    vain.begin(look);
                    return 0;
                }
                long before = look;
                do {
                    Thread.onSpinWait();
                    look = System.nanoTime();
                } while (look - before < BETWEEN);
                isInterrupted = look - before > INTERRUPTED;
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

    /**
     * How long nobody spins after a spin that was disturbed: four times as long as last time, and half of that for each spin that was
     * not. Where fewer than one in three is disturbed that is a moment; on busy processors, where more are, a quarter of a second.
     */
    private static final class Pause {

        private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(4);
        private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(256);

        // by any thread: who reads an older value than another has just written spins once more, or once less
        private volatile long length = SHORTEST;
        private volatile long until = System.nanoTime();

        boolean isOver(long now) {
            return now - until >= 0;
        }

        void begin(long now) {
            long next = Math.min(LONGEST, 4 * length);
            length = next;
            until = now + next;
        }

        void shorten() {
            long now = length;
            if (now > SHORTEST) {
                length = Math.max(SHORTEST, now >> 1);
            }
        }
    }
}
