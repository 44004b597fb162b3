package org.plimsoll.cli;

import java.util.List;
import org.plimsoll.pipeline.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "rerun",
        description = {
            "Repeats a run from what was recorded of it and says how far it comes out as the first time.",
            "Every step is executed, none restored. L1: the same bytes. L2: equal in other bytes.",
            "L3: a model with the same scores for the golden rows. Ends with 1 where something differs."
        })
final class RerunCommand extends RemoteCommand {

    @Parameters(paramLabel = "RUN", description = "an id, the beginning of one, or run:latest")
    String run = "";

    @Override
    int run() {
        RunReport report;
        try (var watch = new StepsOnScreen(out(), List.of())) {
            report = Workshop.runner(this).rerun(run, watch);
        }
        report.differences().forEach(it -> out().say("Not as the first time: " + it));
        out().say("Run " + Workshop.brief(report.origin().orElseThrow())
                + (report.isRepeated() ? " repeats" : " DOES NOT REPEAT") + ": executed, not restored, in "
                + Workshop.took(report.took()) + " (run " + Workshop.brief(report.run()) + ").");
        if (!report.isRepeated()) {
            out().next("plimsoll compare " + Workshop.brief(report.origin().orElseThrow()) + " "
                    + Workshop.brief(report.run()));
        }
        out().json(report);
        return report.isRepeated() ? Exit.DONE : Exit.FAILED;
    }
}
