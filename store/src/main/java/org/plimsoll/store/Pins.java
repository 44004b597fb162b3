package org.plimsoll.store;

import java.util.List;
import org.plimsoll.core.Digest;

/**
 * Keeps blobs from being collected: each {@link Pin} is a row that the holder writes in the transaction in which it begins to need
 * the blob, and deletes in the one in which it no longer does.
 */
public final class Pins {

    private Pins() {}

    /** The holder needs this blob from now on; once more changes nothing. */
    public static void keep(Transaction tx, Digest blob, String holder) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO pin (blob, holder, at) VALUES (:blob, :holder, :at) ON CONFLICT DO NOTHING""")
                .bind("blob", blob)
                .bind("holder", holder)
                .bind("at", tx.now())
                .execute();
    }

    /** The holder no longer needs it. */
    public static void release(Transaction tx, Digest blob, String holder) {
        tx.sql()
                .createUpdate("DELETE FROM pin WHERE blob = :blob AND holder = :holder")
                .bind("blob", blob)
                .bind("holder", holder)
                .execute();
    }

    /** Who needs this blob. */
    public static List<Pin> of(Reading db, Digest blob) {
        return db.sql()
                .createQuery("SELECT blob, holder, at FROM pin WHERE blob = :blob ORDER BY holder")
                .bind("blob", blob)
                .mapTo(Pin.class)
                .list();
    }
}
