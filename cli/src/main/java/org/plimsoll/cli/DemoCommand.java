package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Takes a model on real flights to production and back, in some minutes: data, training, gates, approval, traffic,"
                    + " a rollout, a rollback, five months of watching, an incident, retraining.",
            "Its home is $PLIMSOLL_HOME, else demo-home/ here. A second call ends the first one's server and starts anew."
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the demo's home (default: $PLIMSOLL_HOME, else demo-home/)")
    Optional<Path> home = Optional.empty();

    @Option(names = "--no-serve", description = "stop the server at the end")
    boolean stopsServer;

    @Option(names = "--json", paramLabel = "FILE", description = "write every number that is printed to this file")
    Optional<Path> json = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "where the server listens (default: 8080, else any that is free)")
    Optional<Integer> port = Optional.empty();

    @Option(
            names = "--examples",
            paramLabel = "DIR",
            description =
                    "another folder with files like examples/flights; quiet.py there writes one in which nothing changes")
    Optional<Path> examples = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say what this command does")
    boolean wantsHelp;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path files = examples.orElseGet(DemoCommand::examples);
        DemoHome demoHome = DemoHome.prepare(
                home.or(() -> Home.setting("PLIMSOLL_HOME").map(Path::of)).orElse(Path.of("demo-home")));
        DemoStory story = new DemoStory(new Output(System.out, System.err, false));
        story.say("Home " + demoHome.path() + "; flights from " + files);
        DemoPager pager = new DemoPager();
        demoHome.keepSettings(pager);
        DemoServer server = DemoServer.start(demoHome.path(), port);
        boolean isKept = false;
        try (pager) {
            DemoPeople people = DemoPeople.gather(server.address(), server.setupToken());
            demoHome.keepPeople(people);
            story.say("Server at " + server.address() + "; it knows an administrator, Ana, Ben and Mira.");
            Demo demo = new Demo(server.address(), files, demoHome.path(), people, pager, story);
            int exit = demo.play();
            demo.close(demoHome, exit);
            if (json.isPresent()) {
                Files.write(
                        json.get(),
                        Json.MAPPER
                                .writerWithDefaultPrettyPrinter()
                                .writeValueAsBytes(demo.report().values()));
            }
            isKept = exit == Exit.DONE && !stopsServer;
            return exit;
        } finally {
            if (!isKept) {
                server.stop();
            }
        }
    }

    /** Where the launcher found the clone, else here. */
    private static Path examples() {
        Path root = Path.of(System.getProperty("plimsoll.root", ""));
        Path found = root.toAbsolutePath().resolve("examples").resolve("flights");
        if (!Files.isDirectory(found)) {
            throw Problem.of(
                    Problem.Kind.NOT_FOUND,
                    "the example's files are not at " + found + "; run `./plimsoll demo` in a clone");
        }
        return found;
    }
}
