package org.plimsoll.access;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.FoundHome;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.store.Database;

/** An entrance over a real database, with the rooms of access and one small room behind it. */
final class Gatehouse implements AutoCloseable {

    static final String HOME_TOKEN = "the token of server.json";

    final Database database;
    final Notes notes = new Notes();
    final Standing standing;
    final Entrance entrance;

    Gatehouse(Database database, Clock clock) {
        this.database = database;
        var random = new SecureRandom();
        var principals = new Principals(random);
        standing = new Standing(database, clock, Optional.of(HOME_TOKEN));
        var catalogue = new Catalogue(List.of(Notes.ROOM, AccessOperations.PRINCIPALS, AccessOperations.CREDENTIALS));
        entrance = new Entrance(
                database,
                catalogue,
                standing,
                clock,
                List.of(notes, principals, new Credentials(principals, random, clock)));
        entrance.as(Actor.SYSTEM).perform(new FoundHome());
    }

    /** A principal with these roles, acting with a session. */
    Actor somebody(String login, RoleWanted... roles) {
        var made = entrance.as(Actor.SYSTEM).perform(new CreateService(login, login, List.of(roles)));
        return new Actor(made.id(), Proof.SESSION, Set.of());
    }

    static RoleWanted on(Resource resource, Role role) {
        return new RoleWanted(role, resource);
    }

    long events(String type) {
        return database.read(db -> db.sql()
                .createQuery("SELECT count(*) FROM event WHERE type = :type")
                .bind("type", type)
                .mapTo(Long.class)
                .one());
    }

    @Override
    public void close() {
        standing.close();
        database.close();
    }
}
