package org.plimsoll.reports;

import java.util.Comparator;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.Performance.VersionPerformance;
import org.plimsoll.predictions.Performances;
import org.plimsoll.predictions.PredictionsOperations.GetPerformance;
import org.plimsoll.reports.Leadership.Performance;
import org.plimsoll.serving.Endpoint;
import org.plimsoll.store.Reading;

/** How a champion performs on what it answered itself; empty, and never good, where that is not known yet. */
public final class LivePerformance {

    private final Performances performances;

    public LivePerformance(Performances performances) {
        this.performances = performances;
    }

    Optional<Performance> now(Reading db, Endpoint endpoint, VersionId champion) {
        try {
            var known = performances.get(db, new GetPerformance(endpoint.name(), Optional.empty(), Optional.empty()));
            return known.versions().stream()
                    .filter(it -> it.version().equals(champion)
                            && it.arm() != Arm.SHADOW
                            && it.value().isPresent())
                    .max(Comparator.comparingLong(VersionPerformance::labelled))
                    .map(it -> performance(known.metric(), it));
        } catch (Problem nothingIsKnown) {
            return Optional.empty();
        }
    }

    private static Performance performance(String metric, VersionPerformance it) {
        return new Performance(
                metric,
                it.value().orElseThrow(),
                it.lower(),
                it.upper(),
                it.labelled(),
                it.rows() == 0 ? 0 : (double) it.labelled() / it.rows());
    }
}
