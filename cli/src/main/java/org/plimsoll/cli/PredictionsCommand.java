package org.plimsoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Content;
import org.plimsoll.core.EndpointName;
import org.plimsoll.predictions.PredictionsOperations.ExportPredictions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "predictions",
        description = "Writes the prediction log of an endpoint, joined with outcomes, as a Parquet file.",
        footer = {
            "",
            "A row for each answer: prediction, row, received_at, event_time, entity, table, version, arm,",
            "raw columns in.*, what the engine saw x.* in the model file's order, scores out.*, outcome, outcome_at."
        })
final class PredictionsCommand extends RemoteCommand {

    @Parameters(paramLabel = "ENDPOINT")
    Optional<EndpointName> endpoint = Optional.empty();

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "the Parquet file to write")
    Path output = Path.of("predictions.parquet");

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "received at or after this, such as 2026-03-01T00:00:00Z")
    Optional<Instant> from = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "received before this")
    Optional<Instant> until = Optional.empty();

    @Override
    int run() throws IOException {
        Content content = operations().perform(new ExportPredictions(endpoint.orElseThrow(), from, until));
        Path whole = output.toAbsolutePath();
        Path part = whole.resolveSibling(whole.getFileName() + ".part"); // nothing half-written under the asked name
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                content.writer().to(out);
            }
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        out().say("Wrote " + output + ", " + Workshop.size(Files.size(whole)));
        out().json(Map.of("output", output.toString(), "bytes", Files.size(whole)));
        return Exit.DONE;
    }
}
