package org.plimsoll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;

/** A home that is the demo's own: it says so itself, and only such a one is ever emptied. */
record DemoHome(Path path) {

    private static final String MARK = "this-home-is-a-demo";
    private static final String SENTENCE = "`plimsoll demo` empties this folder each time it begins.\n";
    private static final long DRAIN_SECONDS = 30;

    /** Makes the folder, or ends the server that an earlier demo left in it and empties it. */
    static DemoHome prepare(Path wanted) throws InterruptedException {
        Path path = Home.create(wanted);
        try {
            if (!isEmpty(path)) {
                if (!Files.exists(path.resolve(MARK))) {
                    throw Problem.refused(path + " is not a demo's home, and a demo would empty it; "
                            + "set PLIMSOLL_HOME to an empty folder, or unset it for demo-home/");
                }
                endServer(path);
                empty(path);
            }
            Files.writeString(path.resolve(MARK), SENTENCE);
            Files.createDirectories(path.resolve("tmp"));
        } catch (IOException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the home " + path + " cannot be used (" + e.getMessage()
                            + "); it must be a folder that you may write to");
        }
        return new DemoHome(path);
    }

    private static boolean isEmpty(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.allMatch(file -> file.getFileName().toString().equals("tmp"));
        }
    }

    private static void endServer(Path path) throws InterruptedException {
        try (Home home = new Home(path)) {
            Optional<ProcessHandle> server = home.running().flatMap(it -> ProcessHandle.of(it.pid()));
            if (server.isEmpty()) {
                return;
            }
            server.get().destroy();
            server.get().onExit().get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw Problem.of(
                    Problem.Kind.BUSY,
                    "the server of an earlier demo in " + path + " does not end; stop it and try again");
        }
    }

    private static void empty(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(path) && !file.endsWith(MARK)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Tells the server whom to page and how: its settings, and the secret in a file that only its owner reads. */
    void keepSettings(DemoPager pager) throws IOException {
        Path secret = path.resolve("pager.secret");
        KeptSession.writePrivately(path, secret, pager.secret().getBytes(StandardCharsets.UTF_8));
        Files.writeString(path.resolve("plimsoll.yaml"), """
                # Whom the demo's server tells of incidents: a small receiver in the demo itself.
                notifications:
                  channels:
                    - {name: pager, kind: webhook, url: "%s", secret: "file:%s"}
                """.formatted(pager.url(), secret));
    }

    /** Who the demo's people are and how they sign in, for whoever may read the home. */
    void keepPeople(DemoPeople people) {
        var text = new StringBuilder("The people of this demo, and how they sign in:\n\n");
        for (DemoPeople.Person person : people.everyone()) {
            text.append(String.format("%-6s %-14s %s%n", person.login(), person.name(), person.password()));
        }
        try {
            KeptSession.writePrivately(
                    path, path.resolve("people.txt"), text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves this person signed in: later commands in this home speak for them. */
    void signIn(DemoPeople.Person person) {
        KeptSession.keep(KeptSession.inHome(path), person.session());
    }
}
