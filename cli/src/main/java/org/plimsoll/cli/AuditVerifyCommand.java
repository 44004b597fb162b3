package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.plimsoll.audit.AuditVerification;
import org.plimsoll.audit.VerifierKey;
import org.plimsoll.core.Problem;
import org.plimsoll.store.SqliteDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads files only: it needs no server, and one that runs does not notice. */
@Command(
        name = "verify",
        description = {
            "Proves that nothing recorded was changed, removed or slipped in.",
            "Works offline, on a home or on a copy of its audit folder."
        })
final class AuditVerifyCommand extends LocalCommand {

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "the log's folder (default: audit/ of the home)")
    Optional<Path> folder = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "the log's verifier key or a file with it (default: keys/audit.vkey of the home)")
    Optional<String> key = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "FILE",
            description = "a checkpoint kept from an earlier visit: the log must only have grown since")
    Optional<Path> since = Optional.empty();

    @Option(
            names = "--database",
            paramLabel = "FILE",
            description = "compare with the events in this database (default: plimsoll.db of the home)")
    Optional<Path> database = Optional.empty();

    @Override
    int run() {
        Optional<Path> home = folder.isPresent() ? Optional.empty() : Optional.of(home());
        Path log = folder.or(() -> home.map(path -> path.resolve("audit"))).orElseThrow();
        VerifierKey verifier = VerifierKey.parse(key.map(AuditVerifyCommand::textOrFile)
                .or(() -> home.map(path -> text(path.resolve("keys/audit.vkey"))))
                .orElseThrow(() -> Problem.invalid(
                        "--key", "missing", "the log's verifier key, which the home keeps in keys/audit.vkey")));
        Optional<String> earlier = since.map(AuditVerifyCommand::text);
        Optional<Path> events =
                database.or(() -> home.map(path -> path.resolve("plimsoll.db")).filter(Files::exists));

        AuditVerification.Report report = events.isPresent()
                ? SqliteDatabase.look(
                        events.get(),
                        Clock.systemUTC(),
                        db -> AuditVerification.verify(log, verifier, earlier, Optional.of(db)))
                : AuditVerification.verify(log, verifier, earlier);
        tell(report, log);
        out().json(report);
        return report.holds() ? Exit.DONE : Exit.FAILED;
    }

    private void tell(AuditVerification.Report report, Path log) {
        if (!report.holds()) {
            out().say("The audit log " + report.origin() + " does NOT hold:");
            report.findings().forEach(finding -> out().say("  - " + finding));
            return;
        }
        out().say("The audit log " + report.origin() + " holds: " + counted(report.size(), "entry", "entries")
                + " give the root that its key signed.");
        report.earlier()
                .ifPresent(size -> out().say("The first " + counted(size, "entry is that", "entries are those")
                        + " of the earlier checkpoint."));
        report.compared()
                .ifPresent(compared -> out().say("The database has the same "
                        + counted(compared, "event", "events")
                        + report.waiting()
                                .filter(waiting -> waiting > 0)
                                .map(waiting -> ", and " + waiting + " more that the log will take next")
                                .orElse("")
                        + "."));
        out().say("Keep " + log.resolve("checkpoint")
                + " somewhere else: with --since it proves later that nothing before it changed.");
    }

    private static String counted(long number, String one, String many) {
        return "%,d ".formatted(number) + (number == 1 ? one : many);
    }

    private Path home() {
        return options.home
                .or(() -> Home.setting("PLIMSOLL_HOME").map(Path::of))
                .or(() -> Home.nearest(Path.of("").toAbsolutePath()))
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.NOT_FOUND,
                        "there is no home here or above; say --home DIR, or name the log's folder and its --key"));
    }

    private static String textOrFile(String given) {
        return given.contains("+") && !Files.exists(Path.of(given)) ? given : text(Path.of(given));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Problem.notFound("file", file);
        }
    }
}
