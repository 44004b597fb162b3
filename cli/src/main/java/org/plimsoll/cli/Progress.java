package org.plimsoll.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** How far work is, how fast, how long still. Silent where nobody watches, and for the first second. */
final class Progress implements AutoCloseable {

    private static final long EACH_NANOS = 200_000_000L;
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int BAR = 20;

    private final PrintStream err;
    private final String what;
    private final long total;
    private final boolean isShown;
    private final long began = System.nanoTime();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong drawn = new AtomicLong(began + PATIENCE_NANOS - EACH_NANOS);
    private volatile boolean hasDrawn;

    /** @param total how much there is; 0 where nobody knows */
    Progress(PrintStream err, String what, long total, boolean isShown) {
        this.err = err;
        this.what = what;
        this.total = total;
        this.isShown = isShown;
    }

    /** So much more is done. Any thread may tell. */
    void add(long more) {
        long now = done.addAndGet(more);
        long last = drawn.get();
        if (isShown && System.nanoTime() - last > EACH_NANOS && drawn.compareAndSet(last, System.nanoTime())) {
            draw(now);
        }
    }

    @Override
    public void close() {
        if (hasDrawn) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }

    private void draw(long now) {
        double seconds = (System.nanoTime() - began) / 1e9;
        double rate = now / seconds;
        var line = new StringBuilder("\r\u001b[K ").append(what).append("  ");
        if (total > 0) {
            int filled = (int) Math.min(BAR, BAR * now / total);
            line.append("━".repeat(filled)).append("╌".repeat(BAR - filled));
            line.append(String.format(Locale.ROOT, "  %,d of %,d  %,.0f/s", now, total, rate));
            if (rate > 0 && now < total) {
                line.append(String.format(Locale.ROOT, "  %.0f s left", (total - now) / rate));
            }
        } else {
            line.append(String.format(Locale.ROOT, "%,d  %,.0f/s", now, rate));
        }
        err.print(line);
        err.flush();
        hasDrawn = true;
    }
}
