package org.plimsoll.gates;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * How a candidate becomes champion, in the endpoint's time; part of what people approve.
 *
 * <pre>
 *  replay: 1000                                                     recorded or given requests, before anything else
 *  shadow: {min: 7d, rows: 1000, deadline: 21d, tolerate: 1%, prove_below: 2%}
 *  canary:
 *    - {share: 10%, min: 3d, deadline: 14d}
 *  guardrail: {event: wrong_decision, tolerate_ratio: 1.10, prove_below: 1.25}
 *  bake: 5d                                                         until it counts as stable
 * </pre>
 *
 * @param replay requests sent through the serving path before anything else; 0 where it is not given
 * @param shadow it answers nobody, and is compared row by row
 * @param canary it answers a growing share of entities
 * @param guardrail what the canary is judged by; needed where there is a canary
 * @param bake how long it serves alone before it counts as stable; 0 where it is not given
 */
public record RolloutPlan(
        Optional<Integer> replay,
        Optional<Shadow> shadow,
        List<Canary> canary,
        Optional<Guardrail> guardrail,
        Optional<Span> bake) {

    /** At once: no shadow, no canary, no bake. */
    static final RolloutPlan AT_ONCE =
            new RolloutPlan(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    /**
     * @param min shortest duration
     * @param rows least matured rows
     * @param deadline no verdict until then: INCONCLUSIVE, which pauses
     * @param tolerate wrong decisions more than the champion's, as a share of rows: proved above it rolls back
     * @param proveBelow and proved below this advances
     */
    public record Shadow(Span min, long rows, Span deadline, Share tolerate, Share proveBelow) {
        public Shadow {
            inOrder(min, deadline);
            if (rows < 1) {
                throw Problem.invalid("rows", rows, "1 or more");
            }
            if (!(proveBelow.value() > tolerate.value())) {
                throw Problem.invalid("prove_below", proveBelow, "more than tolerate, " + tolerate);
            }
        }
    }

    /** @param share of entities, more than 0 and less than all */
    public record Canary(Share share, Span min, Span deadline) {
        public Canary {
            inOrder(min, deadline);
            if (!(share.value() > 0 && share.value() < 1)) {
                throw Problem.invalid("share", share, "more than 0% and less than 100%");
            }
        }
    }

    /** What counts against an arm. */
    public enum Harmful {
        /** The decision at the task's threshold was wrong. */
        WRONG_DECISION,
        /** What the decision cost, by the task's costs, as a share of the greatest cost. */
        COST;

        @com.fasterxml.jackson.annotation.JsonValue
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        @com.fasterxml.jackson.annotation.JsonCreator
        public static Harmful of(String word) {
            return switch (word) {
                case "wrong_decision" -> WRONG_DECISION;
                case "cost" -> COST;
                default -> throw Problem.invalid("event", word, "wrong_decision or cost");
            };
        }
    }

    /**
     * @param tolerateRatio the canary's risk by the champion's: proved above it rolls back
     * @param proveBelow and proved below this advances
     * @param level chance of a wrong rollback, and of a wrong advance, however often one looks; 5% where it is not given
     */
    public record Guardrail(Harmful event, double tolerateRatio, double proveBelow, Optional<Share> level) {
        public Guardrail {
            if (!(tolerateRatio >= 1 && Double.isFinite(tolerateRatio))) {
                throw Problem.invalid("tolerate_ratio", tolerateRatio, "1 or more, such as 1.10");
            }
            if (!(proveBelow > tolerateRatio && Double.isFinite(proveBelow))) {
                throw Problem.invalid("prove_below", proveBelow, "more than tolerate_ratio, " + tolerateRatio);
            }
            level.ifPresent(share -> {
                if (!(share.value() > 0 && share.value() <= 0.5)) {
                    throw Problem.invalid("level", share, "more than 0% and at most 50%");
                }
            });
        }

        /** Chance of a wrong decision; evidence of 1/level decides. */
        public double levelOrUsual() {
            return Share.or(level, 0.05);
        }
    }

    public RolloutPlan {
        canary = List.copyOf(canary);
        replay.ifPresent(requests -> {
            if (requests < 0) {
                throw Problem.invalid("replay", requests, "0 or more");
            }
        });
        for (int i = 1; i < canary.size(); i++) {
            if (!(canary.get(i).share().value() > canary.get(i - 1).share().value())) {
                throw Problem.invalid(
                        "canary share",
                        canary.get(i).share(),
                        "more than the step before, so that nobody changes sides");
            }
        }
        if (!canary.isEmpty() && guardrail.isEmpty()) {
            throw Problem.invalid("guardrail", "missing", "what the canary is judged by");
        }
    }

    private static void inOrder(Span min, Span deadline) {
        if (!(min.compareTo(deadline) < 0)) {
            throw Problem.invalid("deadline", deadline, "later than min, " + min);
        }
    }

    public int replayedRequests() {
        return replay.orElse(0);
    }

    public Span bakeOrNone() {
        return bake.orElse(Span.of("0s"));
    }
}
