package org.plimsoll.serving;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.predictions.Arm;
import org.plimsoll.predictions.PredictionBatch;
import org.plimsoll.predictions.PredictionLog;
import org.plimsoll.scoring.Contributions;
import org.plimsoll.scoring.Reason;
import org.plimsoll.scoring.Scores;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;

/**
 * From rows to logged scores.
 *
 * <pre>
 *  route each row ─▶ score by version ─▶ append to the log ─▶ answer
 *                                             └─▶ shadows, off the caller's path
 * </pre>
 *
 * Nothing is answered that is not in the log. A canary that throws, or answers what is no number, is not the caller's failure:
 * its rows are scored by the champion, and the canary is withdrawn.
 */
public final class Inference {

    private final PredictionLog log;
    private final Shadows shadows;
    private final CanaryFailure canaryFailure;
    private final Clock clock;

    /** Told when a canary could not answer. Called on the request's thread: it must return at once. */
    interface CanaryFailure {
        void of(LiveEndpoint endpoint, Route route, String what);
    }

    Inference(PredictionLog log, Shadows shadows, CanaryFailure canaryFailure, Clock clock) {
        this.log = log;
        this.shadows = shadows;
        this.canaryFailure = canaryFailure;
        this.clock = clock;
    }

    /**
     * Answers.
     *
     * @param route entered by the caller, who leaves it afterwards
     * @throws Problem INVALID where a row lacks what the task names, or its event time is not acceptable; BUSY or STORAGE_FULL
     *     where the log cannot take it
     */
    public Answer answer(Route route, Question question) {
        LiveEndpoint endpoint = route.endpoint();
        long began = System.nanoTime();
        try {
            Answer answer = answerLogged(route, endpoint, question);
            endpoint.requests.increment();
            endpoint.rows.add(answer.rows());
            endpoint.nanos.add(System.nanoTime() - began);
            return answer;
        } catch (Problem problem) {
            if (problem.kind().status() >= 500) {
                endpoint.failed.increment();
            }
            throw problem;
        } catch (RuntimeException failure) {
            endpoint.failed.increment();
            throw failure;
        }
    }

    private Answer answerLogged(Route route, LiveEndpoint endpoint, Question question) {
        Columns rows = question.rows();
        if (rows.rows() == 0) {
            throw Problem.invalid("rows", 0, "at least one");
        }
        if (question.reasons() > 0) {
            route.champion().explainer(); // refuses before anything is logged
        }
        long received = clock.millis();
        String id = Ids.next();
        String[] entities = entities(route.task(), question, id);
        long[] eventTimes = eventTimes(route, question, received);
        boolean[] byCanary = split(route, entities);
        List<PredictionBatch.Part> parts = new ArrayList<>(2);
        double[][] values = score(route, rows, byCanary, parts);
        PredictionBatch batch = new PredictionBatch(id, received, route.digest(), entities, eventTimes, rows, parts);
        log.append(route.about().name(), batch);
        for (long eventTime : eventTimes) {
            endpoint.accepted(eventTime);
        }
        shadows.offer(route, batch);
        return new Answer(
                id,
                route.table().revision(),
                rows.rows(),
                route.signature().outputs(),
                values,
                byCanary,
                route.table().champion(),
                route.table().canary().orElse(route.table().champion()),
                question.reasons() > 0 ? reasons(route, question, byCanary) : List.of(),
                endpoint.now());
    }

    /** Each row's reasons by the version that answered it; none where a canary cannot give any. */
    private static List<List<Reason>> reasons(Route route, Question question, boolean[] byCanary) {
        List<List<Reason>> reasons =
                new ArrayList<>(Collections.nCopies(question.rows().rows(), List.of()));
        int[] canaryRows = picked(byCanary, true, question.rows().rows());
        int[] championRows = picked(byCanary, false, question.rows().rows());
        if (canaryRows.length == 0) {
            championRows = all(question.rows().rows());
        } else {
            try {
                explain(route.canary().orElseThrow(), question, canaryRows, reasons);
            } catch (Problem _) {
                // a canary of a kind that explains nothing: its rows keep their scores
            }
        }
        explain(route.champion(), question, championRows, reasons);
        return reasons;
    }

