package org.plimsoll.store;

import java.time.Duration;
import java.util.Optional;
import org.plimsoll.core.Problem;

/** Gives, extends and checks leases. Nodes that share a database keep their clocks together to less than a lease's length. */
public final class Leases {

    private Leases() {}

    /** The lease, if nobody else has it: taken anew with the next fence, or extended where this holder has it already. */
    public static Optional<Lease> take(Transaction tx, String name, String holder, Duration span) {
        return tx.sql()
                .createQuery("""
                        INSERT INTO lease (name, holder, until, fence) VALUES (:name, :holder, :until, 1)
                        ON CONFLICT (name) DO UPDATE SET
                            holder = excluded.holder,
                            until = excluded.until,
                            fence = CASE WHEN lease.holder = excluded.holder AND lease.until > :now
                                         THEN lease.fence ELSE lease.fence + 1 END
                        WHERE lease.holder = excluded.holder OR lease.until <= :now
                        RETURNING name, holder, until, fence""")
                .bind("name", name)
                .bind("holder", holder)
                .bind("until", tx.now() + span.toMillis())
                .bind("now", tx.now())
                .mapTo(Lease.class)
                .findOne();
    }

    /**
     * Makes the transaction fail unless the lease is still its holder's. First in the transaction whose effect it guards.
     *
     * @throws Problem FENCED when another holder has taken it
     */
    public static void require(Transaction tx, Lease lease) {
        int held = tx.sql()
                .createUpdate(
                        "UPDATE lease SET until = until WHERE name = :name AND fence = :fence AND holder = :holder")
                .bind("name", lease.name())
                .bind("fence", lease.fence())
                .bind("holder", lease.holder())
                .execute();
        if (held == 0) {
            throw Problem.of(Problem.Kind.FENCED, "the lease " + lease.name() + " is another node's now");
        }
    }

    /** Gives the lease back before its time; without effect where it is another's already. */
    public static void release(Transaction tx, Lease lease) {
        tx.sql()
                .createUpdate("UPDATE lease SET until = 0 WHERE name = :name AND fence = :fence AND holder = :holder")
                .bind("name", lease.name())
                .bind("fence", lease.fence())
                .bind("holder", lease.holder())
                .execute();
    }
}
