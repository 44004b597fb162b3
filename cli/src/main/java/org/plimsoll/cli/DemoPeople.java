package org.plimsoll.cli;

import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.AcceptInvitation;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.CreateToken;
import org.plimsoll.access.AccessOperations.Invitation;
import org.plimsoll.access.AccessOperations.InvitePerson;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.access.AccessOperations.SetUp;
import org.plimsoll.access.AccessOperations.SignedIn;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Principal;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.server.Rooms;

/**
 * The four people of the demo, and the application that asks for predictions, each with a credential of their own.
 *
 * @param admin manages people and roles, and may do nothing else
 * @param ana data scientist and ML engineer: trains, registers, evaluates, promotes
 * @param ben owns the model: approves
 * @param mira model risk: publishes the policy, is deputy and on call: rolls back
 * @param gates the application's token, for predictions and outcomes
 */
record DemoPeople(Person admin, Person ana, Person ben, Person mira, String gates) {

    /** All four. */
    List<Person> everyone() {
        return List.of(admin, ana, ben, mira);
    }

    /** Somebody signed in. */
    record Person(String login, String name, String password, SignedIn session, Operations operations) {}

    private static final SecureRandom RANDOM = new SecureRandom();

    static DemoPeople gather(URI server, String setupToken) {
        String password = password();
        SignedIn first = nobody(server).perform(new SetUp(setupToken, "admin", "Administrator", password));
        Person admin = person(server, "admin", "Administrator", password, first);
        Person ana = invite(server, admin, "ana", "Ana Marek", Role.DATA_SCIENTIST, Role.ML_ENGINEER);
        Person ben = invite(server, admin, "ben", "Ben Ng", Role.VIEWER);
        Person mira = invite(server, admin, "mira", "Mira Okafor", Role.VALIDATOR, Role.ON_CALL);
        Principal gates = admin.operations()
                .perform(new CreateService("gates", "Gate team's application", List.of(at(Role.SERVICE))));
        String token = admin.operations()
                .perform(new CreateToken(
                        "flights", Optional.of(gates.id()), List.of("infer", "outcome.add"), Optional.empty()))
                .secret();
        return new DemoPeople(admin, ana, ben, mira, token);
    }

    private static Person invite(URI server, Person admin, String login, String name, Role... roles) {
        Invitation invitation = admin.operations()
                .perform(new InvitePerson(
                        login,
                        name,
                        Optional.empty(),
                        List.of(roles).stream().map(DemoPeople::at).toList()));
        String password = password();
        return person(
                server,
                login,
                name,
                password,
                nobody(server).perform(new AcceptInvitation(invitation.code(), password)));
    }

    private static Person person(URI server, String login, String name, String password, SignedIn session) {
        return new Person(
                login,
                name,
                password,
                session,
                new HttpOperations(server, Optional.of(session.token()), Rooms.CATALOGUE));
    }

    private static Operations nobody(URI server) {
        return new HttpOperations(server, Optional.empty(), Rooms.CATALOGUE);
    }

    private static RoleWanted at(Role role) {
        return new RoleWanted(role, Resource.ORGANISATION);
    }

    private static String password() {
        var bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.ofDelimiter("-").withUpperCase().formatHex(bytes, 0, 8);
    }
}
