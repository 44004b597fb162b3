package org.plimsoll.cli;

import java.time.Duration;
import java.util.Locale;
import org.plimsoll.pipeline.StepReport;
import org.plimsoll.pipeline.Watch;

/** What the demo tells in the terminal as it goes. */
final class DemoStory {

    private final Output out;
    private final long began = System.nanoTime();
    private char letter = 'a';

    DemoStory(Output out) {
        this.out = out;
    }

    Output out() {
        return out;
    }

    /** A new part of the story. */
    void chapter(String title) {
        Duration since = Duration.ofNanos(System.nanoTime() - began);
        out.say("");
        out.say(letter + ". " + title
                + String.format(Locale.ROOT, "   (%d:%02d)", since.toMinutes(), since.toSecondsPart()));
        letter++;
    }

    void say(String sentence) {
        out.say("   " + sentence);
    }

    /** A step of a pipeline that ended. */
    void step(StepReport step) {
        String how = step.restoredFrom().isPresent()
                ? "from the cache"
                : String.format(Locale.ROOT, "%.1f s", step.took().toMillis() / 1000.0);
        say(String.format(Locale.ROOT, "%-10s %-15s %s", step.name(), how, String.join("; ", step.sentences())));
    }

    /** Shows how far a step has come, where somebody watches. */
    Watch watch() {
        return Watch.nobody();
    }
}
