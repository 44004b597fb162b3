package org.plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.pipeline.StepReport;
import org.plimsoll.pipeline.Watch;
import org.plimsoll.tracking.Verification;

/** A line for each step as it ends; while one works, how far it is. */
final class StepsOnScreen implements Watch, AutoCloseable {

    private final Output out;
    private final int width;
    private Optional<Progress> progress = Optional.empty();
    private long shown;
    private final List<String> restored = new ArrayList<>(); // said only when a step is executed after all

    StepsOnScreen(Output out, List<String> steps) {
        this.out = out;
        this.width = steps.stream().mapToInt(String::length).max().orElse(8);
    }

    @Override
    public synchronized void began(String step) {
        close();
        shown = 0;
    }

    @Override
    public synchronized void advanced(String step, long done, long total, String unit) {
        if (progress.isEmpty()) {
            progress = Optional.of(out.progress(step, total));
        }
        progress.get().add(done - shown);
        shown = done;
    }

    @Override
    public synchronized void ended(StepReport report) {
        close();
        String name = " " + report.name()
                + " ".repeat(Math.max(0, width - report.name().length()));
        if (report.restoredFrom().isPresent()) {
            restored.add(name + "  " + padded("cache"));
            return;
        }
        restored.forEach(out::say);
        restored.clear();
        out.say(
                report.verifications().isEmpty()
                        ? name + "  " + padded(Workshop.took(report.took())) + "  "
                                + String.join("; ", report.sentences())
                        : name + "  " + levels(report));
    }

    private static String levels(StepReport report) {
        return report.verifications().stream()
                .map(it -> it.level().code() + "  " + it.output() + " " + words(it))
                .collect(Collectors.joining(",  "));
    }

    private static String words(Verification it) {
        return switch (it.level()) {
            case RESTORED -> "restored, not executed";
            case BYTES -> "bytes equal";
            case MEANING -> "equal, in other bytes";
            case PREDICTIONS -> "scores the golden rows as before, in other bytes";
            case METRICS -> "metrics within the noise of the seed";
            case DIFFERENT ->
                "is not what it was: " + it.original().brief() + " → "
                        + it.repeated().brief();
        };
    }

    private static String padded(String text) {
        return " ".repeat(Math.max(0, 8 - text.length())) + text;
    }

    @Override
    public synchronized void close() {
        progress.ifPresent(Progress::close);
        progress = Optional.empty();
    }
}
