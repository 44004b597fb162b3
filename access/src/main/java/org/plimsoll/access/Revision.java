package org.plimsoll.access;

import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** A number that grows whenever principals, credentials, grants or resources change: what memory compares itself with. */
final class Revision {

    private Revision() {}

    static void raise(Transaction tx) {
        tx.sql().execute("UPDATE access_state SET revision = revision + 1");
    }

    static long now(Reading db) {
        return db.sql()
                .createQuery("SELECT revision FROM access_state")
                .mapTo(Long.class)
                .one();
    }
}
