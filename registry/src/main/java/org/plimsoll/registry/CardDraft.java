package org.plimsoll.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;
import org.plimsoll.scoring.Task;

/**
 * What people say of a version: the part of its card that cannot be derived. Written as YAML or JSON:
 *
 * <pre>
 * purpose: Tell the gate team, as a flight leaves, whether it will be more than 15 minutes late.
 * intended_users: [gate team]
 * out_of_scope: [compensation of passengers]
 * limitations: [flights of airports outside the twelve hubs were never seen]
 * risks:
 *   - {harm: gates are reassigned for nothing, mitigation: the gate team decides}
 * data: Departures of January 2001 from the twelve busiest airports.
 * oversight: The gate team sees the score and may ignore it.
 * retraining: {plan: monthly on the last six weeks, when: AUC of a week below 0.60}
 * retirement: Replaced when the airline's own forecast covers all hubs.
 * obligations:
 *   - {metric: auc, at_least: 0.60, window: 7d, cadence: 1d, page: owner}
 * </pre>
 *
 * <p>{@code respond_within} may say how soon whoever is paged must answer before the next one is; else the server's setting holds.
 *
 * <p>Which of these a version needs depends on its model's tier ({@link Completeness}); fields that lineage derives cannot be
 * typed here.
 */
public record CardDraft(
        String purpose,
        List<String> intendedUsers,
        List<String> outOfScope,
        List<String> limitations,
        List<Risk> risks,
        Optional<String> data,
        Optional<String> oversight,
        Optional<Retraining> retraining,
        Optional<String> retirement,
        List<Obligation> obligations,
        Optional<Duration> respondWithin) {

    /**
     * How the model is kept fresh: in words for people, and as far as the server does it, in values.
     *
     * <pre>
     * retraining:
     *   plan: on all months so far, tested on the last two weeks, through the same pipeline and the same gates
     *   when: a week's AUC proved below 0.62
     *   starts: performance
     *   data: {raw: flights@latest}
     *   parameters: {train_to: today - 14d - 12h, test_from: today - 14d, test_to: today}
     * </pre>
     *
     * @param plan on what, and by whom
     * @param when what starts it
     * @param starts what starts it without a person; absent: only a person does
     * @param data the pipeline's data by their names there, as references to snapshots; what is not named stays as the pipeline has it
     * @param parameters of the pipeline, which is the one that made the version; {@code now}, {@code today} and {@code month} are
     *     the endpoint's time and the beginnings of its day and month, and spans may be added and taken away
     */
    public record Retraining(
            String plan,
            String when,
            Optional<Starts> starts,
            Map<String, String> data,
            Map<String, String> parameters) {

        /** What starts a retraining without a person. Input drift alone never does. */
        public enum Starts {
            /** A promise about performance that is proved broken. */
            PERFORMANCE;

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        public Retraining {
            data = Collections.unmodifiableMap(new TreeMap<>(data));
            parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
            parameters.forEach((name, value) -> Moment.check("retraining.parameters." + name, value));
        }

        /** The parameters with their times, as they are now. */
        public Map<String, String> parametersAt(Instant now, ZoneId zone) {
            Map<String, String> values = new TreeMap<>();
            parameters.forEach((name, value) -> values.put(name, Moment.at(value, now, zone)));
            return values;
        }
    }

    private static final int LONGEST = 100_000;

    public CardDraft {
        intendedUsers = List.copyOf(intendedUsers);
        outOfScope = List.copyOf(outOfScope);
        limitations = List.copyOf(limitations);
        risks = List.copyOf(risks);
        obligations = List.copyOf(obligations);
        respondWithin.filter(span -> !span.isPositive()).ifPresent(span -> {
            throw Problem.invalid("respond_within", span, "longer than nothing");
        });
        if (purpose.isBlank()) {
            throw Problem.invalid("purpose", "empty", "one sentence that says what the model is for");
        }
    }

    /** The same card, with these words about its data. */
    public CardDraft about(String otherData) {
        return new CardDraft(
                purpose,
                intendedUsers,
                outOfScope,
                limitations,
                risks,
                Optional.of(otherData),
                oversight,
                retraining,
                retirement,
                obligations,
                respondWithin);
    }

    /**
     * A first {@code card.yaml} for a model of this task: complete for tier T4, with what graver tiers ask for to be filled in.
     *
     * @param data one sentence about the rows it is learned from
     */
    public static String yaml(ModelName model, Task task, String data) {
        String asked = Json.text("Tell " + task.label().replaceAll("\\s+", " ") + " of a row before it is known.");
        return """
                # What people say of %s; its lineage says the rest. Tiers T1 to T3 need every line.
                purpose: %s
                data: %s
                # intended_users: [who acts on the answer]
                # out_of_scope: [what it must not be used for]
                # limitations: [rows unlike those it was trained on]
                # risks:
                #   - {harm: what a wrong answer does, mitigation: who notices, and what they do}
                # oversight: Who sees the answer and may overrule it.
                # retraining: {plan: monthly, on all rows so far, when: %s of a week is worse than at approval}
                # retirement: What would make it superfluous.
                # obligations:
                #   - {metric: %s, window: 7d, cadence: 1d, page: owner}
                """.formatted(model, asked, Json.text(data), metric(task), promise(task));
    }

    private static String metric(Task task) {
        return switch (task.kind()) {
            case BINARY, RANKING -> "auc";
            case MULTICLASS -> "log_loss";
            case REGRESSION -> "rmse";
        };
    }

    private static String promise(Task task) {
        return metric(task) + (metric(task).equals("auc") ? ", at_least: 0.65" : ", at_most: 1.0");
    }

    /**
     * Reads a card's draft.
     *
     * @param file what errors call it
     */
    public static CardDraft read(String file, String yaml) {
        if (yaml.length() > LONGEST) {
            throw Problem.invalid(file, yaml.length() + " characters long", "at most " + LONGEST + " characters");
        }
        return YamlDocument.parse(file, yaml).read(CardDraft.class);
    }
}
