package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.AccessOperations.WhoAmI;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.DataOperations.SnapshotAdded;
import org.plimsoll.data.Inspection;
import org.plimsoll.data.Inspector;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.data.SnapshotFiles;
import org.plimsoll.gates.PolicyDraft;
import org.plimsoll.pipeline.Draft;
import org.plimsoll.pipeline.PipelineFile;
import org.plimsoll.registry.CardDraft;
import org.plimsoll.registry.Tier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description = {
            "Looks through a CSV or Parquet file and writes a folder to go on from: a pipeline that learns one of its columns and"
                    + " runs as it is, a card, and a policy. Every guess is one line of pipeline.yaml.",
            "Columns that give the target away, and identifiers, are left out and named."
        },
        footer = {
            "",
            "Then:  cd NAME && plimsoll run, register, evaluate, approve, promote, up: each says what comes next.",
            "Try:   plimsoll init iris --data flowers.csv --target species"
        })
final class InitCommand extends RemoteCommand {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "of the folder, the pipeline, the model and its endpoint")
    Optional<Path> folder = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "CSV (any delimiter, .gz too) or Parquet, a row for each case")
    Optional<Path> data = Optional.empty();

    @Mixin
    ColumnRoles roles = new ColumnRoles();

    @Option(names = "--list-examples", description = "name the data sets that come with Plimsoll")
    boolean listsExamples;

    @Option(names = "--example", paramLabel = "EXAMPLE", description = "start from one of those")
    Optional<String> example = Optional.empty();

    @Override
    boolean createsHome() {
        return true;
    }

    /** In the new folder, unless a home lies upward already. */
    @Override
    Path newHome() {
        return folder().resolve(Home.FOLDER);
    }

    private Path folder() {
        return folder.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "say a NAME for the folder: plimsoll init NAME --data FILE --target COLUMN"));
    }

    /** What was written, for programs. */
    private record Written(
            ModelName model, String folder, List<String> files, SnapshotAdded snapshot, Inspection inspection) {}

    @Override
    int run() throws IOException {
        if (listsExamples) {
            listExamples();
            return Exit.DONE;
        }
        example.map(name -> Example.named(Example.all(), name)).ifPresent(this::take);
        Path place = folder();
        ModelName name = name(place);
        refuseOverwriting(place);
        Path file = data.orElseThrow(() -> missing("--data FILE, a CSV or Parquet file"));
        Inspector.Asked asked = roles.asked(() -> missing("--target COLUMN, the column to be learned"));
        try (Folder.Passing passing =
                Folder.passing(place.toAbsolutePath().normalize().resolveSibling(".plimsoll-init-" + Ids.next()))) {
            Path work = passing.path();
            Query query = Query.standard(work.resolve("queries"));
            Path rows = work.resolve(name + ".parquet");
            Inspection inspection;
            try (Progress progress = out().progress("looking through " + file, 0)) {
                progress.add(1);
                inspection = new Inspector(query, work).inspect(file, rows, asked);
            }
            DatasetName dataset = new DatasetName(name.value());
            Draft draft = new Draft(new ExperimentName(name.value()), dataset, inspection);
            Snapshot snapshot = SnapshotFiles.keep(dataset, List.of(rows), blobs(), query);
            SnapshotAdded added = operations().perform(new AddSnapshot(dataset, snapshot));
            Map<String, String> files = files(name, draft);
            for (Map.Entry<String, String> each : files.entrySet()) {
                Files.writeString(Files.createDirectories(place).resolve(each.getKey()), each.getValue());
            }
            InspectionText.lines(draft).forEach(out()::say);
            out().say("Wrote "
                    + String.join(
                            "  ",
                            files.keySet().stream()
                                    .map(it -> place.resolve(it).toString())
                                    .toList())
                    + "  (snapshot " + dataset + "@" + added.digest().brief() + ")");
            out().next("cd " + place + " && plimsoll run");
            out().json(new Written(name, place.toString(), List.copyOf(files.keySet()), added, inspection));
            return Exit.DONE;
        }
    }

    private ParameterException missing(String what) {
        return new ParameterException(spec.commandLine(), "say " + what);
    }

    private void take(Example found) {
        folder = folder.or(() -> Optional.of(Path.of(found.name())));
        data = data.or(() -> Optional.of(found.file()));
        roles.complete(found);
    }

    private static ModelName name(Path place) {
        String given = Optional.ofNullable(place.normalize().getFileName())
                .map(Path::toString)
                .orElse("");
        try {
            return new ModelName(given);
        } catch (Problem problem) {
            String better = given.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
            throw Problem.of(
                    problem.kind(), problem.detail() + (better.isEmpty() ? "" : "; how about " + better + "?"));
        }
    }

    private static void refuseOverwriting(Path place) {
        if (Files.exists(place.resolve(PipelineFile.NAME))) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    place.resolve(PipelineFile.NAME)
                            + " is there already, and is yours; take another name, or move it away");
        }
    }

    private Map<String, String> files(ModelName name, Draft draft) {
        Inspection inspection = draft.inspection();
        Tier tier = operations().perform(new WhoAmI()).team() ? Tier.T3 : Tier.T4;
        Map<String, String> files = new LinkedHashMap<>();
        files.put(PipelineFile.NAME, draft.yaml());
        files.put(
                Project.CARD,
                CardDraft.yaml(
                        name,
                        draft.task(),
                        "%,d rows of %s.".formatted(inspection.rows(), Inspection.shown(inspection.file()))));
        files.put(
                Project.POLICY,
                new PolicyDraft(
                                name,
                                new EndpointName(name.value()),
                                tier,
                                draft.kinds(),
                                draft.testRows(),
                                draft.testRarer(),
                                inspection.target().deviation())
                        .yaml());
        return files;
    }

    private void listExamples() {
        List<Example> all = Example.all();
        var table = out().table("EXAMPLE", "LEARNS", "ROWS", "WHAT", "LICENCE");
        for (Example each : all) {
            table.row(
                    each.name(),
                    each.target() + ", " + each.task(),
                    "%,d".formatted(each.rows()),
                    each.title(),
                    each.licence());
        }
        table.print();
        all.stream()
                .findFirst()
                .ifPresent(each -> out().next("plimsoll init " + each.name() + " --example " + each.name()));
        out().json(all);
    }
}
