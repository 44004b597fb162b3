package org.plimsoll.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.AcceptInvitation;
import org.plimsoll.access.AccessOperations.SetUp;
import org.plimsoll.access.AccessOperations.SignIn;
import org.plimsoll.access.AccessOperations.SignedIn;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "login",
        description = {
            "Signs in, and keeps the session for the commands that follow.",
            "--setup-token makes the first administrator; --invitation sets the password of somebody invited."
        })
final class LoginCommand extends RemoteCommand {

    @Parameters(arity = "0..1", paramLabel = "LOGIN", description = "the login; not needed with --invitation")
    Optional<String> login = Optional.empty();

    @Option(names = "--setup-token", paramLabel = "TOKEN", description = "what `plimsoll up --team` printed")
    Optional<String> setupToken = Optional.empty();

    @Option(names = "--invitation", paramLabel = "CODE", description = "what `plimsoll user invite` printed")
    Optional<String> invitation = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "with --setup-token: the name for people to read")
    Optional<String> name = Optional.empty();

    @Option(names = "--password-stdin", description = "read the password from standard input")
    boolean readsPassword;

    @Override
    int run() throws IOException {
        Path kept = elsewhere().map(KeptSession::elsewhere).orElseGet(() -> KeptSession.inHome(home().path()));
        KeptSession.forget(kept); // an old session must not stand in the way of signing in
        SignedIn session = signIn(operations());
        KeptSession.keep(kept, session);
        out().say("Signed in as " + session.principal().login() + " ("
                + session.principal().name() + ") until " + session.expiresAt());
        out().json(Map.of(
                "login", session.principal().login(),
                "principal", session.principal().id(),
                "expires_at", session.expiresAt().toString()));
        return Exit.DONE;
    }

    private SignedIn signIn(Operations operations) throws IOException {
        if (invitation.isPresent()) {
            return operations.perform(new AcceptInvitation(invitation.get(), newPassword()));
        }
        String who =
                login.orElseThrow(() -> Problem.of(Problem.Kind.INVALID, "say who signs in: plimsoll login LOGIN"));
        return setupToken.isPresent()
                ? operations.perform(new SetUp(setupToken.get(), who, name.orElse(who), newPassword()))
                : operations.perform(new SignIn(who, readsPassword ? fromInput() : Terminal.password("Password: ")));
    }

    private String newPassword() throws IOException {
        if (readsPassword) {
            return fromInput();
        }
        String first = Terminal.password("New password (12 characters or more): ");
        if (!first.equals(Terminal.password("Again: "))) {
            throw Problem.of(Problem.Kind.INVALID, "the two were not the same");
        }
        return first;
    }

    private static String fromInput() throws IOException {
        return new String(System.in.readNBytes(1_000), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }
}
