package org.plimsoll.pipeline;

import java.util.List;

/**
 * One step of a pipeline.
 *
 * @param name unique in the pipeline
 * @param work what it does
 * @param inputs names of data, or {@code step.output}
 * @param outputs names of what it makes
 * @param seed of everything random in it
 * @param threads how many it uses: declared, never the number of this machine's cores, so that it can be repeated elsewhere
 */
public record PipelineStep(String name, Work work, List<String> inputs, List<String> outputs, long seed, int threads) {

    /** Threads of a step that does not say. */
    static final int THREADS = 2;

    /** What an input is called inside the step: {@code rows} of {@code features.rows}. */
    static String alias(String input) {
        return input.substring(input.lastIndexOf('.') + 1);
    }
}
