package org.plimsoll.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.CreateToken;
import org.plimsoll.access.AccessOperations.ListTokens;
import org.plimsoll.access.AccessOperations.NewToken;
import org.plimsoll.access.AccessOperations.RevokeToken;
import org.plimsoll.access.AccessOperations.Token;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        description = "Tokens by which programs act for you, or for a service. A token never approves.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TokenCommand.Create.class, TokenCommand.ListThem.class, TokenCommand.Revoke.class})
final class TokenCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with tokens: create, list or revoke");
    }

    @Command(name = "create", description = "Makes a token and prints it, this once.")
    static final class Create extends RemoteCommand {
        @Parameters(paramLabel = "NAME", description = "what it is for, such as checkout")
        String name = "";

        @Option(names = "--for", paramLabel = "SERVICE", description = "a service, instead of yourself")
        Optional<String> principal = Optional.empty();

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                description = "what it is only for; may be repeated: infer:ENDPOINT, run.*, read, …")
        List<String> scopes = List.of();

        @Option(names = "--valid", paramLabel = "DURATION", description = "such as 30d (default: 90d)")
        Optional<Duration> validFor = Optional.empty();

        @Override
        int run() {
            NewToken made = operations().perform(new CreateToken(name, principal, scopes, validFor));
            out().say("Token " + made.token().name() + ", valid until "
                    + made.token().expiresAt() + "; it is not shown again:");
            out().say("  " + made.secret());
            out().json(made);
            return Exit.DONE;
        }
    }

    @Command(name = "list", description = "Lists tokens, without their secrets.")
    static final class ListThem extends RemoteCommand {
        @Option(names = "--for", paramLabel = "SERVICE", description = "whose (default: yours)")
        Optional<String> principal = Optional.empty();

        @Override
        int run() {
            List<Token> tokens = operations().perform(new ListTokens(principal));
            var table = out().table("ID", "NAME", "SCOPES", "CREATED", "EXPIRES", "REVOKED");
            tokens.forEach(it -> table.row(
                    it.id(),
                    it.name(),
                    it.scopes().isEmpty() ? "everything" : String.join(" ", it.scopes()),
                    it.createdAt(),
                    it.expiresAt(),
                    it.endedAt().map(Object::toString).orElse("")));
            table.print();
            out().json(tokens);
            return Exit.DONE;
        }
    }

    @Command(name = "revoke", description = "Ends a token at once.")
    static final class Revoke extends RemoteCommand {
        @Parameters(paramLabel = "ID")
        String id = "";

        @Override
        int run() {
            Token token = operations().perform(new RevokeToken(id));
            out().say("Revoked " + token.name() + ".");
            out().json(token);
            return Exit.DONE;
        }
    }
}
