package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.WhoAmI;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Inspector;
import org.plimsoll.registry.CardDraft;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.RegistryOperations.ShowModel;
import org.plimsoll.registry.RegistryOperations.ShowVersion;
import org.plimsoll.registry.RegistryOperations.VersionView;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.store.Folders;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.SearchRuns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "register",
        description = {
            "Makes a run's model a version; or one that was trained elsewhere, with rows it has not seen to judge it on:"
                    + " an ONNX file, an XGBoost or LightGBM file, or an MLflow folder.",
            "In a folder that `init` made nothing more need be said."
        },
        footer = {
            "",
            "The server scores the golden rows itself, and refuses a model that does not reproduce them.",
            "Elsewhere:  plimsoll register model.ubj --model churn --data holdout.csv --target churned",
            "            Its lineage is unknown, and is shown so; it goes through the same gate to the same endpoint."
        })
final class RegisterCommand extends RemoteCommand {

    @Parameters(
            paramLabel = "RUN|FILE|DIR",
            arity = "0..1",
            description =
                    "run:latest, a run's id or its beginning; a model file, or a model folder (default: this folder's"
                            + " newest run)")
    Optional<String> given = Optional.empty();

    @Option(names = "--model", paramLabel = "MODEL", description = "default: this folder's")
    Optional<ModelName> named = Optional.empty();

    @Option(names = "--card", paramLabel = "FILE", description = "what people say of it, YAML (default: card.yaml)")
    Optional<Path> card = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "HOLDOUT",
            description = "of a model from elsewhere: rows it was not trained on, CSV or Parquet")
    Optional<Path> data = Optional.empty();

    @Mixin
    ColumnRoles roles = new ColumnRoles();

    @Override
    boolean createsHome() {
        return data.isPresent();
    }

    @Override
    int run() throws IOException {
        Operations operations = operations();
        Optional<Project> project = Project.here();
        ModelName model = named.or(() -> project.map(Project::model))
                .orElseGet(() -> Project.needed("--model MODEL").model());
        Optional<Project> own = project.filter(it -> it.model().equals(model));
        Optional<Path> path = given.map(Path::of).filter(Files::exists);
        if (path.isEmpty() && given.filter(RegisterCommand::isFile).isPresent()) {
            throw Problem.of(Problem.Kind.NOT_FOUND, "there is no file " + given.get());
        }
        if (path.isPresent() && !Files.isRegularFile(path.get().resolve("task.json"))) {
            return registerForeign(operations, model, path.get());
        }
        String text = card(own, Optional.empty());
        ensureModel(operations, model, own, CardDraft.read(cardFile(own).toString(), text));
        Optional<Digest> artifact = path.map(folder -> Folders.add(blobs(), folder));
        Optional<String> run = artifact.isPresent()
                ? Optional.empty()
                : Optional.of(
                        given.map(name -> operations.perform(new GetRun(name)).id())
                                .orElseGet(() -> newestRun(operations, model)));
        return say(operations, model, operations.perform(new RegisterVersion(model, artifact, run, text)));
    }

    private static boolean isFile(String name) {
        return name.matches("(?i).*\\.(onnx|json|ubj|txt|lgb|pkl|bin)") || name.contains("/");
    }

    private int registerForeign(Operations operations, ModelName model, Path path) throws IOException {
        Path holdout = data.orElseThrow(() -> Problem.of(
                Problem.Kind.INVALID,
                path + " was trained elsewhere: say on which rows it is judged, which it has not seen: --data HOLDOUT"
                        + " --target COLUMN"));
        Inspector.Asked asked = roles.asked(() ->
                Problem.of(Problem.Kind.INVALID, "say which column of " + holdout + " it tells: --target COLUMN"));
        try (ForeignModel foreign = ForeignModel.open(
                path, holdout, asked, Workshop.query(this), Workshop.execution(this), Workshop.scratch(this))) {
            Optional<Project> own = Project.here().filter(it -> it.model().equals(model));
            String text = card(own, Optional.of(foreign.card(model)));
            ensureModel(operations, model, own, CardDraft.read("card", text));
            String run = foreign.record(operations, blobs(), model);
            Version version = operations.perform(new RegisterVersion(model, Optional.empty(), Optional.of(run), text));
            if (own.isEmpty()) {
                foreign.writePolicy(
                        model, operations.perform(new ShowModel(model)).tier(), out());
            }
            return say(operations, model, version);
        }
    }

    private int say(Operations operations, ModelName model, Version version) {
        VersionView view =
                operations.perform(new ShowVersion(model, version.id().number()));
        out().say("Registered " + version.id() + ": artifact "
                + version.artifact().brief()
                + (view.card().derived().sources().isEmpty()
                        ? ", trained elsewhere: its lineage is unknown"
                        : version.run().map(id -> ", run " + Workshop.brief(id)).orElse(", brought from elsewhere"))
                + ".");
        out().say("  " + version.parity().rows() + " golden rows reproduced, greatest difference "
                + version.parity().greatestDifference());
        out().say("  card " + version.card().brief() + ", "
                + view.completeness().text());
        boolean isHere = Project.here().filter(it -> it.model().equals(model)).isPresent();
        out().next(isHere ? "plimsoll evaluate" : "plimsoll evaluate " + version.id());
        out().json(version);
        return Exit.DONE;
    }

    private Path cardFile(Optional<Project> project) {
        return card.orElseGet(() -> project.map(Project::card).orElse(Path.of(Project.CARD)));
    }

    /** @param otherwise a card where none lies here */
    private String card(Optional<Project> project, Optional<String> otherwise) throws IOException {
        Path file = cardFile(project);
        if (!Files.isRegularFile(file)) {
            if (card.isPresent() || otherwise.isEmpty()) {
                throw Problem.of(Problem.Kind.NOT_FOUND, "there is no card " + file + "; name one with --card FILE");
            }
            return otherwise.get();
        }
        String text = Files.readString(file);
        CardDraft.read(file.toString(), text); // here, so that errors name the file
        return text;
    }

    /** The first version enters its model in the inventory, owned by whoever registers it. */
    private void ensureModel(Operations operations, ModelName model, Optional<Project> project, CardDraft draft) {
        try {
            operations.perform(new ShowModel(model));
        } catch (Problem problem) {
            if (problem.kind() != Problem.Kind.NOT_FOUND || project.isEmpty() && data.isEmpty()) {
                throw problem;
            }
            var me = operations.perform(new WhoAmI());
            Tier usual = me.team() ? Tier.T3 : Tier.T4;
            Tier tier = project.map(it -> it.tier(usual)).orElse(usual);
            operations.perform(new CreateModel(
                    model,
                    tier,
                    draft.purpose(),
                    Optional.of(me.principal().login()),
                    Optional.empty(),
                    List.of(me.principal().login())));
            out().say("Entered model " + model + " in the inventory: tier " + tier + ", owner "
                    + me.principal().login() + ".");
        }
    }

    private static String newestRun(Operations operations, ModelName model) {
        List<Run> runs = operations
                .perform(new SearchRuns(
                        Optional.of(new ExperimentName(model.value())),
                        Optional.of("status = 'FINISHED'"),
                        Optional.empty(),
                        Optional.of(1),
                        Optional.empty()))
                .runs();
        return runs.stream()
                .findFirst()
                .map(Run::id)
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.NOT_FOUND, "there is no finished run of " + model + "\nRun: plimsoll run"));
    }
}
