package org.plimsoll.cli;

import java.util.Locale;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.pipeline.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "compare",
        description = "Says what changed between two runs (data, code, parameters, runtime, seed) and what came out.")
final class CompareCommand extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "RUN")
    String first = "";

    @Parameters(index = "1", paramLabel = "RUN")
    String second = "";

    @Override
    int run() {
        Comparison comparison = Comparison.of(operations(), blobs(), first, second);
        out().say(Workshop.brief(comparison.first()) + " → " + Workshop.brief(comparison.second()) + ": "
                + (comparison.causes().isEmpty()
                        ? "nothing that determines the runs differs"
                        : comparison.causes().size() + " of the things that determine the runs differ"));
        if (!comparison.causes().isEmpty()) {
            var causes = out().table("CHANGED", "STEP", "WHAT", "BEFORE", "AFTER");
            comparison
                    .causes()
                    .forEach(it -> causes.row(
                            it.cause().name().toLowerCase(Locale.ROOT), it.step(), it.what(), it.before(), it.after()));
            causes.print();
        }
        out().say("");
        var outputs = out().table("OUTPUT", "BEFORE", "AFTER", "BYTES");
        comparison
                .outputs()
                .forEach(it -> outputs.row(
                        it.step() + "." + it.output(),
                        it.before().map(Digest::brief).orElse(""),
                        it.after().map(Digest::brief).orElse(""),
                        it.isSame() ? "equal" : "differ"));
        outputs.print();
        if (!comparison.metrics().isEmpty()) {
            out().say("");
            var metrics = out().table("METRIC", "BEFORE", "AFTER", "CHANGE");
            comparison
                    .metrics()
                    .forEach(it -> metrics.row(
                            it.key(),
                            number(it.before()),
                            number(it.after()),
                            it.before().isPresent() && it.after().isPresent()
                                    ? String.format(
                                            Locale.ROOT,
                                            "%+.6f",
                                            it.after().get() - it.before().get())
                                    : ""));
            metrics.print();
        }
        out().json(comparison);
        return Exit.DONE;
    }

    private static String number(Optional<Double> value) {
        return value.map(it -> String.format(Locale.ROOT, "%.6f", it)).orElse("");
    }
}
