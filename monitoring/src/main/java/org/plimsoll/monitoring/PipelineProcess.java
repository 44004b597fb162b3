package org.plimsoll.monitoring;

import java.util.Map;

/**
 * Where the steps of a retraining are executed: away from the server's keys and its database. Whoever implements it hands on the
 * order and the token, and nothing else.
 */
public interface PipelineProcess {

    /**
     * What is to be executed.
     *
     * @param run that was begun for it, and that the token may write
     * @param origin the run whose pipeline it is
     * @param data snapshots by their names in the pipeline
     * @param allowsCommands whether steps with a command of their own may be executed
     */
    record Order(
            String run,
            String origin,
            Map<String, String> data,
            Map<String, String> parameters,
            boolean allowsCommands) {}

    /**
     * Executes it to its end. The run says how it went; when it is still RUNNING afterwards, the process died.
     *
     * @throws org.plimsoll.core.Problem REFUSED where the pipeline may not be executed here
     */
    void execute(Order order, String token) throws InterruptedException;
}
