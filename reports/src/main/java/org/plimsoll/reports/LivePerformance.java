package org.plimsoll.reports;

import java.util.Comparator;
import java.util.Optional;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.Performance.VersionPerformance;
import org.plimsoll.predictions.Performances;
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
        return performances.of(db, endpoint.name(), champion).stream()
                .filter(it -> it.value().isPresent())
                .max(Comparator.comparingLong(VersionPerformance::labelled))
                .flatMap(it -> performances.metric(db, endpoint.name()).map(metric -> performance(metric, it)));
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
