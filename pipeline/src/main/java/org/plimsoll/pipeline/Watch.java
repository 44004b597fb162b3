package org.plimsoll.pipeline;

/** Whoever looks on while a pipeline runs: a terminal, a log, nobody. Called from the thread of the run and of its step. */
public interface Watch {

    /** A step begins to execute. */
    void began(String step);

    /** A step has done so much of so much. */
    void advanced(String step, long done, long total, String unit);

    /** A step ended, was restored, or came out in a rerun. */
    void ended(StepReport report);

    /** Nobody looks on. */
    static Watch nobody() {
        return new Watch() {
            @Override
            public void began(String step) {}

            @Override
            public void advanced(String step, long done, long total, String unit) {}

            @Override
            public void ended(StepReport report) {}
        };
    }
}
