package org.plimsoll.tracking;

import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Pins;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.TrackingOperations.CloseRun;

/**
 * The end of a run, in two parts: its points are read and hashed before the transaction, because a run may have a million; the
 * transaction then only checks that none came in between.
 *
 * @param seals of the run and of those of its steps that still run, by id
 */
public record RunClosing(Map<String, RunSeal> seals) {

    static RunClosing measure(Reading db, String run) {
        Map<String, RunSeal> seals = new LinkedHashMap<>();
        for (String open : openSteps(db, run)) {
            seals.put(open, RunSeal.measure(db, open));
        }
        seals.put(run, RunSeal.measure(db, run));
        return new RunClosing(seals);
    }

    Run close(Transaction tx, CloseRun request) {
        RunHeader header = RunHeader.of(tx, request.run());
        if (request.status() != Run.Status.KILLED) {
            header.refuseStrangers(tx); // anybody who may work here may end a run that was left behind
        }
        header.refuseClosed();
        Run run = Runs.find(tx, request.run());
        check(run, request);
        endSteps(tx, run, request.status());
        Runs.addPorts(tx, run.id(), "OUT", request.outputs());
        request.restoredFrom().ifPresent(from -> restored(tx, run, from, request.outputs()));
        addVerifications(tx, run, request.verifications());
        end(tx, run, request.status(), request.reason(), request.outputs());
        addLineage(tx, run, request);
        Run closed = Runs.find(tx, run.id());
        tx.append(run.step().isPresent() ? "step.closed" : "run.closed", "run/" + run.id(), Told.of(closed));
        return closed;
    }

    /** What the closing event says; the seal stands for all that was recorded. */
    private record Told(
            Run.Status status,
            Optional<String> reason,
            Digest seal,
            Optional<Step> step,
            List<Port> outputs,
            List<Verification> verifications) {

        static Told of(Run run) {
            return new Told(
                    run.status(),
                    run.reason(),
                    run.seal().orElseThrow(),
                    run.step(),
                    run.outputs(),
                    run.verifications());
        }
    }

    private static void check(Run run, CloseRun request) {
        Port.refuseDoubles("outputs", request.outputs());
        if (run.step().isEmpty()
                && (!request.outputs().isEmpty() || request.restoredFrom().isPresent())) {
            throw Problem.invalid("outputs", "those of a whole run", "outputs of its steps");
        }
        boolean ofRerun = run.purpose() == Run.Purpose.RERUN && run.step().isEmpty();
        if (!ofRerun && !request.verifications().isEmpty()) {
            throw Problem.invalid("verifications", "those of run " + run.id(), "verifications of a rerun as a whole");
        }
    }

    private void endSteps(Transaction tx, Run run, Run.Status status) {
        List<String> open = openSteps(tx, run.id());
        if (status == Run.Status.FINISHED && !open.isEmpty()) {
            throw Problem.of(
                    Problem.Kind.CONFLICT, "run " + run.id() + " has " + open.size() + " steps that still run");
        }
        for (String step : open) {
            end(tx, Runs.find(tx, step), Run.Status.KILLED, Optional.of("its run ended"), List.of());
        }
    }

