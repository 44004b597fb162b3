package org.plimsoll.cli;

import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.predictions.Performance;
import org.plimsoll.predictions.PredictionsOperations.GetPerformance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "performance",
        description = "Shows how an endpoint's versions perform, day by day and in all, where outcomes are known.")
final class PerformanceCommand extends RemoteCommand {

    @Parameters(paramLabel = "ENDPOINT")
    Optional<EndpointName> endpoint = Optional.empty();

    @Override
    int run() {
        Performance found =
                operations().perform(new GetPerformance(endpoint.orElseThrow(), Optional.empty(), Optional.empty()));
        String metric = found.metric().toUpperCase(Locale.ROOT).replace('_', ' ');
        var days = out().table("DAY", "VERSION", "ARM", "ROWS", "LABELLED", metric, "LOG LOSS");
        found.days()
                .forEach(day -> days.row(
                        day.day(),
                        day.version(),
                        day.arm().word(),
                        "%,d".formatted(day.rows()),
                        "%,d".formatted(day.labelled()),
                        number(day.value()),
                        number(day.logLoss())));
        days.print();
        out().say("");
        var versions = out().table("VERSION", "ARM", "FROM", "UNTIL", "ROWS", "LABELLED", metric, "95 % BY DAY");
        found.versions()
                .forEach(version -> versions.row(
                        version.version(),
                        version.arm().word(),
                        version.from(),
                        version.until(),
                        "%,d".formatted(version.rows()),
                        "%,d".formatted(version.labelled()),
                        number(version.value()),
                        version.missing().orElseGet(() -> number(version.lower()) + " to " + number(version.upper()))));
        versions.print();
        out().json(found);
        return Exit.DONE;
    }

    private static String number(Optional<Double> value) {
        return value.map(it -> String.format(Locale.ROOT, "%.4f", it)).orElse("–");
    }
}
