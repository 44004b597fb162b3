package org.plimsoll.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.SignOut;
import org.plimsoll.core.Problem;
import picocli.CommandLine.Command;

@Command(name = "logout", description = "Ends the session that `plimsoll login` began.")
final class LogoutCommand extends RemoteCommand {

    @Override
    int run() {
        Path file = elsewhere().map(KeptSession::elsewhere).orElseGet(() -> KeptSession.inHome(home().path()));
        Optional<KeptSession> kept = KeptSession.read(file);
        if (kept.isEmpty()) {
            out().say("Nobody was signed in.");
            out().json(Map.of("signed_out", false));
            return Exit.DONE;
        }
        KeptSession.forget(file);
        try {
            operations().perform(new SignOut(kept.get().token()));
        } catch (Problem problem) {
            if (problem.kind() != Problem.Kind.NOT_FOUND && problem.kind() != Problem.Kind.UNAUTHENTICATED) {
                throw problem;
            }
        }
        out().say("Signed out " + kept.get().login() + ".");
        out().json(Map.of("signed_out", true, "login", kept.get().login()));
        return Exit.DONE;
    }
}
