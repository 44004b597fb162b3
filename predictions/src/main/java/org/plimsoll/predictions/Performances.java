package org.plimsoll.predictions;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.Performance.DayPerformance;
import org.plimsoll.predictions.Performance.VersionPerformance;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;
import org.plimsoll.predictions.PredictionsOperations.GetPerformance;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.Brier;
import org.plimsoll.statistics.ClusterRobust;
import org.plimsoll.statistics.Clusters;
import org.plimsoll.statistics.DeLong;
import org.plimsoll.statistics.Influence;
import org.plimsoll.statistics.LogLoss;
import org.plimsoll.statistics.PairedDifference;
import org.plimsoll.store.Reading;

/** Computes how versions perform from the log and the outcomes, each time anew. */
public final class Performances {

    /** Knows what an endpoint's model is asked; handed in from above, where endpoints are known. */
    @FunctionalInterface
    public interface Tasks {
        Optional<Task> of(Reading db, EndpointName endpoint);
    }

    private static final double CONFIDENCE = 0.975;

    private final PredictionLog log;
    private final Tasks tasks;

    public Performances(PredictionLog log, Tasks tasks) {
        this.log = log;
        this.tasks = tasks;
    }

    /** READ {@code predictions.performance}. */
    public Performance get(Reading db, GetPerformance request) {
        Outcomes.refuseUnknown(db, request.endpoint());
        Task task = tasks.of(db, request.endpoint())
                .orElseThrow(() -> Problem.notFound("version that serves on endpoint", request.endpoint()));
        return of(
                db,
                request.endpoint(),
                task,
                new Received(
                        request.from().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE),
                        request.until().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE)));
    }

    /** How versions performed on what was received in this time. */
    public Performance of(Reading db, EndpointName endpoint, Task task, Received received) {
        Answers answers = new Answers(task, _ -> true);
        new JoinedLog(log).scan(db, endpoint, received, Detail.SCORES, _ -> true, answers::add);
        List<DayPerformance> days = new ArrayList<>();
        List<VersionPerformance> versions = new ArrayList<>();
        answers.byDay.forEach((who, byDay) -> {
            byDay.forEach((day, answered) -> days.add(day(who, day, answered, task)));
            versions.add(whole(who, byDay, task));
        });
        days.sort(Comparator.comparing(DayPerformance::day)
                .thenComparing(DayPerformance::version)
                .thenComparing(DayPerformance::arm));
        return new Performance(endpoint, metric(task), days, versions);
    }

    /** How one version performed on all that it answered to callers, in each arm; nothing of others is looked at. */
    public List<VersionPerformance> of(Reading db, EndpointName endpoint, Task task, VersionId version) {
        Predicate<Part> own =
                part -> part.arm() != Arm.SHADOW && part.layout().version().equals(version);
        Answers answers = new Answers(task, own);
        new JoinedLog(log)
                .scan(
                        db,
                        endpoint,
                        Received.ALWAYS,
                        Detail.SCORES,
                        batch -> batch.parts().stream().anyMatch(own),
                        answers::add);
        return answers.byDay.entrySet().stream()
                .map(it -> whole(it.getKey(), it.getValue(), task))
                .toList();
    }

    /** The same on an endpoint, whatever its model is asked. Without a version that serves: none. */
    public List<VersionPerformance> of(Reading db, EndpointName endpoint, VersionId version) {
        return tasks.of(db, endpoint)
                .map(task -> of(db, endpoint, task, version))
                .orElse(List.of());
    }

    /** Who answered, and as what. */
    private record Who(VersionId version, Arm arm) implements Comparable<Who> {
        private static final Comparator<Who> ORDER =
                Comparator.comparing(Who::version).thenComparing(Who::arm);

        @Override
        public int compareTo(Who other) {
            return ORDER.compare(this, other);
        }
    }

    /** What was answered by whom on which day. */
    private static final class Answers {
        private final Task task;
        private final Predicate<Part> wanted;
        private final Map<Who, SortedMap<LocalDate, Answered>> byDay = new TreeMap<>();
        private LocalDate day = LocalDate.EPOCH; // of the row before: mostly that of the next
        private long dayBegins;
        private long dayEnds;

        Answers(Task task, Predicate<Part> wanted) {
            this.task = task;
            this.wanted = wanted;
        }

        void add(PredictionBatch batch, KnownOutcomes known) {
            for (Part part : batch.parts()) {
                if (!wanted.test(part)) {
                    continue;
                }
                SortedMap<LocalDate, Answered> days =
                        byDay.computeIfAbsent(new Who(part.layout().version(), part.arm()), _ -> new TreeMap<>());
                LocalDate of = LocalDate.MIN;
                Answered answered = new Answered();
                for (int i = 0; i < part.rows().length; i++) {
                    int row = part.rows()[i];
                    turnTo(batch.eventTimes()[row]);
                    if (!day.equals(of)) {
                        answered = days.computeIfAbsent(day, _ -> new Answered());
                        of = day;
                    }
                    answered.add(
                            part,
                            i,
                            known.of(batch, row)
                                    .map(outcome -> task.truth(outcome.label()))
                                    .orElse(OptionalDouble.empty()));
                }
            }
        }

        private void turnTo(long time) {
            if (time < dayBegins || time >= dayEnds) {
                ZoneId zone = task.zoneOrUtc();
                day = Instant.ofEpochMilli(time).atZone(zone).toLocalDate();
                dayBegins = day.atStartOfDay(zone).toInstant().toEpochMilli();
                dayEnds = day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
            }
        }
    }

    /** What an endpoint's model is watched by; empty where no version serves. */
    public Optional<String> metric(Reading db, EndpointName endpoint) {
        return tasks.of(db, endpoint).map(Performances::metric);
    }

    /** What a task of this kind is watched by. */
    private static String metric(Task task) {
        return switch (task.kind()) {
            case BINARY, RANKING -> "auc";
            case MULTICLASS -> "log_loss";
            case REGRESSION -> "rmse";
        };
    }

    private static DayPerformance day(Who who, LocalDate day, Answered answered, Task task) {
        Optional<Double> none = Optional.empty();
        Optional<String> missing = Optional.empty();
        Optional<Double> value = none;
        Optional<Double> error = none;
        try {
            double[] weights = ones(answered.labelled());
            Influence influence = answered.influence(task, weights);
            value = Optional.of(influence.metric());
            error = Optional.of(
                    task.kind() == Task.Kind.BINARY
                            ? DeLong.standardError(answered.scores(), answered.positive())
                            : ClusterRobust.standardError(influence, weights, Clusters.ofRows(answered.labelled())));
        } catch (Problem undefined) {
            missing = Optional.of(undefined.detail());
        }
        boolean isBinary = task.kind() == Task.Kind.BINARY;
        return new DayPerformance(
                day,
                who.version,
                who.arm,
                answered.rows(),
                answered.labelled(),
                isBinary ? answered.positives() : 0,
                value,
                error,
                isBinary
                        ? ifDefined(() -> LogLoss.of(answered.scores(), answered.positive()))
                        : task.kind() == Task.Kind.MULTICLASS ? value : none,
                isBinary ? ifDefined(() -> Brier.of(answered.scores(), answered.positive())) : none,
                missing);
    }

    /** A loss of probabilities does not exist for scores that are none. */
    private static Optional<Double> ifDefined(Supplier<Double> loss) {
        try {
            return Optional.of(loss.get());
        } catch (Problem undefined) {
            return Optional.empty();
        }
    }

    private static VersionPerformance whole(Who who, SortedMap<LocalDate, Answered> days, Task task) {
        Answered all = new Answered();
        long[] dayOfRow =
                new long[days.values().stream().mapToInt(Answered::labelled).sum()];
        days.forEach((day, answered) -> {
            Arrays.fill(dayOfRow, all.labelled(), all.labelled() + answered.labelled(), day.toEpochDay());
            all.add(answered);
        });
        Clusters clusters = Clusters.of(dayOfRow);
        Optional<PairedDifference> interval = Optional.empty();
        Optional<String> missing = Optional.empty();
        try {
            interval = Optional.of(interval(all, clusters, task));
        } catch (Problem undefined) {
            missing = Optional.of(undefined.detail());
        }
        double greatest = task.kind() == Task.Kind.BINARY ? 1 : Double.MAX_VALUE;
        return new VersionPerformance(
                who.version,
                who.arm,
                days.firstKey(),
                days.lastKey(),
                all.rows(),
                all.labelled(),
                task.kind() == Task.Kind.BINARY ? all.positives() : 0,
                clusters.count(),
                interval.map(PairedDifference::difference),
                interval.map(it -> Math.max(0, it.lower(CONFIDENCE))),
                interval.map(it -> Math.min(greatest, it.upper(CONFIDENCE))),
                missing);
    }

    private static PairedDifference interval(Answered all, Clusters clusters, Task task) {
        double[] weights = ones(all.labelled());
        Influence influence = all.influence(task, weights);
        double error = ClusterRobust.standardError(influence, weights, clusters);
        return new PairedDifference(
                influence.metric(),
                0,
                influence.metric(),
                error,
                clusters.count() - 1.0,
                all.labelled(),
                clusters.count());
    }

    private static double[] ones(int rows) {
        double[] weights = new double[rows];
        Arrays.fill(weights, 1);
        return weights;
    }
}
