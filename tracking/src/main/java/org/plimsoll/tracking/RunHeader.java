package org.plimsoll.tracking;

import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** The least about a run that decides whether it may be written; read inside the transaction that writes. */
record RunHeader(String id, Run.Status status, String startedBy) {

    static RunHeader of(Reading db, String id) {
        return db.sql()
                .createQuery("SELECT id, status, started_by FROM run WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> new RunHeader(
                        row.getString("id"), Run.Status.valueOf(row.getString("status")), row.getString("started_by")))
                .findOne()
                .orElseThrow(() -> Problem.notFound("run", id));
    }

    /** The run, if this actor may write to it now. */
    static RunHeader writable(Transaction tx, String id) {
        RunHeader run = of(tx, id);
        run.refuseStrangers(tx);
        run.refuseClosed();
        return run;
    }

    void refuseStrangers(Transaction tx) {
        if (!isOf(tx)) {
            throw Problem.of(
                    Problem.Kind.DENIED,
                    "run " + id + " was started by " + startedBy + "; only they write to it. Start a run of your own");
        }
    }

    boolean isOf(Transaction tx) {
        return startedBy.equals(tx.actor().principal());
    }

    void refuseClosed() {
        if (status.isClosed()) {
            throw Problem.of(Problem.Kind.CONFLICT, "run " + id + " is " + status + "; nothing more is written to it");
        }
    }
}
