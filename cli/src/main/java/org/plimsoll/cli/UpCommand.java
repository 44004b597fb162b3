package org.plimsoll.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.plimsoll.access.AccessOperations.OpenToTeam;
import org.plimsoll.access.AccessOperations.SetupToken;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.plimsoll.server.Application;
import org.plimsoll.server.Configuration;
import org.plimsoll.server.JsonLines;
import org.plimsoll.server.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = {
            "Serves a home until it is stopped (Ctrl-C or SIGTERM drains it).",
            "A new home serves one person, who needs no password. --team opens it to several, for good: it prints a setup"
                    + " token that makes the first administrator, and every call needs a credential from then on."
        })
final class UpCommand extends RemoteCommand {

    @Option(names = "--team", description = "open the home to a team, for good")
    boolean isTeam;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "where to listen; 0 takes any that is free (default: 8080)")
    Optional<Integer> port = Optional.empty();

    @Option(names = "--host", paramLabel = "HOST", description = "the address to listen at (default: 127.0.0.1)")
    Optional<String> host = Optional.empty();

    @Option(names = "--print-config", description = "print every setting and where its value comes from, and end")
    boolean printsConfig;

    @Override
    boolean createsHome() {
        return true;
    }

    @Override
    int run() throws InterruptedException {
        if (elsewhere().isPresent()) {
            throw Problem.invalid("--server", elsewhere().get(), "a home: `up` serves one, it does not ask a server");
        }
        Map<String, String> flags = new LinkedHashMap<>();
        port.ifPresent(it -> flags.put("server.port", String.valueOf(it)));
        host.ifPresent(it -> flags.put("server.host", it));
        if (printsConfig) {
            printConfig(flags);
            return Exit.DONE;
        }
        JsonLines.begin(java.util.logging.Level.INFO);
        Home home = home();
        var stopped = new CountDownLatch(1);
        Application application = home.serve(flags);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            home.close();
                            stopped.countDown();
                        },
                        "drain"));
        announce(application, home);
        stopped.await(); // the hook ends the process
        return Exit.DONE;
    }

    private void announce(Application application, Home home) {
        Optional<SetupToken> setup = isTeam ? openToTeam(application) : Optional.empty();
        boolean servesTeam = setup.isPresent() || application.standing().isTeam();
        if (options.isJson) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("url", application.address());
            answer.put("home", home.path().toString());
            answer.put("team", servesTeam);
            setup.ifPresent(it -> {
                answer.put("setup_token", it.token());
                answer.put("setup_expires_at", it.expiresAt().toString());
            });
            out().json(answer);
            return;
        }
        out().say("Plimsoll serves " + home.path() + " at " + application.address() + "  ("
                + (servesTeam ? "a team: everyone signs in" : "one person, on this machine")
                + ")");
        if (!servesTeam) {
            out().say("Its pages: " + application.address() + "/sign-in?token=" + home.ownToken());
        }
        setup.ifPresent(it -> {
            out().say("Setup token, valid until " + it.expiresAt() + ", for the first administrator:");
            out().say("  " + it.token());
            out().next("plimsoll login --setup-token TOKEN LOGIN --server " + application.address());
        });
    }

    /** Nothing to print where there is an administrator already. */
    private static Optional<SetupToken> openToTeam(Application application) {
        try {
            return Optional.of(application.entrance().as(Actor.SYSTEM).perform(new OpenToTeam()));
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.CONFLICT) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    private void printConfig(Map<String, String> flags) {
        Home home = home();
        Settings settings = Settings.of(home.path(), System.getenv(), flags);
        Configuration.of(settings);
        List<Settings.Line> lines = settings.lines();
        var table = out().table("SETTING", "VALUE", "FROM");
        lines.forEach(line -> table.row(line.key(), line.value(), line.origin()));
        table.print();
        out().json(lines);
    }
}
