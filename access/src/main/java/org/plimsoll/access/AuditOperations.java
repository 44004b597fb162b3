package org.plimsoll.access;

import static org.plimsoll.access.Room.room;

import org.plimsoll.audit.AuditLog;
import org.plimsoll.audit.Checkpoint;
import org.plimsoll.audit.Receipt;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;

/** What anyone can ask of the Merkle log: its signed state, and the proof that an event is in it. */
public final class AuditOperations {

    private interface OnHome<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** The newest signed checkpoint, and the key to verify it with. */
    public record ShowCheckpoint() implements OnHome<AuditState> {}

    /** The proof that the event at this position is in the log. */
    public record ShowReceipt(long position) implements OnHome<Receipt> {}

    /** @param verifier the public half of the log's key, as auditors keep it */
    public record AuditState(Checkpoint checkpoint, String verifier) {}

    /** Answers from the log's files. */
    public static final class AuditDesk {

        private final AuditLog log;

        public AuditDesk(AuditLog log) {
            this.log = log;
        }

        AuditState checkpoint(Reading db, ShowCheckpoint request) {
            Checkpoint newest = log.checkpoint()
                    .orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND, "nothing has been added to the log yet"));
            return new AuditState(newest, log.verifier().toString());
        }

        Receipt receipt(Reading db, ShowReceipt request) {
            return log.receipt(request.position());
        }
    }

    public static final Room<AuditDesk> ROOM = room("audit", AuditDesk.class)
            .read(
                    "audit.checkpoint",
                    "GET /audit/checkpoint",
                    Role.READERS,
                    ShowCheckpoint.class,
                    AuditDesk::checkpoint)
            .read(
                    "audit.receipt",
                    "GET /audit/receipts/{position}",
                    Role.READERS,
                    ShowReceipt.class,
                    AuditDesk::receipt);

    private AuditOperations() {}
}
