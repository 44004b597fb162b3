package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import org.plimsoll.gates.GateReport;
import org.plimsoll.gates.GateReports;
import org.plimsoll.gates.GateVerification;
import org.plimsoll.gates.GatesOperations.GetGateReport;
import org.plimsoll.gates.GatesOperations.ListGateReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "gate",
        description = "Gate reports: show, list, the rows behind them, and verify offline.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GateCommand.Show.class,
            GateCommand.ListThem.class,
            GateCommand.Rows.class,
            GateCommand.Verify.class
        })
final class GateCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with gate reports: show, list, rows, verify");
    }

    @Command(name = "show", description = "Shows a gate report.")
    static final class Show extends RemoteCommand {

        @Parameters(paramLabel = "REPORT", description = "its digest, or enough of its first hex digits")
        String report = "";

        @Option(
                names = "--output",
                paramLabel = "FILE",
                description = "write the document itself, for plimsoll gate verify")
        Optional<Path> output = Optional.empty();

        @Override
        int run() throws IOException {
            GateReport found = operations().perform(new GetGateReport(report));
            if (output.isPresent()) {
                Files.write(output.get(), found.bytes());
                out().say("Wrote " + output.get());
                out().next("plimsoll gate verify " + output.get());
            } else {
                out().say(found.text().stripTrailing());
            }
            out().json(found);
            return Exit.DONE;
        }
    }

    @Command(name = "list", description = "Lists the gate reports of a model, newest first.")
    static final class ListThem extends RemoteCommand {

        @Parameters(paramLabel = "MODEL")
        Optional<ModelName> model = Optional.empty();

        @Override
        int run() {
            GateReports.GateReportListing found = operations().perform(new ListGateReports(model.orElseThrow()));
            var table = out().table("REPORT", "VERSION", "ENDPOINT", "AGAINST", "POLICY", "VERDICT", "AT");
            found.reports()
                    .forEach(line -> table.row(
                            line.digest().brief(),
                            line.version(),
                            line.endpoint(),
                            line.champion().map(Object::toString).orElse("the constant model"),
                            line.policy(),
                            line.verdict(),
                            Workshop.when(line.madeAt())));
            table.print();
            out().json(found);
            return Exit.DONE;
        }
    }

    @Command(
            name = "rows",
            description =
                    "Writes the rows a report was computed from: ids, truth, the candidate's and the champion's answers,"
                            + " segments.")
    static final class Rows extends RemoteCommand {

        @Parameters(index = "0", paramLabel = "REPORT", description = "its digest, or enough of its first hex digits")
        String report = "";

        @Parameters(
                index = "1",
                paramLabel = "FILE",
                description = ".parquet: the paired table as it is, for gate verify --table; .csv: for reading")
        Path file = Path.of("rows.csv");

        @Override
        int run() throws IOException {
            GateReport found = operations().perform(new GetGateReport(report));
            var evaluation = found.evaluation()
                    .orElseThrow(() -> Problem.of(Problem.Kind.NOT_FOUND, "this report measured nothing"));
            Digest table = evaluation
                    .pairedTable()
                    .orElseThrow(() -> Problem.of(
                            Problem.Kind.NOT_FOUND,
                            "this report's evaluation came to no rows: " + evaluation.errors()));
            long written = JudgedRows.write(blobs().fetch(table), evaluation.task(), Workshop.query(this), file);
            out().say("Wrote %,d rows of report %s to %s."
                    .formatted(written, found.digest().brief(), file));
            out().json(Map.of("report", found.digest(), "rows", written, "file", file.toString()));
            return Exit.DONE;
        }
    }

    @Command(
            name = "verify",
            description = "Judges a stored report again, without a server: its policy's digest, its verdict from its"
                    + " evidence, and with --table its numbers from the rows.")
    static final class Verify extends LocalCommand {

        @Parameters(paramLabel = "FILE", description = "as plimsoll gate show --output writes it")
        Path file = Path.of("report.json");

        @Option(names = "--table", paramLabel = "FILE", description = "the paired table, a Parquet file")
        Optional<Path> table = Optional.empty();

        @Override
        int run() throws IOException {
            GateVerification found = GateVerification.verify(bytes(file), paired());
            var lines = out().table("WHAT", "HOLDS", "DETAIL");
            found.lines().forEach(line -> lines.row(line.what(), line.holds() ? "yes" : "NO", line.detail()));
            lines.print();
            out().say(found.holds() ? "The report is what its evidence says." : "The report does not hold.");
            out().json(found);
            return found.holds() ? Exit.DONE : Exit.FAILED;
        }

        private Optional<GateVerification.Table> paired() throws IOException {
            if (table.isEmpty()) {
                return Optional.empty();
            }
            Digest digest = Digest.of(bytes(table.get()));
            Path scratch = Path.of(System.getProperty("java.io.tmpdir"), "plimsoll-query");
            return Optional.of(
                    new GateVerification.Table(digest, Query.standard(scratch).read(List.of(table.get()))));
        }

        private static byte[] bytes(Path file) throws IOException {
            if (!Files.isRegularFile(file)) {
                throw Problem.of(Problem.Kind.NOT_FOUND, "there is no file " + file);
            }
            return Files.readAllBytes(file);
        }
    }
}
