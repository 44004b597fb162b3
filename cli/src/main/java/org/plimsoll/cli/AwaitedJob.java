package org.plimsoll.cli;

import java.time.Duration;
import org.plimsoll.access.JobOperations.GetJob;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Job;

/** Work that the server does while a command waits for it. It goes on when the command is interrupted. */
final class AwaitedJob {

    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private AwaitedJob() {}

    /** What the job came to. @throws Problem with the job's own reason where it failed */
    static <T> T outcome(Operations operations, Job job, Class<T> type, Output out, String what) {
        Job now = job;
        Duration pause = SHORTEST;
        try (Progress progress = out.progress(what, 0)) {
            while (now.state() == Job.State.WAITING) {
                Thread.sleep(pause);
                progress.add(1);
                pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
                now = operations.perform(new GetJob(job.id()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted; job " + job.id() + " goes on in the server");
        }
        String outcome = now.outcome().orElse("");
        if (now.state() == Job.State.FAILED) {
            throw Problem.refused(outcome);
        }
        return Json.read(outcome, type);
    }
}
