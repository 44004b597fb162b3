package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.Outcome;
import org.plimsoll.predictions.Outcomes.OutcomesAdded;
import org.plimsoll.predictions.PredictionsOperations;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

@Command(
        name = "outcomes",
        description = "Tells what came true of predictions; the first truth of a row stands.",
        footer = {
            "",
            "FILE has one JSON object a line:",
            "{\"prediction\": \"0199c2…\", \"row\": 0, \"label\": \"true\", \"values\": {}, \"at\": \"2026-03-01T00:00:00Z\"}"
        })
final class OutcomesCommand extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "ENDPOINT")
    Optional<EndpointName> endpoint = Optional.empty();

    @Parameters(index = "1", paramLabel = "FILE", description = "JSON, one outcome a line")
    Path file = Path.of("outcomes.jsonl");

    @Override
    int run() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Problem.of(Problem.Kind.NOT_FOUND, "there is no file " + file);
        }
        List<Outcome> outcomes = read();
        long added = 0;
        long duplicates = 0;
        long conflicts = 0;
        List<String> conflicting = new ArrayList<>();
        try (Progress progress = out().progress("outcomes", outcomes.size())) {
            for (int from = 0; from < outcomes.size(); from += PredictionsOperations.MOST_OUTCOMES) {
                int until = Math.min(outcomes.size(), from + PredictionsOperations.MOST_OUTCOMES);
                OutcomesAdded some =
                        operations().perform(new AddOutcomes(endpoint.orElseThrow(), outcomes.subList(from, until)));
                added += some.added();
                duplicates += some.duplicates();
                conflicts += some.conflicts();
                conflicting.addAll(some.conflicting());
                progress.add(until - from);
            }
        }
        out().say("%,d outcomes added, %,d were there already".formatted(added, duplicates));
        if (conflicts > 0) {
            out().warn("%,d say something else than what is kept, and were left out: %s"
                    .formatted(
                            conflicts,
                            String.join(", ", conflicting.stream().limit(5).toList())));
        }
        out().json(new OutcomesAdded(added, duplicates, conflicts, conflicting));
        return conflicts == 0 ? Exit.DONE : Exit.FAILED;
    }

    private List<Outcome> read() throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        int number = 0;
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                if (!line.isBlank()) {
                    try {
                        outcomes.add(Json.read(line, Outcome.class));
                    } catch (JacksonException e) {
                        throw Problem.of(
                                Problem.Kind.INVALID,
                                file + ":" + number + ": not an outcome: " + e.getOriginalMessage());
                    }
                }
            }
        }
        return outcomes;
    }
}
