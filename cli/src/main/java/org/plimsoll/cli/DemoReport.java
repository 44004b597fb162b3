package org.plimsoll.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.monitoring.Incident;
import org.plimsoll.monitoring.Retraining;
import org.plimsoll.monitoring.Window;

/** Every number the demo prints, for {@code --json}; docs/demo.md says what each one means. */
final class DemoReport {

    /** How a repeated run came out. @param level L0 to L4, or {@code differs} */
    record Rerun(String run, String level, Digest model, Digest repeated) {}

    /** A version held against the policy of an endpoint. */
    record Gate(
            VersionId version,
            String endpoint,
            String policy,
            Digest report,
            Verdict verdict,
            boolean promotable,
            List<Checked> checks) {}

    /** One check of a gate. */
    record Checked(
            String kind,
            String metric,
            String segment,
            long n,
            Optional<Double> champion,
            Optional<Double> candidate,
            Optional<Double> difference,
            Optional<Double> lower,
            Optional<Double> upper,
            Optional<Double> margin,
            Verdict verdict) {}

    /** A day of an endpoint, by version: its matured predictions beside their outcomes. */
    record Day(LocalDate day, VersionId version, long rows, long labelled, long positives, Optional<Double> auc) {}

    /** A fault that the demo made, where nothing crossed by itself. */
    record Fault(String column, double factor, LocalDate from) {}

    /** A step of the rollout as it ended. */
    record Step(String state, double share, long candidateRows, long championRows, Verdict verdict, Instant endedAt) {}

    /** The rollback under load. */
    record Rollback(
            VersionId from,
            VersionId to,
            long revision,
            int connections,
            long requests,
            long failed,
            double lastAnswerMs,
            double orderedToAnsweredMs) {}

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<Gate> gates = new ArrayList<>();
    private final List<Day> days = new ArrayList<>();
    private final List<Window> windows = new ArrayList<>();
    private final List<Incident> incidents = new ArrayList<>();
    private final List<Retraining> retraining = new ArrayList<>();
    private final Map<String, Boolean> pages = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    DemoReport() {
        values.put("v", 1);
        values.put("gates", gates);
        values.put("days", days);
        values.put("rollout", steps);
        values.put("windows", windows);
        values.put("incidents", incidents);
        values.put("pages", pages);
        values.put("retraining", retraining);
    }

    void put(String name, Object value) {
        values.put(name, value);
    }

    void gate(Gate gate) {
        gates.add(gate);
    }

    void day(Day day) {
        days.add(day);
    }

    void window(Window window) {
        windows.add(window);
    }

    void incidents(List<Incident> all) {
        incidents.addAll(all);
    }

    void retraining(Retraining one) {
        retraining.add(one);
    }

    /** Whether the pager had an incident's page, its signature verified, when Mira looked. */
    void page(long incident, boolean hasCome) {
        pages.put(String.valueOf(incident), hasCome);
    }

    void step(Step step) {
        steps.add(step);
    }

    /** Names and values in the order in which the demo came to them. */
    Map<String, Object> values() {
        return values;
    }
}
