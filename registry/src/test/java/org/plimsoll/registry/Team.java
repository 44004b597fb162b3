package org.plimsoll.registry;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.AccessOperations;
import org.plimsoll.access.AccessOperations.InvitePerson;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.access.Standing;
import org.plimsoll.core.Actor;
import org.plimsoll.store.Database;

/** People around one database, for tests: each comes in by the one way in. */
public final class Team implements AutoCloseable {

    public final Entrance entrance;
    private final Standing standing;

    public Team(Database database, Clock clock, List<Room<?>> rooms, List<?> keepers) {
        standing = new Standing(database, clock, Optional.empty());
        List<Room<?>> all = new ArrayList<>(rooms);
        all.add(AccessOperations.PRINCIPALS);
        List<Object> everyone = new ArrayList<>(keepers);
        everyone.add(new Principals(new SecureRandom()));
        entrance = new Entrance(database, new Catalogue(all), standing, clock, everyone);
    }

    /** A person with these roles everywhere; answers with their principal id. */
    public String person(String login, Role... roles) {
        List<RoleWanted> wanted = Arrays.stream(roles)
                .map(role -> new RoleWanted(role, Resource.ORGANISATION))
                .toList();
        return entrance.as(Actor.SYSTEM)
                .perform(new InvitePerson(login, login, Optional.empty(), wanted))
                .principal()
                .id();
    }

    /** What this person, signed in, can do. */
    public Operations signedIn(String principal) {
        return entrance.as(new Actor(principal, Actor.Proof.SESSION, Set.of()));
    }

    @Override
    public void close() {
        standing.close();
    }
}
