package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.DataOperations.DatasetList;
import org.plimsoll.data.DataOperations.GetProfile;
import org.plimsoll.data.DataOperations.GetSnapshot;
import org.plimsoll.data.DataOperations.ListDatasets;
import org.plimsoll.data.DataOperations.ListSnapshots;
import org.plimsoll.data.DataOperations.SnapshotAdded;
import org.plimsoll.data.DataOperations.SnapshotList;
import org.plimsoll.data.Snapshot;
import org.plimsoll.data.SnapshotFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "data",
        description = "Datasets and their snapshots: add files, list, look.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DataCommand.Add.class, DataCommand.ListThem.class, DataCommand.Show.class})
final class DataCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with data: add, list, show");
    }

    @Command(
            name = "add",
            description =
                    "Keeps Parquet files as the latest snapshot of a dataset; the files' order is the order of the rows.")
    static final class Add extends RemoteCommand {

        @Parameters(index = "0", paramLabel = "NAME", description = "such as flights")
        Optional<DatasetName> dataset = Optional.empty();

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "FILE",
                description = "Parquet files, or folders of them")
        List<Path> files = List.of();

        @Override
        boolean createsHome() {
            return true;
        }

        @Override
        int run() throws IOException {
            List<Path> all = new ArrayList<>();
            for (Path file : files) {
                all.addAll(files(file));
            }
            DatasetName name = dataset.orElseThrow();
            Snapshot snapshot = SnapshotFiles.keep(name, all, blobs(), Workshop.query(this));
            SnapshotAdded added = operations().perform(new AddSnapshot(name, snapshot));
            String what = "%s@%s: %s, %,d rows, %d columns, %s"
                    .formatted(
                            name,
                            added.digest().brief(),
                            all.size() == 1 ? "1 file" : "%,d files".formatted(all.size()),
                            added.rows(),
                            snapshot.schema().size(),
                            Workshop.size(added.bytes()));
            out().say(added.isNew() ? "Added " + what : "Nothing new: the latest is " + what);
            columns(snapshot);
            out().next("plimsoll run pipeline.yaml, with data: {raw: " + name + "@latest}");
            out().json(added);
            return Exit.DONE;
        }

        private static List<Path> files(Path given) throws IOException {
            if (!Files.isDirectory(given)) {
                return List.of(given);
            }
            try (Stream<Path> walk = Files.walk(given)) {
                List<Path> found = walk.filter(file -> file.toString().endsWith(".parquet"))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList();
                if (found.isEmpty()) {
                    throw Problem.of(Problem.Kind.NOT_FOUND, "there is no Parquet file in the folder " + given);
                }
                return found;
            }
        }

        private void columns(Snapshot snapshot) {
            var table = out().table("COLUMN", "TYPE", "MISSING");
            for (Column column : snapshot.schema().columns()) {
                table.row(column.name(), column.type().word(), column.optional() ? "some" : "none");
            }
            table.print();
        }
    }

    @Command(name = "list", description = "Lists datasets; with a name, its snapshots.")
    static final class ListThem extends RemoteCommand {

        @Parameters(arity = "0..1", paramLabel = "NAME")
        Optional<DatasetName> dataset = Optional.empty();

        @Override
        int run() {
            if (dataset.isPresent()) {
                snapshots(operations().perform(new ListSnapshots(dataset.get())));
            } else {
                datasets(operations().perform(new ListDatasets()));
            }
            return Exit.DONE;
        }

        private void datasets(DatasetList found) {
            var table = out().table("DATASET", "LATEST", "ROWS", "SIZE", "SNAPSHOTS", "ADDED");
            found.datasets()
                    .forEach(it -> table.row(
                            it.name(),
                            it.name() + "@" + it.latest().brief(),
                            "%,d".formatted(it.rows()),
                            Workshop.size(it.bytes()),
                            it.snapshots(),
                            Workshop.when(it.addedAt())));
            table.print();
            out().json(found);
        }

        private void snapshots(SnapshotList found) {
            var table = out().table("SNAPSHOT", "FILES", "ROWS", "SIZE", "ADDED");
            found.snapshots()
                    .forEach(it -> table.row(
                            it.dataset() + "@" + it.digest().brief(),
                            it.files(),
                            "%,d".formatted(it.rows()),
                            Workshop.size(it.bytes()),
                            Workshop.when(it.addedAt())));
            table.print();
            out().json(found);
        }
    }

    @Command(name = "show", description = "Shows a snapshot's files and what is known of its columns.")
    static final class Show extends RemoteCommand {

        @Parameters(paramLabel = "SNAPSHOT", description = "such as flights, flights@latest or flights@3f2a91c0")
        String reference = "";

        @Override
        int run() {
            Snapshot snapshot = operations().perform(new GetSnapshot(reference));
            out().say("%s@%s: %,d rows, %s"
                    .formatted(
                            snapshot.dataset(),
                            snapshot.digest().brief(),
                            snapshot.rows(),
                            Workshop.size(snapshot.bytes())));
            var files = out().table("FILE", "DIGEST", "ROWS", "SIZE");
            snapshot.files()
                    .forEach(it -> files.row(
                            it.path(), it.digest().brief(), "%,d".formatted(it.rows()), Workshop.size(it.bytes())));
            files.print();
            out().say("");
            var table = out().table("COLUMN", "TYPE", "MISSING");
            for (Column column : snapshot.schema().columns()) {
                table.row(column.name(), column.type().word(), column.optional() ? "some" : "none");
            }
            table.print();
            if (out().isJson()) {
                out().json(
                                snapshot.profile().isPresent()
                                        ? Map.of(
                                                "snapshot",
                                                snapshot,
                                                "profile",
                                                operations().perform(new GetProfile(reference)))
                                        : Map.of("snapshot", snapshot));
            }
            return Exit.DONE;
        }
    }
}
