package org.plimsoll.predictions;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;

/**
 * How versions perform on real traffic, where outcomes are known. What is not known is said, never left out: {@code labelled} of
 * {@code rows} have an outcome, and a number that does not exist has its reason.
 *
 * @param metric what the values are: {@code auc} of binary tasks, {@code log_loss} of multiclass ones, {@code rmse} of regressions
 * @param days by day of the event, in the task's zone
 * @param versions over all those days, with an interval by day
 */
public record Performance(
        EndpointName endpoint, String metric, List<DayPerformance> days, List<VersionPerformance> versions) {

    /**
     * One version on one day.
     *
     * @param rows rows it answered (or, as a shadow, would have)
     * @param labelled of these, rows with a readable outcome
     * @param positives of these, positive rows of a binary task
     * @param value the metric of the labelled rows
     * @param standardError of the value, rows taken as independent within the day (of the AUC DeLong's)
     * @param logLoss mean −ln of the probability given to what came true
     * @param brier mean squared error of the probability of a binary task
     * @param missing why there is no value
     */
    public record DayPerformance(
            LocalDate day,
            VersionId version,
            Arm arm,
            long rows,
            long labelled,
            long positives,
            Optional<Double> value,
            Optional<Double> standardError,
            Optional<Double> logLoss,
            Optional<Double> brier,
            Optional<String> missing) {}

    /**
     * One version over all days.
     *
     * @param days days with labelled rows: the clusters of the interval
     * @param lower one-sided 97.5 % bound, so that lower to upper is a 95 % interval; Student's t by day
     */
    public record VersionPerformance(
            VersionId version,
            Arm arm,
            LocalDate from,
            LocalDate until,
            long rows,
            long labelled,
            long positives,
            long days,
            Optional<Double> value,
            Optional<Double> lower,
            Optional<Double> upper,
            Optional<String> missing) {}

    public Performance {
        days = List.copyOf(days);
        versions = List.copyOf(versions);
    }
}
