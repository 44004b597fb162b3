package org.plimsoll.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.LogBatch;
import org.plimsoll.tracking.TrackingOperations.RunList;
import org.plimsoll.tracking.TrackingOperations.SearchRuns;

@EachDatabase
class RunSearchTest {

    @Parameter
    Databases databases;

    @AutoClose
    Tracked home;

    @BeforeEach
    void open() {
        home = new Tracked(databases);
    }

    private Run run(String name, Map<String, String> parameters, Map<String, Double> metrics) {
        Run run = home.ana.perform(new CreateRun(
                Tracked.FLIGHTS,
                Optional.of(name),
                Optional.empty(),
                parameters,
                Map.of("team", name.substring(0, 1))));
        List<MetricPoint> points = new ArrayList<>();
        metrics.forEach((key, value) -> points.add(RunsTest.point(key, value, 1)));
        home.ana.perform(new LogBatch(run.id(), points, Map.of(), Map.of()));
        return RunsTest.close(home.ana, run, Run.Status.FINISHED);
    }

    private List<String> names(String where, String order) {
        return search(Optional.of(where), Optional.of(order).filter(it -> !it.isEmpty()), 100, Optional.empty())
                .runs()
                .stream()
                .map(run -> run.name().orElseThrow())
                .toList();
    }

    private RunList search(Optional<String> where, Optional<String> order, int most, Optional<String> after) {
        return home.ana.perform(new SearchRuns(Optional.of(Tracked.FLIGHTS), where, order, Optional.of(most), after));
    }

    @Test
    void filter_ofEveryKind_picksTheRunsThatMatch() {
        run("a1", Map.of("max_depth", "6"), Map.of("auc", 0.70, "train/loss", 0.5));
        run("a2", Map.of("max_depth", "8"), Map.of("auc", 0.72));
        run("b1", Map.of("max_depth", "6"), Map.of("auc", Double.NaN));
        run("b2", Map.of(), Map.of());
        assertThat(names("metrics.auc > 0.705", "")).containsExactly("a2");
        assertThat(names("metrics.auc <= 0.72 and params.max_depth = '6'", "")).containsExactly("a1");
        assertThat(names("metrics.`train/loss` = 5e-1", "")).containsExactly("a1");
        assertThat(names("params.max_depth != '6'", "")).containsExactly("a2"); // absent never matches
        assertThat(names("tags.team = \"b\" AND status = 'FINISHED'", "")).containsExactly("b2", "b1");
        assertThat(names("name like 'A%'", "")).containsExactly("a2", "a1");
        assertThat(names("attributes.started_by = 'ben'", "")).isEmpty();
        assertThat(names("", "metrics.auc desc")).containsExactly("a2", "a1", "b2", "b1");
        assertThat(names("", "metrics.auc")).containsExactly("a1", "a2", "b2", "b1");
    }

    /** Values are bound, never part of the SQL. */
    @Test
    void filter_withSqlInIt_isOnlyText() {
        run("a1", Map.of("p", "x"), Map.of());
        assertThat(names("params.p = \"x' OR '1'='1\"", "")).isEmpty();
        assertThat(names("params.`p' OR 1=1 --` = 'x'", "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics.auc",
                "metrics.auc > '0.7'",
                "params.p > '1'",
                "params.p = 1",
                "metrics.auc > 0.7 or metrics.auc < 0.1",
                "metrics.auc > 0.7 and",
                "status = 'FINISHED' ; drop table run",
                "seal = 'x'",
                "cats.a = 'b'",
                "metrics.auc > 1.2.3"
            })
    void filter_thatIsNone_isRefusedWithThePlace(String where) {
        assertThatThrownBy(() -> names(where, ""))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("where, character ")
                .hasMessageContaining("^");
    }

    /** Paging through an order by metric with ties, NaN and runs without it gives each run once, as sorting in Java does. */
    @Test
    void pages_inOrderOfAMetric_giveEveryRunOnce() {
        long seed = RandomGenerator.getDefault().nextLong();
        Random random = new Random(seed);
        List<Run> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double value = random.nextInt(8) / 4.0;
            all.add(run(
                    "r" + i,
                    Map.of(),
                    random.nextInt(4) == 0 ? Map.of() : Map.of("m", value == 1 ? Double.NaN : value)));
        }
        for (boolean descending : List.of(true, false)) {
            List<Run> expected = new ArrayList<>(all);
            expected.sort(order(descending));
            List<String> paged = new ArrayList<>();
            Optional<String> after = Optional.empty();
            do {
                RunList page =
                        search(Optional.empty(), Optional.of("metrics.m " + (descending ? "desc" : "asc")), 7, after);
                page.runs().forEach(run -> paged.add(run.id()));
                after = page.next();
            } while (after.isPresent());
            assertThat(paged)
                    .as("seed %d", seed)
                    .isEqualTo(expected.stream().map(Run::id).toList());
        }
    }

    private static Comparator<Run> order(boolean descending) {
        Comparator<Run> known = Comparator.comparing(run -> Double.isNaN(value(run)));
        Comparator<Run> byValue = Comparator.<Run>comparingDouble(run -> Double.isNaN(value(run)) ? 0 : value(run));
        return known.thenComparing(descending ? byValue.reversed() : byValue)
                .thenComparing((a, b) ->
                        Double.isNaN(value(a)) || descending ? b.id().compareTo(a.id()) : a.id().compareTo(b.id()));
    }

    private static double value(Run run) {
        return run.metric("m").map(MetricPoint::value).orElse(Double.NaN);
    }

    @Test
    void steps_areNotAmongRuns() {
        Run run = RunsTest.start(home.ana, Map.of());
        RunsTest.step(home.ana, run, "train", org.plimsoll.core.Digest.of("k"));
        assertThat(search(Optional.empty(), Optional.empty(), 10, Optional.empty())
                        .runs())
                .extracting(Run::id)
                .containsExactly(run.id());
    }
}