    private void end(Transaction tx, Run run, Run.Status status, Optional<String> reason, List<Port> outputs) {
        RunSeal seal = Optional.ofNullable(seals.get(run.id()))
                .filter(measured -> measured.points() == points(tx, run.id()))
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.CONFLICT,
                        "run " + run.id() + " got more points while it was being closed; close it again"));
        for (MetricPoint point : seal.latest()) {
            var insert = tx.sql()
                    .createUpdate("""
                            INSERT INTO metric_latest (run, key, step, at, value)
                            VALUES (:run, :key, :step, :at, :value)""")
                    .bind("run", run.id())
                    .bind("key", point.key())
                    .bind("step", point.step())
                    .bind("at", point.at().toEpochMilli());
            if (Double.isNaN(point.value())) {
                insert.bindNull("value", Types.DOUBLE);
            } else {
                insert.bind("value", point.value());
            }
            insert.execute();
        }
        tx.sql()
                .createUpdate("""
                        UPDATE run SET status = :status, ended_at = :now, reason = :reason, seal = :seal
                        WHERE id = :id""")
                .bind("status", status.name())
                .bind("now", tx.now())
                .bind("reason", reason)
                .bind("seal", seal.over(tx, run, status, outputs).value())
                .bind("id", run.id())
                .execute();
    }

    private static long points(Reading db, String run) {
        return db.sql()
                .createQuery("SELECT COUNT(*) FROM metric WHERE run = :run")
                .bind("run", run)
                .mapTo(Long.class)
                .one();
    }

    private static List<String> openSteps(Reading db, String run) {
        return db.sql()
                .createQuery("SELECT id FROM run WHERE parent = :run AND seal IS NULL ORDER BY id")
                .bind("run", run)
                .mapTo(String.class)
                .list();
    }

    /** That these outputs are what an executed step of the same key made. */
    private static void restored(Transaction tx, Run run, String from, List<Port> outputs) {
        Run earlier = Runs.find(tx, from);
        boolean same = earlier.status() == Run.Status.FINISHED
                && earlier.step().flatMap(Step::restoredFrom).isEmpty()
                && earlier.step().map(Step::key).equals(run.step().map(Step::key))
                && earlier.outputs().equals(outputs);
        if (!same) {
            throw Problem.invalid(
                    "restored_from",
                    from,
                    "an executed and finished step with the same key and the same outputs as step " + run.id());
        }
        tx.sql()
                .createUpdate("UPDATE run SET restored_from = :from WHERE id = :id")
                .bind("from", earlier.id())
                .bind("id", run.id())
                .execute();
    }

    private static void addVerifications(Transaction tx, Run run, List<Verification> verifications) {
        if (verifications.isEmpty()) {
            return;
        }
        List<Run> first = Runs.steps(tx, run.origin().orElseThrow());
        List<Run> again = Runs.steps(tx, run.id());
        for (int place = 0; place < verifications.size(); place++) {
            Verification it = verifications.get(place);
            boolean made = isOutput(first, it, it.original()) && isOutput(again, it, it.repeated());
            boolean equal = it.original().equals(it.repeated());
            if (!made || equal != it.level().meansSameBytes()) {
                throw Problem.invalid(
                        "verifications[" + place + "]",
                        it.level().code() + " of " + it.step() + "." + it.output(),
                        "a level that fits the digests both runs recorded for this output");
            }
            tx.sql()
                    .createUpdate("""
                            INSERT INTO run_verification (run, place, step, output, level, original, repeated)
                            VALUES (:run, :place, :step, :output, :level, :original, :repeated)""")
                    .bind("run", run.id())
                    .bind("place", place)
                    .bind("step", it.step())
                    .bind("output", it.output())
                    .bind("level", it.level().name())
                    .bind("original", it.original().value())
                    .bind("repeated", it.repeated().value())
                    .execute();
        }
    }

    private static boolean isOutput(List<Run> steps, Verification of, Digest digest) {
        return steps.stream()
                .filter(run -> run.step().orElseThrow().name().equals(of.step()))
                .flatMap(run -> run.output(of.output()).stream())
                .anyMatch(port -> port.digest().equals(digest));
    }

    /**
     * A rerun that comes out with the same bytes adds nobody to their line: whoever checks a run by repeating it may still
     * judge it. New bytes have whoever made them, also in a rerun.
     */
    private static void addLineage(Transaction tx, Run run, CloseRun request) {
        if (run.step().isEmpty() || request.restoredFrom().isPresent()) {
            return;
        }
        List<Port> made = new ArrayList<>(request.outputs());
        if (run.purpose() == Run.Purpose.RERUN) {
            made.removeIf(output -> Runs.madeBefore(tx, output.digest(), run.id()));
        }
        Lineage.add(tx, run.id(), run.step().orElseThrow().name(), run.inputs(), made);
        for (Port output : request.outputs()) {
            Pins.keep(tx, output.digest(), "run/" + run.id());
        }
    }
}
