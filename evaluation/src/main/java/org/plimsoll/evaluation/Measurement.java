package org.plimsoll.evaluation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.statistics.Bounds;
import org.plimsoll.statistics.PairedDifference;

/**
 * What was measured of one metric on the rows of one scope: numbers only, no judgement. Every verdict follows from these by
 * {@link Judged}, so that anyone can judge again from the stored record.
 *
 * @param than what it was compared with; empty where the candidate was measured alone
 * @param rows rows of the scope
 * @param clusters independent units among them
 * @param rarer rows of the rarer class; of tasks without classes all rows
 * @param estimate the numbers; empty where they could not be had
 * @param method how its bounds were found
 * @param missing why there is no estimate
 */
public record Measurement(
        Metric metric,
        Scope scope,
        Optional<Reference> than,
        long rows,
        long clusters,
        long rarer,
        Optional<Estimate> estimate,
        String method,
        Optional<String> missing) {

    /**
     * A value and how sure it is.
     *
     * @param candidate the candidate's metric
     * @param reference the reference's metric
     * @param value candidate − reference, or the candidate's metric where there is no reference
     * @param standardError of {@code value}, from clusters
     * @param counted the decisions counted, where bounds come from these
     */
    public record Estimate(
            double candidate,
            Optional<Double> reference,
            double value,
            double standardError,
            Optional<Counted> counted) {

        public Estimate {
            if (!Double.isFinite(value) || !(standardError >= 0 && Double.isFinite(standardError))) {
                throw Problem.invalid("estimate", value + " ± " + standardError, "finite numbers");
            }
        }
    }

    public Measurement {
        if (estimate.isPresent() == missing.isPresent()) {
            throw Problem.invalid(
                    "measurement of " + metric, "both or neither", "an estimate, or the reason why there is none");
        }
        if (estimate.isPresent() && clusters < 2) {
            throw Problem.invalid("clusters", clusters, "2 or more, since one cluster alone has no standard error");
        }
        if (estimate.isPresent() && estimate.get().reference().isPresent() != than.isPresent()) {
            throw Problem.invalid(
                    "estimate", "of another kind", "a reference exactly where there is one to compare with");
        }
    }

    /** A measurement that could not be made. */
    public static Measurement missing(
            Metric metric, Scope scope, Optional<Reference> than, long rows, long clusters, long rarer, String why) {
        return new Measurement(metric, scope, than, rows, clusters, rarer, Optional.empty(), "none", Optional.of(why));
    }

    /** What bounds and p-values come from: the law of the counts where decisions were counted, else {@link #difference}. */
    @JsonIgnore
    public Optional<Bounds> bounds() {
        return estimate.flatMap(Estimate::counted)
                .map(counted -> than.isPresent() ? counted.ofDifference() : counted.ofShare())
                .or(this::difference);
    }

    /** The estimate with its law: Student's t with clusters − 1 degrees of freedom. */
    @JsonIgnore
    public Optional<PairedDifference> difference() {
        return estimate.map(known -> new PairedDifference(
                known.candidate,
                known.reference.orElse(0.0),
                known.value,
                known.standardError,
                clusters - 1.0,
                rows,
                clusters));
    }

    /** Whether this is what the claim needs to know. */
    public boolean answers(Claim claim) {
        return metric.equals(claim.metric()) && scope.equals(claim.scope()) && than.equals(claim.reference());
    }
}
