package org.plimsoll.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.plimsoll.data.Query;
import org.plimsoll.scoring.Execution;
import org.plimsoll.tracking.Port;

/**
 * What a step works with: a folder of its own, its inputs as files, and where it says how far it is. Nothing else is there.
 *
 * @param folder empty at the beginning, deleted at the end
 * @param inputs by the name they have inside the step
 * @param code what a person wrote for the step, restored
 * @param outputs name to the path it must write, a file or a folder
 * @param execution how models are executed
 */
record Workbench(
        Path folder,
        Map<String, Input> inputs,
        Optional<Path> code,
        Map<String, Path> outputs,
        long seed,
        int threads,
        Query query,
        Execution execution,
        Reports reports) {

    /**
     * One input.
     *
     * @param files of a dataset's snapshot all, of another input one; of a folder none
     * @param folder where a folder was restored
     */
    record Input(Port port, List<Query.Input> files, Optional<Path> folder) {

        /** The paths of the files. */
        List<Path> paths() {
            return files.stream().map(Query.Input::file).toList();
        }
    }

    /** Where a step says what it measured and how far it is. */
    interface Reports {

        void metric(String key, double value, long step);

        void progress(long done, long total, String unit);

        /** A sentence for people about what came out, such as {@code train 1,200 rows, test 300 rows}. */
        void say(String sentence);
    }

    Input onlyInput() {
        return inputs.values().iterator().next();
    }

    Path output(int place) {
        return List.copyOf(outputs.values()).get(place);
    }

    void metric(String key, double value, long step) {
        reports.metric(key, value, step);
    }

    void progress(long done, long total, String unit) {
        reports.progress(done, total, unit);
    }

    void say(String sentence) {
        reports.say(sentence);
    }

    /** Ends the step here if its thread was interrupted. */
    void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted");
        }
    }
}
