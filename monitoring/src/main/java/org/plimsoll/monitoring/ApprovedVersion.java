package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.PairedTable;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.registry.Obligation;
import org.plimsoll.scoring.Task;
import org.plimsoll.scoring.TrainingProfile;
import org.plimsoll.statistics.Cbpe;
import org.plimsoll.statistics.IsotonicRegression;
import org.plimsoll.statistics.Judgement.Better;

/**
 * What was known of a version when it was approved: the reference of all its windows.
 *
 * @param inputs what its training rows looked like; empty for artifacts without a profile
 * @param outputs what it answered to the rows it was approved on; empty where its gate measured nothing
 * @param record how it performed on those rows, the policy's first metric on all rows and on each segment value
 * @param calibration from a score to the chance that the row is positive, learnt on those rows; of binary tasks only
 */
record ApprovedVersion(
        VersionId version,
        Task task,
        List<Obligation> obligations,
        Optional<Reference> inputs,
        Optional<Reference> outputs,
        List<Approved> record,
        Optional<IsotonicRegression> calibration) {

    /** How far below what was proved at approval live performance may fall: in the metric's unit from 0 to 1, else as a share. */
    private static final double TOLERANCE = 0.02;

    private static final double CONFIDENCE = 0.95;

    /** A profile with the model of how windows wobble around it, by column. */
    record Reference(TrainingProfile profile, Map<String, ColumnNull> nulls) {

        static Reference of(TrainingProfile profile) {
            Map<String, ColumnNull> nulls = new LinkedHashMap<>();
            profile.whole()
                    .columns()
                    .forEach(column ->
                            ColumnNull.of(profile.wobble(column.name())).ifPresent(it -> nulls.put(column.name(), it)));
            return new Reference(profile, nulls);
        }
    }

    /**
     * A metric at approval.
     *
     * @param value on the rows of the gate
     * @param limit what live performance must not fall beyond: the confidence bound at approval, and the tolerance
     */
    record Approved(Metric metric, Scope scope, double value, double limit) {

        /** The name under which daily values are kept. */
        String claim() {
            return metric + " of " + scope;
        }

        boolean isBeyond(double measured) {
            return metric.better() == Better.HIGHER ? measured < limit : measured > limit;
        }
    }

    ApprovedVersion {
        obligations = List.copyOf(obligations);
        record = List.copyOf(record);
    }

    /** The record at approval, measured again on the gate's own table. */
    static List<Approved> record(PairedTable table, Task task, List<Measurement> measured) {
        List<Approved> approved = new ArrayList<>();
        Optional<Metric> main = measured.stream()
                .filter(it -> it.scope().equals(Scope.ALL))
                .map(Measurement::metric)
                .findFirst();
        if (main.isEmpty()) {
            return approved;
        }
        List<Scope> scopes = new ArrayList<>(List.of(Scope.ALL));
        for (String segment : task.segments()) {
            table.values(segment).forEach(value -> scopes.add(Scope.of(segment, value)));
        }
        for (Scope scope : scopes) {
            table.measure(main.get(), scope, Optional.empty()).difference().ifPresent(value -> {
                boolean isHigher = main.get().better() == Better.HIGHER;
                double bound = isHigher ? value.lower(CONFIDENCE) : value.upper(CONFIDENCE);
                double tolerance = TOLERANCE * (isShare(main.get()) ? 1 : Math.abs(value.difference()));
                approved.add(new Approved(
                        main.get(), scope, value.difference(), isHigher ? bound - tolerance : bound + tolerance));
            });
        }
        return approved;
    }

    private static boolean isShare(Metric metric) {
        return metric.isOf(Task.Kind.BINARY) && metric.kind() != Metric.Kind.EXPECTED_COST;
    }

    /** The record of this scope, if it was measured. */
    Optional<Approved> approved(Scope scope) {
        return record.stream().filter(it -> it.scope().equals(scope)).findFirst();
    }

    /** What the metric must be for these scores, if the calibration still holds: no truth is needed. */
    OptionalDouble estimate(Metric metric, double[] scores) {
        if (calibration.isEmpty() || scores.length == 0) {
            return OptionalDouble.empty();
        }
        double[] calibrated = calibration.get().of(scores);
        try {
            if (metric.kind() == Metric.Kind.AUC) {
                return OptionalDouble.of(Cbpe.auc(scores, calibrated));
            }
            if (metric.kind() == Metric.Kind.AVERAGE_PRECISION) {
                return OptionalDouble.of(Cbpe.averagePrecision(scores, calibrated));
            }
            if (metric.kind() == Metric.Kind.BRIER) {
                return Arrays.stream(calibrated).map(p -> p * (1 - p)).average();
            }
            return OptionalDouble.empty();
        } catch (Problem undefined) {
            return OptionalDouble.empty();
        }
    }
}
