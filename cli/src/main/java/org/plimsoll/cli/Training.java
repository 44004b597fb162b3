package org.plimsoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.plimsoll.server.Application;

/**
 * What the JVM watches once to make its AOT cache: a home is founded, opened again, served, and asked over HTTP by the commands
 * people use most. The launcher runs it after a build; nobody else has a reason to.
 */
final class Training {

    private Training() {}

    /** @param arguments the folder to work in; emptied before and after */
    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]).toAbsolutePath();
        PrintStream shown = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        try {
            delete(path);
            for (int round = 0; round < 2; round++) { // the second opens an existing home, as almost every start does
                serve(path);
            }
        } finally {
            System.setOut(shown);
            delete(path);
        }
        System.exit(Exit.DONE); // the JVM writes the cache now
    }

    private static void serve(Path path) throws IOException {
        try (Home home = new Home(Home.create(path))) {
            Application application = home.serve(Map.of("server.port", "0"));
            for (String address : new String[] {"/health/ready", "/metrics"}) {
                try (var in = URI.create(application.address())
                        .resolve(address)
                        .toURL()
                        .openStream()) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            String at = path.toString();
            Plimsoll.run("status", "--home", at);
            Plimsoll.run("user", "list", "--home", at);
            Plimsoll.run("audit", "--home", at, "--json");
        }
        Plimsoll.run("status", "--home", path.toString()); // starts a server in itself
        Plimsoll.run("--help");
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
