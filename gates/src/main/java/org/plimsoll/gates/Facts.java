package org.plimsoll.gates;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a version besides measurements, as the server found it. What is absent was not looked at, and a check that
 * needs it is an ERROR.
 *
 * @param at when it was found
 * @param golden whether the loaded model gives the scores its trainer gave
 * @param missingDocuments what the card lacks for the model's tier, in words
 * @param modelBytes size of the artifact
 * @param attempts how often rows of this digest have been judged on for this model, this time included
 */
public record Facts(
        Instant at,
        Optional<Golden> golden,
        Optional<List<String>> missingDocuments,
        Optional<Long> modelBytes,
        long attempts) {

    /**
     * @param rows golden rows scored
     * @param greatestDifference greatest distance of a score from the trainer's
     * @param holds whether all lie within the tolerance
     */
    public record Golden(long rows, double greatestDifference, boolean holds) {}
}
