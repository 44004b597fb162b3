package org.plimsoll.store;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.plimsoll.core.Actor;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Ids;

/** The transaction that both databases hand out. Used by one thread at a time. */
final class OpenTransaction implements Transaction {

    private static final System.Logger LOG = System.getLogger(OpenTransaction.class.getName());

    private final Handle sql;
    private final Actor actor;
    private final long now;
    private final List<String> events = new ArrayList<>(1);
    private final List<Runnable> effects = new ArrayList<>(1);
    private long nextPosition;

    /** @param nextPosition of the first event; 0 where positions are given after the commit (PostgreSQL) */
    OpenTransaction(Handle sql, Actor actor, long now, long nextPosition) {
        this.sql = sql;
        this.actor = actor;
        this.now = now;
        this.nextPosition = nextPosition;
    }

    @Override
    public Handle sql() {
        return sql;
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public Actor actor() {
        return actor;
    }

    @Override
    public String append(String type, String subject, Object detail) {
        String id = Ids.next();
        byte[] json = CanonicalJson.bytes(detail);
        Events.checkLength(type, subject, actor.principal(), json);
        Optional<Long> position = nextPosition == 0 ? Optional.empty() : Optional.of(nextPosition);
        sql.createUpdate("""
                        INSERT INTO event (id, position, type, subject, actor, at, detail)
                        VALUES (:id, :position, :type, :subject, :actor, :at, :detail)""")
                .bind("id", id)
                .bind("position", position)
                .bind("type", type)
                .bind("subject", subject)
                .bind("actor", actor.principal())
                .bind("at", now)
                .bind("detail", new String(json, StandardCharsets.UTF_8))
                .execute();
        if (nextPosition != 0) {
            nextPosition++;
        }
        events.add(id);
        return id;
    }

    @Override
    public int appended() {
        return events.size();
    }

    @Override
    public void afterCommit(Runnable effect) {
        effects.add(effect);
    }

    List<String> events() {
        return events;
    }

    long nextPosition() {
        return nextPosition;
    }

    /** The write is committed, so an effect that fails changes nothing of that; it is only logged. */
    void runEffects() {
        for (Runnable effect : effects) {
            try {
                effect.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "an effect after a commit failed", e);
            }
        }
    }
}