    private static void explain(LoadedVersion version, Question question, int[] rows, List<List<Reason>> reasons) {
        if (rows.length == 0) {
            return;
        }
        Contributions contributions =
                version.explainer().explain(question.rows().pick(rows));
        for (int i = 0; i < rows.length; i++) {
            reasons.set(rows[i], contributions.reasons(i, question.reasons()));
        }
    }

    private static String[] entities(Task task, Question question, String id) {
        Columns rows = question.rows();
        String[] entities = new String[rows.rows()];
        Optional<Integer> column = task.entity().filter(rows.schema()::has).map(rows::index);
        if (column.isEmpty()) {
            if (task.entity().isPresent() && question.entity().isEmpty()) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "entity is missing: send input `" + task.entity().get() + "` (one value a row), or parameter"
                                + " `entity` for all rows; it decides which version answers");
            }
            Arrays.fill(entities, question.entity().orElse(id)); // per request, where the task names none
            return entities;
        }
        for (int row = 0; row < entities.length; row++) {
            int at = row;
            entities[row] = rows.written(column.get(), row)
                    .orElseThrow(() -> Problem.invalid(
                            "input " + task.entity().orElseThrow() + ", row " + at, "missing", "the row's entity"));
        }
        return entities;
    }

    private static long[] eventTimes(Route route, Question question, long received) {
        Columns rows = question.rows();
        long[] times = new long[rows.rows()];
        Optional<Integer> column =
                route.task().eventTime().filter(rows.schema()::has).map(rows::index);
        if (column.isPresent()) {
            for (int row = 0; row < times.length; row++) {
                if (rows.isMissing(column.get(), row)) {
                    throw Problem.invalid(
                            "input " + route.task().eventTime().orElseThrow() + ", row " + row,
                            "missing",
                            "the row's event time");
                }
                times[row] = rows.integer(column.get(), row);
            }
        } else {
            Arrays.fill(times, question.eventTime().orElseGet(() -> defaultEventTime(route, received)));
        }
        if (route.about().time() == EndpointTime.CLOCK) {
            refuseAhead(times, received);
        }
        return times;
    }

    private static long defaultEventTime(Route route, long received) {
        if (route.about().time() == EndpointTime.REPLAY) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "event time is missing: the time of endpoint "
                            + route.about().name()
                            + " is replay; send "
                            + route.task()
                                    .eventTime()
                                    .map(name -> "input `" + name + "` (one instant a row), or ")
                                    .orElse("")
                            + "parameter `event_time` for all rows");
        }
        return received;
    }

    private static void refuseAhead(long[] times, long now) {
        for (int row = 0; row < times.length; row++) {
            if (times[row] > now + LiveEndpoint.TOLERATED_AHEAD_MILLIS) {
                throw Problem.invalid(
                        "event time of row " + row,
                        java.time.Instant.ofEpochMilli(times[row]),
                        "at most five minutes after " + java.time.Instant.ofEpochMilli(now)
                                + "; to play history again, create an endpoint whose time is replay");
            }
        }
    }

    private static boolean[] split(Route route, String[] entities) {
        RoutingTable table = route.table();
        if (route.canary().isEmpty() || table.canaryShare() == 0) {
            return new boolean[0];
        }
        boolean[] byCanary = new boolean[entities.length];
        for (int row = 0; row < entities.length; row++) {
            byCanary[row] = table.isCanary(entities[row]);
        }
        return byCanary;
    }

    /** Scores every row by its version, adds the parts for the log; clears the canary's mark where the champion had to step in. */
    private double[][] score(Route route, Columns rows, boolean[] byCanary, List<PredictionBatch.Part> parts) {
        int[] canaryRows = picked(byCanary, true, rows.rows());
        if (canaryRows.length == 0) {
            return scoreAll(route, rows, parts);
        }
        Optional<Scores> canary = tryCanary(route, rows.pick(canaryRows));
        if (canary.isEmpty()) {
            Arrays.fill(byCanary, false);
            return scoreAll(route, rows, parts);
        }
        int[] championRows = picked(byCanary, false, rows.rows());
        double[][] values = new double[route.signature().outputs().size()][];
        for (int output = 0; output < values.length; output++) {
            values[output] = new double
                    [rows.rows() * route.signature().outputs().get(output).width()];
        }
        LoadedVersion canaryVersion = route.canary().orElseThrow();
        parts.add(part(canaryVersion, Arm.CANARY, canaryRows, canary.get()));
        place(route.signature().outputs(), canary.get(), canaryRows, values);
        if (championRows.length > 0) {
            Scores champion = finite(route.champion().scorer().score(rows.pick(championRows)), route.champion());
            parts.add(part(route.champion(), Arm.CHAMPION, championRows, champion));
            place(route.signature().outputs(), champion, championRows, values);
        }
        return values;
    }

    private static double[][] scoreAll(Route route, Columns rows, List<PredictionBatch.Part> parts) {
        Scores scores = finite(route.champion().scorer().score(rows), route.champion());
        parts.add(part(route.champion(), Arm.CHAMPION, all(rows.rows()), scores));
        return scores.values();
    }

    private static int[] all(int rows) {
        int[] all = new int[rows];
        Arrays.setAll(all, row -> row);
        return all;
    }

    private Optional<Scores> tryCanary(Route route, Columns rows) {
        LoadedVersion canary = route.canary().orElseThrow();
        try {
            return Optional.of(finite(canary.scorer().score(rows), canary));
        } catch (RuntimeException failure) {
            route.endpoint().canaryFailures.increment();
            canaryFailure.of(route.endpoint(), route, canary.version() + " could not answer: " + failure.getMessage());
            return Optional.empty();
        }
    }

    private static int[] picked(boolean[] byCanary, boolean wanted, int rows) {
        int[] picked = new int[rows];
        int count = 0;
        for (int row = 0; row < byCanary.length; row++) {
            if (byCanary[row] == wanted) {
                picked[count++] = row;
            }
        }
        return Arrays.copyOf(picked, count);
    }

    private static void place(List<Signature.Output> promised, Scores scores, int[] rows, double[][] values) {
        for (int output = 0; output < values.length; output++) {
            double[] given =
                    scores.output(promised.get(output).name()); // a canary may answer more, and in another order
            int width = promised.get(output).width();
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(given, i * width, values[output], rows[i] * width, width);
            }
        }
    }

    /** What the log keeps of one version's share of a request. */
    static PredictionBatch.Part part(LoadedVersion version, Arm arm, int[] rows, Scores scores) {
        return new PredictionBatch.Part(version.layout(), arm, rows, scores.encoded(), byRow(scores));
    }

    /** The values row by row, all outputs of a row together. */
    private static double[] byRow(Scores scores) {
        List<Signature.Output> outputs = scores.outputs();
        if (outputs.size() == 1) {
            return scores.values()[0];
        }
        int width = outputs.stream().mapToInt(Signature.Output::width).sum();
        double[] flat = new double[scores.rows() * width];
        int offset = 0;
        for (int output = 0; output < outputs.size(); output++) {
            int own = outputs.get(output).width();
            for (int row = 0; row < scores.rows(); row++) {
                System.arraycopy(scores.values()[output], row * own, flat, row * width + offset, own);
            }
            offset += own;
        }
        return flat;
    }

    /** The scores, if every one is a number. */
    static Scores finite(Scores scores, LoadedVersion version) {
        for (double[] output : scores.values()) {
            for (double value : output) {
                if (!Double.isFinite(value)) {
                    throw Problem.internal(
                            version.version() + " answered " + value + ", which is no score",
                            new IllegalStateException("not a finite score"));
                }
            }
        }
        return scores;
    }
}
