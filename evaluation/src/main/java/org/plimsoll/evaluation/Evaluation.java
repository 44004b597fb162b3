package org.plimsoll.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Task;

/**
 * What was measured of a candidate beside champion and anchor, on the same rows, and how it is known that none of them had
 * seen those rows. Numbers only; verdicts follow from them ({@link Judged}).
 *
 * <pre>
 *  {"v":1,"candidate":{…},"champion":{…},"constant":…,"task":{…},"rows":{…},"separations":[…],"paired_table":"sha256:…",
 *   "measurements":[…],"unproved":[…],"errors":[…]}                                canonical JSON; its digest names it
 * </pre>
 *
 * @param champion empty at a first release
 * @param constant at a first release what the constant model of the training rows answers: the base rate, the classes' shares, or
 *     the mean; none where a champion serves
 * @param separations for each model, how its training rows lie apart from the rows judged
 * @param pairedTable the file all measurements can be computed from again; empty where it came to none
 * @param unproved what nobody can show of it, such as that a model brought from elsewhere had not seen these rows
 * @param errors why this evidence cannot be believed; empty where it can
 */
public record Evaluation(
        int v,
        Model candidate,
        Optional<Model> champion,
        Optional<Model> anchor,
        List<Double> constant,
        Task task,
        Rows rows,
        List<Separation> separations,
        Optional<Digest> pairedTable,
        List<Measurement> measurements,
        List<String> unproved,
        List<String> errors) {

    /** The format written here; greater ones are refused. */
    public static final int FORMAT = 1;

    /**
     * One of the models.
     *
     * @param name such as {@code late-arrival@3}
     * @param training digest of its training rows
     */
    public record Model(String name, Digest artifact, Optional<Digest> training) {}

    /**
     * The rows it was judged on.
     *
     * @param given rows in the file
     * @param leftOut rows within the label's maturity after a training row, which are not judged
     * @param judged rows that were scored
     * @param clusters independent units among them
     */
    public record Rows(
            Digest digest,
            long given,
            long leftOut,
            long judged,
            long clusters,
            Optional<Instant> from,
            Optional<Instant> until) {}

    /**
     * How the training rows of one model lie apart from the rows it is judged on.
     *
     * @param model its name
     * @param trainingRows how many there are
     * @param shared rows that are in both, by file and row number; must be none
     * @param notAfter rows judged that are not after the last training row; must be none where the task has an event time
     * @param withinMaturity rows after it, but before the last training row's label was known for good; left out
     */
    public record Separation(
            String model,
            long trainingRows,
            long shared,
            long notAfter,
            long withinMaturity,
            Optional<Instant> lastTrained) {}

    public Evaluation {
        if (v != FORMAT) {
            throw Problem.invalid("evaluation's v", v, "1; a greater one was written by a newer Plimsoll");
        }
        constant = List.copyOf(constant);
        separations = List.copyOf(separations);
        measurements = List.copyOf(measurements);
        unproved = List.copyOf(unproved);
        errors = List.copyOf(errors);
    }

    /** Whether nothing serves yet, so that the constant model stood in for a champion. */
    @JsonIgnore
    public boolean isFirstRelease() {
        return champion.isEmpty();
    }

    /** What was measured for a claim about one scope; a missing measurement where nothing was. */
    public Measurement measured(Claim claim) {
        return measurements.stream()
                .filter(each -> each.answers(claim))
                .findFirst()
                .orElseGet(() -> Measurement.missing(
                        claim.metric(), claim.scope(), claim.reference(), 0, 0, 0, "this was not measured"));
    }

    /** The claim, once for each scope it stands for; itself where it is about one, or where no value is known. */
    public List<Claim> expand(Claim claim) {
        if (!claim.scope().isEach()) {
            return List.of(claim);
        }
        List<Claim> expanded = measurements.stream()
                .map(Measurement::scope)
                .filter(scope ->
                        scope.column().equals(claim.segment()) && scope.value().isPresent())
                .distinct()
                .map(claim::over)
                .toList();
        return expanded.isEmpty() ? List.of(claim) : expanded;
    }

    /** The canonical JSON. */
    public byte[] bytes() {
        return CanonicalJson.bytes(this);
    }

    @JsonIgnore
    public Digest digest() {
        return Digest.of(bytes());
    }
}
