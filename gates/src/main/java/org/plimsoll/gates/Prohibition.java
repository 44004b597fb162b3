package org.plimsoll.gates;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.evaluation.Bound;
import org.plimsoll.evaluation.Claim;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.Reference;
import org.plimsoll.scoring.Task;

/**
 * What must not be proved of a candidate.
 *
 * <pre>
 *  - harm: {metric: auc, beyond: 0.02, in: segments}              proved worse than the champion by more than this
 *  - suspicious_improvement: {metric: auc, more_than: 0.04}       proved better by more than that: look for leakage
 * </pre>
 */
public record Prohibition(Optional<Harm> harm, Optional<SuspiciousImprovement> suspiciousImprovement) {

    /**
     * @param task which tasks it speaks of; those that have the metric where it is not given
     * @param beyond how much worse is tolerated
     * @param in segments of the task, or the word {@code segments}; none means all rows together
     */
    public record Harm(Optional<Task.Kind> task, Metric metric, double beyond, List<String> in) {

        public Harm {
            in = List.copyOf(in);
            if (!(beyond >= 0 && Double.isFinite(beyond))) {
                throw Problem.invalid("beyond", beyond, "a finite number, 0 or more");
            }
        }

        boolean concerns(Task asked) {
            return task.map(kind -> kind == asked.kind()).orElse(metric.isOf(asked.kind()));
        }

        List<Claim> claims(Task asked, EvidenceRules rules) {
            return Requirement.scopes(in, asked).stream()
                    .map(scope -> Claim.of(metric, scope, new Bound.NotWorse(Reference.CHAMPION, beyond))
                            .with(rules.levelOrUsual(), rules.rowsOrUsual(), rules.positivesOrUsual()))
                    .toList();
        }
    }

    /** @param moreThan the greatest improvement that is believed without a look at the data */
    public record SuspiciousImprovement(Metric metric, double moreThan) {

        public SuspiciousImprovement {
            if (!(moreThan > 0 && Double.isFinite(moreThan))) {
                throw Problem.invalid("more_than", moreThan, "a finite number above 0");
            }
        }

        boolean concerns(Task asked) {
            return metric.isOf(asked.kind());
        }
    }

    public Prohibition {
        if (harm.isPresent() == suspiciousImprovement.isPresent()) {
            throw Problem.invalid(
                    "must_not_happen", harm.isPresent() ? "two in one" : "nothing", "harm or suspicious_improvement");
        }
    }
}
