package org.plimsoll.reports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.registry.Tier;

/**
 * The page that leadership reads: red lines first, then a line for each endpoint. Every word of it is made from records, and no
 * number is good because it is missing.
 *
 * @param asOf position of the newest event it knows
 * @param at when it was made
 * @param redLines what needs a person, the gravest first
 * @param lookedFor what would be a red line and was not found
 * @param lines what serves, production first
 */
public record Leadership(long asOf, Instant at, List<RedLine> redLines, List<String> lookedFor, List<Line> lines) {

    public Leadership {
        redLines = List.copyOf(redLines);
        lookedFor = List.copyOf(lookedFor);
        lines = List.copyOf(lines);
    }

    /**
     * Something that needs a person.
     *
     * @param what in two or three words: {@code No owner}
     * @param verdict HARM where something is wrong, ERROR where it cannot be known
     * @param happened a sentence
     * @param acts who has to, by name
     * @param next the command that looks into it
     */
    public record RedLine(
            String what,
            Verdict verdict,
            EndpointName endpoint,
            Tier tier,
            String happened,
            String acts,
            Optional<Instant> since,
            String next) {}

    /**
     * What serves under one name.
     *
     * @param champion empty where nothing answers
     * @param since when the champion began to answer
     * @param newcomer what a rollout does at the moment, in words
     * @param retraining what making it anew has come to, in words; empty where nobody ordered it since the champion came
     * @param why the sentence that says why the champion may serve, from approval and gate report
     * @param approvedAt the metric when it was approved
     * @param now the same metric on its own matured predictions
     * @param owner by name
     * @param onCall in the order in which they are called
     */
    public record Line(
            EndpointName endpoint,
            EnvironmentName environment,
            Tier tier,
            Optional<VersionId> champion,
            Optional<Instant> since,
            Optional<String> newcomer,
            Optional<String> retraining,
            String why,
            Optional<Performance> approvedAt,
            Optional<Performance> now,
            Optional<String> owner,
            Optional<String> deputy,
            List<String> onCall) {

        public Line {
            onCall = List.copyOf(onCall);
        }
    }

    /**
     * A metric's value and how sure it is.
     *
     * @param lower bound of the 95 % interval, by day
     * @param rows on how many rows
     * @param matured the share of predictions old enough whose truth has come, in [0, 1]; 1 at approval
     */
    public record Performance(
            String metric, double value, Optional<Double> lower, Optional<Double> upper, long rows, double matured) {}
}
