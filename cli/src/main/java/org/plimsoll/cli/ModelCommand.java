package org.plimsoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.plimsoll.access.Content;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.governance.GovernanceOperations.RetireVersion;
import org.plimsoll.governance.GovernanceOperations.Retired;
import org.plimsoll.registry.Model;
import org.plimsoll.registry.RegistryOperations.ChangeModel;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.ExportVersion;
import org.plimsoll.registry.RegistryOperations.ListModels;
import org.plimsoll.registry.RegistryOperations.ListVersions;
import org.plimsoll.registry.RegistryOperations.ModelList;
import org.plimsoll.registry.RegistryOperations.ShowModel;
import org.plimsoll.registry.RegistryOperations.ShowVersion;
import org.plimsoll.registry.RegistryOperations.VersionList;
import org.plimsoll.registry.RegistryOperations.VersionView;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.PythonEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "model",
        description = "Models: who answers for them, and their versions.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelCommand.ListThem.class,
            ModelCommand.Show.class,
            ModelCommand.Create.class,
            ModelCommand.Change.class,
            ModelCommand.Export.class,
            ModelCommand.Retire.class,
            ModelCommand.Environment.class
        })
final class ModelCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do with models: list, show, create, change, export, retire, environment");
    }

    @Command(name = "list", description = "Lists models.")
    static final class ListThem extends RemoteCommand {
        @Override
        int run() {
            Operations operations = operations();
            ModelList found = operations.perform(new ListModels());
            People people = new People(operations);
            var table = out().table("MODEL", "TIER", "VERSIONS", "OWNER", "ON CALL", "PURPOSE");
            for (Model model : found.models()) {
                table.row(
                        model.name(),
                        model.tier(),
                        model.versions(),
                        model.contacts().owner().map(people::name).orElse(""),
                        people.names(model.contacts().onCall()),
                        model.purpose());
            }
            table.print();
            out().json(found);
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Shows a model with its versions, or one version with its card.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "MODEL[@VERSION]", description = "such as late-arrival or late-arrival@3")
        String what = "";

        @Override
        int run() {
            Operations operations = operations();
            if (what.contains("@")) {
                VersionId id = VersionId.parse(what);
                show(operations, operations.perform(new ShowVersion(id.model(), id.number())));
            } else {
                ModelName name = new ModelName(what);
                show(operations, operations.perform(new ShowModel(name)), operations.perform(new ListVersions(name)));
            }
            return Exit.DONE;
        }

        private void show(Operations operations, Model model, VersionList versions) {
            People people = new People(operations);
            out().say(model.name() + ": tier " + model.tier() + ", revision " + model.revision());
            out().say("  purpose  " + model.purpose());
            out().say("  owner    " + model.contacts().owner().map(people::name).orElse("nobody"));
            out().say("  deputy   "
                    + model.contacts().deputy().map(people::name).orElse("nobody"));
            out().say("  on call  "
                    + (model.contacts().onCall().isEmpty()
                            ? "nobody"
                            : people.names(model.contacts().onCall())));
            out().say("");
            var table = out().table("VERSION", "STATE", "ARTIFACT", "CARD", "RUN", "REGISTERED", "BY");
            for (Version version : versions.versions()) {
                table.row(
                        version.id(),
                        version.state().name().toLowerCase(java.util.Locale.ROOT),
                        version.artifact().brief(),
                        version.card().brief(),
                        version.run().map(Workshop::brief).orElse(""),
                        Workshop.when(version.registeredAt()),
                        people.name(version.registeredBy()));
            }
            table.print();
            record Shown(Model model, List<Version> versions) {}
            out().json(new Shown(model, versions.versions()));
        }

        private void show(Operations operations, VersionView view) {
            Version version = view.version();
            var card = view.card();
            out().say(version.id() + ": " + version.state().name().toLowerCase(java.util.Locale.ROOT)
                    + ", registered " + Workshop.when(version.registeredAt()) + " by "
                    + new People(operations).name(version.registeredBy()));
            out().say("  artifact  " + version.artifact());
            out().say("  run       " + version.run().orElse("brought from elsewhere"));
            out().say("  parity    " + version.parity().rows() + " golden rows, greatest difference "
                    + version.parity().greatestDifference());
            out().say("  card      " + version.card() + ", "
                    + view.completeness().text());
            out().say("  task      " + card.derived().task() + ", label "
                    + card.derived().label() + ", inputs "
                    + String.join(", ", card.derived().inputs()));
            out().say("  purpose   " + card.declared().purpose());
            out().json(view);
        }
    }

    @Command(name = "create", description = "Enters a model in the inventory, with the people who answer for it.")
    static final class Create extends RemoteCommand {
        @Parameters(paramLabel = "MODEL")
        ModelName name = new ModelName("model");

        @Option(names = "--tier", required = true, description = "${COMPLETION-CANDIDATES}")
        Tier tier = Tier.T3;

        @Option(names = "--purpose", paramLabel = "SENTENCE", description = "what it is for (default: its name)")
        Optional<String> purpose = Optional.empty();

        @Option(names = "--owner", paramLabel = "LOGIN")
        Optional<String> owner = Optional.empty();

        @Option(names = "--deputy", paramLabel = "LOGIN")
        Optional<String> deputy = Optional.empty();

        @Option(names = "--on-call", paramLabel = "LOGIN", description = "may be repeated, in the order of calling")
        List<String> onCall = List.of();

        @Override
        int run() {
            Model model = operations()
                    .perform(new CreateModel(name, tier, purpose.orElse(name.value()), owner, deputy, onCall));
            out().say("Created model " + model.name() + ", tier " + model.tier() + ".");
            if (model.contacts().owner().isEmpty()) {
                out().say("It has no owner yet; nothing of it can be approved in production.");
            }
            out().next("plimsoll register run:latest --model " + model.name() + " --card card.yaml");
            out().json(model);
            return Exit.DONE;
        }
    }

    @Command(name = "change", description = "Changes tier, purpose or people of a model; what is not given stays.")
    static final class Change extends RemoteCommand {
        @Parameters(paramLabel = "MODEL")
        ModelName name = new ModelName("model");

        @Option(names = "--tier", description = "${COMPLETION-CANDIDATES}; lowering it takes a validator")
        Optional<Tier> tier = Optional.empty();

        @Option(names = "--purpose", paramLabel = "SENTENCE")
        Optional<String> purpose = Optional.empty();

        @Option(names = "--owner", paramLabel = "LOGIN")
        Optional<String> owner = Optional.empty();

        @Option(names = "--deputy", paramLabel = "LOGIN")
        Optional<String> deputy = Optional.empty();

        @Option(names = "--on-call", paramLabel = "LOGIN", description = "may be repeated, in the order of calling")
        Optional<List<String>> onCall = Optional.empty();

        @Override
        int run() {
            Operations operations = operations();
            long revision = operations.perform(new ShowModel(name)).revision();
            Model model = operations.perform(new ChangeModel(name, revision, tier, purpose, owner, deputy, onCall));
            out().say("Changed model " + model.name() + ": revision " + model.revision() + ".");
            out().json(model);
            return Exit.DONE;
        }
    }

    @Command(
            name = "environment",
            description =
                    "Makes the Python environment that a model's requirements.txt asks for, once; models with the same"
                            + " requirements share it.",
            footer = {
                "",
                "Packages are installed by the interpreter's own pip, with the network, and run code of theirs while they are."
            })
    static final class Environment extends RemoteCommand {
        @Parameters(paramLabel = "DIR", description = "a model folder as MLflow writes it, or as `model export` does")
        Path folder = Path.of(".");

        @Override
        int run() {
            if (!Files.isRegularFile(folder.resolve("MLmodel"))) {
                throw Problem.of(Problem.Kind.NOT_FOUND, folder + " is no model folder: it has no file MLmodel");
            }
            Execution execution = Workshop.execution(this);
            Path python = PythonEnvironment.make(
                    folder, execution.config(), execution.environments(), line -> out().say("  " + line));
            out().say("Models with these requirements are opened by " + python + ".");
            record Made(String python) {}
            out().json(new Made(python.toString()));
            return Exit.DONE;
        }
    }

    @Command(
            name = "retire",
            description = "Ends a version for good; it must serve nowhere. What was recorded of it stays.")
    static final class Retire extends RemoteCommand {
        @Parameters(paramLabel = "MODEL@VERSION")
        VersionId version = VersionId.parse("model@1");

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why it ends")
        String reason = "";

        @Override
        int run() {
            confirm(version + " can never serve again. Retire?");
            Retired done = operations().perform(new RetireVersion(version.model(), version.number(), reason));
            out().say("Retired " + done.version() + ".");
            out().json(done);
            return Exit.DONE;
        }
    }

    @Command(name = "export", description = "Writes the model folder as it was registered.")
    static final class Export extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "MODEL@VERSION")
        VersionId version = VersionId.parse("model@1");

        @Parameters(index = "1", paramLabel = "DIR", description = "a folder that is not there yet, or empty")
        Path folder = Path.of(".");

        @Override
        int run() throws IOException {
            Operations operations = operations();
            Version registered = operations
                    .perform(new ShowVersion(version.model(), version.number()))
                    .version();
            Content content = operations.perform(new ExportVersion(version.model(), version.number()));
            Path zip = Files.createTempFile(Workshop.scratch(this), "export-", ".zip");
            try {
                try (OutputStream out = Files.newOutputStream(zip)) {
                    content.writer().to(out);
                }
                unpack(zip, folder);
            } finally {
                Files.delete(zip);
            }
            Digest written = org.plimsoll.scoring.ModelArtifact.open(folder).digest();
            if (!written.equals(registered.artifact())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        folder + " is " + written + ", not " + registered.artifact() + " as registered");
            }
            out().say("Wrote " + version + " to " + folder + ": " + written + ", as registered.");
            record Exported(VersionId version, String folder, Digest artifact) {}
            out().json(new Exported(version, folder.toString(), written));
            return Exit.DONE;
        }

        private static void unpack(Path zip, Path folder) throws IOException {
            Files.createDirectories(folder);
            try (var there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw Problem.of(
                            Problem.Kind.CONFLICT, folder + " is not empty; name a folder that is not there yet");
                }
            }
            Path root = folder.toAbsolutePath().normalize();
            try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(zip))) {
                for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    Path file = root.resolve(entry.getName()).normalize();
                    if (!file.startsWith(root)) {
                        throw Problem.of(
                                Problem.Kind.INVALID, "the server sent a file outside the folder: " + entry.getName());
                    }
                    Files.createDirectories(
                            Optional.ofNullable(file.getParent()).orElse(root));
                    Files.copy(entries, file);
                }
            }
        }
    }
}
