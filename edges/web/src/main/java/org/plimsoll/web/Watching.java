package org.plimsoll.web;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.monitoring.Distribution;
import org.plimsoll.monitoring.Incident;
import org.plimsoll.monitoring.Retraining;
import org.plimsoll.monitoring.WatchedClaim;
import org.plimsoll.monitoring.WatchedColumn;
import org.plimsoll.monitoring.Window;

/**
 * What the monitoring page of an endpoint shows, out of its windows: each claim about performance over time with its limit, then each
 * column with its distances over time, the columns that drifted most first.
 *
 * @param windows oldest first
 * @param claims how each claim went, with intervals
 * @param estimates the same metrics as estimated before truths came, in the order of {@code claims}; drawn dashed
 * @param columns how far each column strayed
 */
public record Watching(
        EndpointName endpoint,
        List<Window> windows,
        List<Incident> incidents,
        Optional<Retraining> retraining,
        List<Trend> claims,
        List<Trend> estimates,
        List<ColumnTrends> columns) {

    /** One column: its distribution then and now, its distance and evidence over time, and its missing share. */
    public record ColumnTrends(WatchedColumn now, Optional<Bars> bars, Trend distance, Trend evidence, Trend missing) {}

    /** @param newestFirst as the operation gives them */
    static Watching of(
            EndpointName endpoint,
            List<Window> newestFirst,
            List<Incident> incidents,
            Optional<Retraining> retraining,
            List<Distribution> distributions) {
        List<Window> windows = newestFirst.reversed();
        if (windows.isEmpty()) {
            return new Watching(endpoint, windows, incidents, retraining, List.of(), List.of(), List.of());
        }
        LocalDate first = windows.getFirst().day();
        LocalDate last = windows.getLast().day();
        List<Trend> claims = new ArrayList<>();
        List<Trend> estimates = new ArrayList<>();
        byClaim(windows).forEach((name, all) -> {
            WatchedClaim newest = all.getLast();
            claims.add(new Trend(
                    name,
                    all.stream()
                            .map(it -> new Trend.Point(it.until(), it.measured(), it.lower(), it.upper()))
                            .toList(),
                    newest.limit(),
                    newest.approved(),
                    first,
                    last));
            estimates.add(new Trend(
                    name,
                    all.stream()
                            .map(it -> new Trend.Point(it.until(), it.estimated()))
                            .toList(),
                    newest.limit(),
                    newest.approved(),
                    first,
                    last));
        });
        return new Watching(
                endpoint,
                windows,
                incidents,
                retraining,
                claims,
                estimates,
                columns(windows, distributions, first, last));
    }

    private static Map<String, List<WatchedClaim>> byClaim(List<Window> windows) {
        Map<String, List<WatchedClaim>> claims = new LinkedHashMap<>();
        for (Window window : windows) {
            for (WatchedClaim claim : window.performance()) {
                claims.computeIfAbsent(Words.claim(claim), _ -> new ArrayList<>())
                        .add(claim);
            }
        }
        return claims;
    }

    private static List<ColumnTrends> columns(
            List<Window> windows, List<Distribution> distributions, LocalDate first, LocalDate last) {
        Map<String, List<Map.Entry<LocalDate, WatchedColumn>>> byName = new LinkedHashMap<>();
        for (Window window : windows) {
            for (WatchedColumn column : window.columns()) {
                byName.computeIfAbsent(column.name(), _ -> new ArrayList<>()).add(Map.entry(window.day(), column));
            }
        }
        List<ColumnTrends> columns = new ArrayList<>();
        byName.forEach((name, days) -> {
            WatchedColumn now = days.getLast().getValue();
            columns.add(new ColumnTrends(
                    now,
                    distributions.stream()
                            .filter(it -> it.column().equals(name))
                            .findFirst()
                            .map(Bars::new),
                    trend(
                            "Jensen–Shannon",
                            days,
                            WatchedColumn::jensenShannon,
                            now.evidence().map(it -> it.warning()),
                            first,
                            last),
                    trend(
                            "evidence, log10",
                            days,
                            it -> it.evidence().map(e -> e.log10()),
                            now.evidence().map(it -> it.bound()),
                            first,
                            last),
                    trend("missing", days, it -> Optional.of(it.missing()), Optional.empty(), first, last)));
        });
        columns.sort(Comparator.comparingDouble(
                        (ColumnTrends it) -> it.now().jensenShannon().orElse(-1.0))
                .reversed());
        return columns;
    }

    private static Trend trend(
            String name,
            List<Map.Entry<LocalDate, WatchedColumn>> days,
            java.util.function.Function<WatchedColumn, Optional<Double>> value,
            Optional<Double> limit,
            LocalDate first,
            LocalDate last) {
        return new Trend(
                name,
                days.stream()
                        .map(day -> new Trend.Point(day.getKey(), value.apply(day.getValue())))
                        .toList(),
                limit,
                Optional.empty(),
                first,
                last);
    }
}
