package org.plimsoll.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.pipeline.Pipeline;
import org.plimsoll.pipeline.PipelineFile;
import org.plimsoll.pipeline.RunReport;
import org.plimsoll.pipeline.StepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Runs a pipeline: each step from the cache where nothing that determines it has changed,",
            "otherwise in a clean folder with only its declared inputs."
        })
final class RunCommand extends RemoteCommand {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "the pipeline, or the folder it is in (default: ./" + PipelineFile.NAME + ")")
    Path file = Path.of(PipelineFile.NAME);

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "another value for one of the pipeline's parameters; may be given several times")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--name", paramLabel = "NAME", description = "what to call this run")
    Optional<String> name = Optional.empty();

    @Option(names = "--fresh", description = "execute every step, whatever is in the cache")
    boolean isFresh;

    @Override
    boolean createsHome() {
        return true;
    }

    @Override
    int run() {
        Path path = Files.isDirectory(file) ? file.resolve(PipelineFile.NAME) : file;
        Pipeline pipeline = PipelineFile.read(path, set);
        RunReport report;
        try (var watch = new StepsOnScreen(
                out(), pipeline.steps().stream().map(it -> it.name()).toList())) {
            report = Workshop.runner(this).run(pipeline, name, isFresh, watch);
        }
        say(report);
        out().json(report);
        return Exit.DONE;
    }

    private void say(RunReport report) {
        if (report.isRestored()) {
            String steps = report.steps().stream().map(StepReport::name).collect(Collectors.joining(", "));
            out().say(" " + steps + "   from cache (" + Workshop.took(report.took())
                    + "): nothing that determines them changed");
        }
        for (StepReport step : report.steps()) {
            step.differsFrom()
                    .ifPresent(other -> out().warn("Step " + step.name()
                            + " is not deterministic: the same key made other bytes in " + Workshop.brief(other)));
        }
        out().say("Run " + Workshop.brief(report.run()) + " of " + report.experiment() + " done in "
                + Workshop.took(report.took()) + "."
                + (report.isRestored() ? "" : " Same inputs will be answered from the cache."));
        boolean isHere = Project.here()
                .filter(project -> project.name().equals(report.experiment()) && Files.isRegularFile(project.card()))
                .isPresent();
        out().next(isHere ? "plimsoll register" : "plimsoll register run:latest --model " + report.experiment());
    }
}
