package org.plimsoll.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.scoring.Task;
import tools.jackson.databind.JsonNode;

/**
 * What a {@code pipeline.yaml} declares, with the values of its parameters filled in. {@link PipelineFile} reads it.
 *
 * @param name its runs are in the experiment of this name
 * @param folder where its files are: SQL, code
 * @param text the file as written
 * @param parameters with defaults and what was set for this run
 * @param task what the model is asked; needed by splits and trainers
 * @param data name in the pipeline to reference of a snapshot, such as {@code flights@latest}
 * @param steps in an order in which they can run
 */
public record Pipeline(
        ExperimentName name,
        Path folder,
        String text,
        Map<String, JsonNode> parameters,
        Optional<Task> task,
        Map<String, String> data,
        List<PipelineStep> steps) {}
