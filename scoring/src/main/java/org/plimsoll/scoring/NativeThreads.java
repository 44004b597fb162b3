package org.plimsoll.scoring;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.plimsoll.core.Problem;

/**
 * The platform threads that native engines run on, as many as there are processors. A native call pins the carrier of a virtual
 * thread, so requests would wait for each other unseen; here they wait in a queue, each with its own thread blocked, which costs
 * nothing. The stacks are large, since native libraries are loaded here, and some need more than a small stack for it.
 */
final class NativeThreads {

    private static final long STACK_BYTES = 8 << 20;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ThreadPoolExecutor THREADS = threads();

    private NativeThreads() {}

    private static ThreadPoolExecutor threads() {
        int most = Runtime.getRuntime().availableProcessors();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "native-" + NUMBER.incrementAndGet(), STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Does this on one of the threads, and waits for it even where the caller is interrupted, who is told so afterwards. */
    static <T> T call(Callable<T> work) {
        Future<T> future = THREADS.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw thrown(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(ExecutionException failure) {
        if (failure.getCause() instanceof Problem problem) {
            return Problem.of(problem.kind(), problem.detail(), problem.facts());
        }
        return Problem.internal("a native engine failed: " + failure.getCause(), failure);
    }
}
