package org.plimsoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;
import org.plimsoll.server.Application;

/**
 * What the JVM watches to make its AOT caches, one for what serves and a smaller one for commands that ask a server. The launcher
 * runs it after a build; nobody else has a reason to.
 */
final class Training {

    private static final List<List<String>> USUAL = List.of(
            List.of("status"),
            List.of("user", "list"),
            List.of("data", "list"),
            List.of("runs"),
            List.of("model", "list"),
            List.of("endpoint", "list"),
            List.of("candidate", "list"),
            List.of("policy", "list"),
            List.of("report"),
            List.of("audit", "--json"));

    private Training() {}

    /** @param arguments {@code serve} or {@code ask}, and the home: founded by the one, served by another process for the other */
    public static void main(String[] arguments) throws IOException {
        Plimsoll.prepare();
        Path home = Path.of(arguments[1]).toAbsolutePath();
        PrintStream shown = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        switch (arguments[0]) {
            case "serve" -> {
                for (int round = 0;
                        round < 2;
                        round++) { // the second opens an existing home, as almost every start does
                    serve(home);
                }
            }
            case "ask" -> ask(home);
            default -> throw Problem.invalid("training", arguments[0], "serve or ask");
        }
        System.setOut(shown);
        System.exit(Exit.DONE); // the JVM writes the cache now
    }

    private static void serve(Path path) throws IOException {
        try (Home home = new Home(Home.create(path))) {
            Application application = home.serve(Map.of("server.port", "0"));
            for (String address : new String[] {"/health/ready", "/metrics", "/"}) {
                try (var in = URI.create(application.address())
                        .resolve(address)
                        .toURL()
                        .openStream()) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            ask(path);
        }
        Plimsoll.run("status", "--home", path.toString()); // a command that starts a server in itself
    }

    private static void ask(Path home) {
        for (List<String> command : USUAL) {
            String[] line = new String[command.size() + 2];
            command.toArray(line);
            line[command.size()] = "--home";
            line[command.size() + 1] = home.toString();
            Plimsoll.run(line);
        }
        Plimsoll.run("--help");
        Plimsoll.run("--version");
    }
}
