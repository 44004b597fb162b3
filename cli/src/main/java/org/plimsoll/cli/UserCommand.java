package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.access.AccessOperations.CreateService;
import org.plimsoll.access.AccessOperations.DeactivatePrincipal;
import org.plimsoll.access.AccessOperations.GiveRole;
import org.plimsoll.access.AccessOperations.Invitation;
import org.plimsoll.access.AccessOperations.InvitePerson;
import org.plimsoll.access.AccessOperations.LinkAccount;
import org.plimsoll.access.AccessOperations.ListPrincipals;
import org.plimsoll.access.AccessOperations.PrincipalView;
import org.plimsoll.access.AccessOperations.ReinvitePerson;
import org.plimsoll.access.AccessOperations.RoleWanted;
import org.plimsoll.access.AccessOperations.ShowPrincipal;
import org.plimsoll.access.AccessOperations.TakeRole;
import org.plimsoll.access.Principal;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "user",
        description = "People and programs: who there is, and what they may.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UserCommand.ListThem.class,
            UserCommand.Show.class,
            UserCommand.Invite.class,
            UserCommand.Service.class,
            UserCommand.ChangeRole.class,
            UserCommand.Link.class,
            UserCommand.Deactivate.class
        })
final class UserCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with users: list, show, invite, …");
    }

    @Command(name = "list", description = "Lists people and services.")
    static final class ListThem extends RemoteCommand {
        @Override
        int run() {
            List<Principal> all = operations().perform(new ListPrincipals(Optional.empty()));
            var table = out().table("LOGIN", "NAME", "KIND", "ACTIVE", "SINCE", "ID");
            all.forEach(it ->
                    table.row(it.login(), it.name(), it.kind(), it.isActive() ? "yes" : "no", it.createdAt(), it.id()));
            table.print();
            out().json(all);
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Shows somebody's roles.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "LOGIN")
        String login = "";

        @Override
        int run() {
            show(out(), operations().perform(new ShowPrincipal(login)));
            return Exit.DONE;
        }
    }

    @Command(name = "invite", description = "Makes a person, and prints the code to set a password with.")
    static final class Invite extends RemoteCommand {
        @Parameters(paramLabel = "LOGIN", description = "such as ana")
        String login = "";

        @Option(names = "--name", paramLabel = "NAME", description = "for people to read (default: the login)")
        Optional<String> name = Optional.empty();

        @Option(names = "--email", paramLabel = "EMAIL")
        Optional<String> email = Optional.empty();

        @Option(
                names = "--role",
                paramLabel = "ROLE[@KIND/NAME]",
                description = "may be repeated; such as DATA_SCIENTIST or OWNER@model/late-arrival")
        List<String> roles = List.of();

        @Option(names = "--again", description = "a new code for somebody who is there already")
        boolean isAgain;

        @Override
        int run() {
            Invitation invitation = isAgain
                    ? operations().perform(new ReinvitePerson(login))
                    : operations().perform(new InvitePerson(login, name.orElse(login), email, wanted(roles)));
            out().say("Invited " + invitation.principal().login() + ". The code sets the password once, until "
                    + invitation.expiresAt() + ":");
            out().say("  " + invitation.code());
            out().next("plimsoll login --invitation CODE");
            out().json(invitation);
            return Exit.DONE;
        }
    }

    @Command(name = "service", description = "Makes a program; give it tokens with `plimsoll token create --for`.")
    static final class Service extends RemoteCommand {
        @Parameters(paramLabel = "LOGIN", description = "such as checkout-backend")
        String login = "";

        @Option(names = "--name", paramLabel = "NAME")
        Optional<String> name = Optional.empty();

        @Option(names = "--role", paramLabel = "ROLE[@KIND/NAME]", description = "may be repeated (default: SERVICE)")
        List<String> roles = List.of(Role.SERVICE.name());

        @Override
        int run() {
            Principal made = operations().perform(new CreateService(login, name.orElse(login), wanted(roles)));
            out().say("Made the service " + made.login() + ".");
            out().next("plimsoll token create NAME --for " + made.login());
            out().json(made);
            return Exit.DONE;
        }
    }

    @Command(name = "role", description = "Gives a role, or takes it away.")
    static final class ChangeRole extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "LOGIN")
        String login = "";

        @Parameters(index = "1", paramLabel = "ROLE[@KIND/NAME]", description = "such as OWNER@model/late-arrival")
        String role = "";

        @Option(names = "--take", description = "take it away instead")
        boolean isTaken;

        @Override
        int run() {
            RoleWanted wanted = UserCommand.wanted(role);
            Optional<Resource> on = Optional.of(wanted.resource());
            show(
                    out(),
                    isTaken
                            ? operations().perform(new TakeRole(login, wanted.role(), on))
                            : operations().perform(new GiveRole(login, wanted.role(), on)));
            return Exit.DONE;
        }
    }

    @Command(
            name = "link",
            description =
                    "Says that an account is a person's second one, or whose program it is: they count as one, for good.")
    static final class Link extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "the second account, or the program")
        String account = "";

        @Parameters(index = "1", paramLabel = "PERSON", description = "who it belongs to")
        String person = "";

        @Override
        int run() {
            Principal counts = operations().perform(new LinkAccount(account, person));
            out().say(account + " counts as " + counts.login() + " from now on, also for what it did before.");
            out().json(counts);
            return Exit.DONE;
        }
    }

    @Command(name = "deactivate", description = "Ends every session and token of somebody who left.")
    static final class Deactivate extends RemoteCommand {
        @Parameters(paramLabel = "LOGIN")
        String login = "";

        @Override
        int run() {
            confirm("Deactivate " + login + "?");
            Principal gone = operations().perform(new DeactivatePrincipal(login));
            out().say(gone.login() + " is not active any more; what they did stays.");
            out().json(gone);
            return Exit.DONE;
        }
    }

    private static void show(Output out, PrincipalView view) {
        Principal it = view.principal();
        out.say(it.login() + "  " + it.name() + "  (" + it.kind() + (it.isActive() ? "" : ", not active") + ")");
        var table = out.table("ROLE", "ON", "SINCE", "BY");
        view.grants().forEach(grant -> table.row(grant.role(), grant.resource(), grant.since(), grant.by()));
        table.print();
        out.json(view);
    }

    private static List<RoleWanted> wanted(List<String> roles) {
        return roles.stream().map(UserCommand::wanted).collect(Collectors.toUnmodifiableList());
    }

    private static RoleWanted wanted(String text) {
        int at = text.indexOf('@');
        String role = (at < 0 ? text : text.substring(0, at))
                .toUpperCase(java.util.Locale.ROOT)
                .replace('-', '_');
        Resource on = at < 0 ? Resource.ORGANISATION : Resource.parse(text.substring(at + 1));
        for (Role known : Role.values()) {
            if (known.name().equals(role)) {
                return new RoleWanted(known, on);
            }
        }
        throw org.plimsoll.core.Problem.invalid("role", text, "one of " + List.of(Role.values()));
    }
}
