package org.plimsoll.pipeline;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import tools.jackson.databind.JsonNode;

/** One SELECT over the step's inputs, written as Parquet. */
record SqlExecution(Work.Sql work) implements StepExecution {

    @Override
    public void execute(Workbench bench) {
        Path file = bench.code().orElseThrow().resolve(work.file());
        Map<String, List<Query.Input>> tables = new LinkedHashMap<>();
        bench.inputs().forEach((alias, input) -> tables.put(alias, tabular(alias, input)));
        try {
            Query.Table made = bench.query()
                    .transform(PipelineFile.text(file), tables, values(work.parameters()), bench.output(0));
            bench.say(
                    "%,d rows, %d columns".formatted(made.rows(), made.schema().size()));
        } catch (Problem problem) {
            throw Problem.of(problem.kind(), work.file() + ": " + problem.detail(), problem.facts());
        }
    }

    static List<Query.Input> tabular(String alias, Workbench.Input input) {
        if (input.files().isEmpty()) {
            throw Problem.invalid("input " + alias, "a folder", "a dataset, or rows that a step made");
        }
        return input.files();
    }

    private static Map<String, Object> values(Map<String, JsonNode> parameters) {
        Map<String, Object> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> values.put(
                name,
                value.isIntegralNumber()
                        ? (Object) value.longValue()
                        : value.isNumber()
                                ? (Object) value.doubleValue()
                                : value.isBoolean() ? (Object) value.booleanValue() : value.stringValue()));
        return values;
    }
}
