package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.registry.CardDraft;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.RegistryOperations.ShowVersion;
import org.plimsoll.registry.RegistryOperations.VersionView;
import org.plimsoll.registry.Version;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "register",
        description = "Makes a run's model, or a model folder, a version of a model.",
        footer = {"", "The server scores the golden rows itself, and refuses a model that does not reproduce them."})
final class RegisterCommand extends RemoteCommand {

    @Parameters(paramLabel = "RUN|DIR", description = "run:latest, a run's id or its beginning, or a model folder")
    String what = "run:latest";

    @Option(names = "--model", paramLabel = "MODEL", required = true)
    ModelName model = new ModelName("model");

    @Option(names = "--card", paramLabel = "FILE", description = "what people say of it, YAML (default: card.yaml)")
    Path card = Path.of("card.yaml");

    @Override
    int run() throws IOException {
        if (!Files.isRegularFile(card)) {
            throw Problem.of(Problem.Kind.NOT_FOUND, "there is no card " + card + "; name one with --card FILE");
        }
        String text = Files.readString(card);
        CardDraft.read(card.toString(), text); // here, so that errors name the file
        Operations operations = operations();
        Path folder = Path.of(what);
        Optional<Digest> artifact = Files.isRegularFile(folder.resolve("MLmodel"))
                ? Optional.of(Folders.add(blobs(), folder))
                : Optional.empty();
        Optional<String> run = artifact.isPresent()
                ? Optional.empty()
                : Optional.of(operations.perform(new GetRun(what)).id());
        Version version = operations.perform(new RegisterVersion(model, artifact, run, text));
        VersionView view =
                operations.perform(new ShowVersion(model, version.id().number()));
        out().say("Registered " + version.id() + ": artifact "
                + version.artifact().brief()
                + version.run().map(id -> ", run " + Workshop.brief(id)).orElse(", brought from elsewhere")
                + ".");
        out().say("  " + version.parity().rows() + " golden rows reproduced, greatest difference "
                + version.parity().greatestDifference());
        out().say("  card " + version.card().brief() + ", "
                + view.completeness().text());
        out().next("plimsoll evaluate " + version.id());
        out().json(version);
        return Exit.DONE;
    }
}
