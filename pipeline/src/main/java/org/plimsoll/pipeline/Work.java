package org.plimsoll.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.scoring.Task;
import tools.jackson.databind.JsonNode;

/** What a step does. It is written into the step's key as it is, so a rerun needs nothing else to know what to do. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "work")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Work.Sql.class, name = "sql"),
    @JsonSubTypes.Type(value = Work.Split.class, name = "split"),
    @JsonSubTypes.Type(value = Work.Train.class, name = "train"),
    @JsonSubTypes.Type(value = Work.Evaluate.class, name = "evaluate"),
    @JsonSubTypes.Type(value = Work.Command.class, name = "command")
})
public sealed interface Work {

    /**
     * One SELECT over the inputs, each a view of its name with {@code _file} and {@code _row}.
     *
     * @param file name of the file with the statement, inside the step's code
     * @param parameters those of the pipeline's that the statement uses, as {@code $name}
     */
    record Sql(String file, Map<String, JsonNode> parameters) implements Work {}

    /**
     * Divides rows into training and test rows: the first output is for training, the second for testing.
     *
     * @param incomplete what becomes of rows without label, event time or entity; an error where it is not given
     * @param atMost rows of either side, drawn by a seeded hash where there are more; all where it is not given
     */
    record Split(SplitRule rule, SplitColumns columns, Optional<Incomplete> incomplete, Optional<Long> atMost)
            implements Work {}

    /**
     * What a split must know of the task, and no more: where the rest of it changes, the rows need not be divided again.
     *
     * @param maturity how long after its event a row's truth is known for good
     */
    record SplitColumns(
            String label, Optional<String> eventTime, Optional<String> entity, ZoneId zone, Duration maturity) {

        static SplitColumns of(Task task) {
            return new SplitColumns(
                    task.label(), task.eventTime(), task.entity(), task.zoneOrUtc(), task.maturityOrZero());
        }

        /** That they are there, with fitting types. @throws Problem where one is not */
        void check(Schema schema) {
            schema.column(label);
            entity.ifPresent(schema::column);
            eventTime.ifPresent(name -> Task.checkEventTime(schema.column(name)));
        }

        /** What a row needs to be on either side. */
        List<String> needed() {
            return Stream.of(Optional.of(label), eventTime, entity)
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /** What a split does with rows that lack their label, event time or entity. */
    enum Incomplete {
        /** They go to neither side, and are counted. */
        LEAVE_OUT;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Incomplete of(String word) {
            if (!word.equals(LEAVE_OUT.word())) {
                throw Problem.invalid("incomplete", word, "leave_out, or nothing: then such rows are an error");
            }
            return LEAVE_OUT;
        }
    }

    /**
     * Scores rows that the model had not seen, and measures how well: the first input is the model, the second the rows, the output
     * what was answered beside the truth ({@link org.plimsoll.evaluation.PairedTable}).
     */
    record Evaluate(List<Metric> metrics) implements Work {}

    /**
     * Trains a model by a built-in trainer.
     *
     * @param trainer {@code xgboost}
     * @param features what is done with which raw column, in the order of the model's inputs: a list, because the order is part
     *     of the model and an object's keys have none; empty: every column that is not bookkeeping
     * @param params the trainer's own, by its own names
     */
    record Train(String trainer, List<Feature> features, Map<String, JsonNode> params, Task task) implements Work {}

    /**
     * A raw column and the transforms declared for it.
     *
     * @param declared as the pipeline file has it; {@code scoring.FeatureSpec} reads it
     */
    record Feature(String column, JsonNode declared) {}

    /**
     * A program of the user's, which sees only declared files and variables.
     *
     * @param argv the program and its arguments; no shell
     * @param code files and folders of the pipeline's that are present when it runs
     * @param params written to the file that {@code PARAMS_FILE} names
     */
    record Command(List<String> argv, List<String> code, Map<String, JsonNode> params) implements Work {}
}
