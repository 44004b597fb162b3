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
import org.plimsoll.statistics.Auc;
import org.plimsoll.statistics.Brier;
import org.plimsoll.statistics.ClusterRobust;
import org.plimsoll.statistics.Clusters;
import org.plimsoll.statistics.DeLong;
import org.plimsoll.statistics.Influence;
import org.plimsoll.statistics.LogLoss;
import org.plimsoll.statistics.PairedDifference;
import org.plimsoll.statistics.Placements;
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

    /** The performance of binary tasks; for others the counts alone. */
    public Performance of(Reading db, EndpointName endpoint, Task task, Received received) {
        Answers answers = new Answers(task);
        new JoinedLog(log).scan(db, endpoint, received, Detail.SCORES, answers::add);
        List<DayPerformance> days = new ArrayList<>();
        List<VersionPerformance> versions = new ArrayList<>();
        answers.byDay.forEach((who, byDay) -> {
            byDay.forEach((day, answered) -> days.add(day(who, day, answered, task)));
            versions.add(whole(who, byDay, task));
        });
        days.sort(Comparator.comparing(DayPerformance::day)
                .thenComparing(DayPerformance::version)
                .thenComparing(DayPerformance::arm));
        return new Performance(endpoint, days, versions);
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
        private final Map<Who, SortedMap<LocalDate, Answered>> byDay = new TreeMap<>();
        private LocalDate day = LocalDate.EPOCH; // of the row before: mostly that of the next
        private long dayBegins;
        private long dayEnds;

        Answers(Task task) {
            this.task = task;
        }

        void add(PredictionBatch batch, KnownOutcomes known) {
            for (Part part : batch.parts()) {
                SortedMap<LocalDate, Answered> days =
                        byDay.computeIfAbsent(new Who(part.layout().version(), part.arm()), _ -> new TreeMap<>());
                for (int i = 0; i < part.rows().length; i++) {
                    int row = part.rows()[i];
                    turnTo(batch.eventTimes()[row]);
                    days.computeIfAbsent(day, _ -> new Answered())
                            .add(
                                    part.score(i, 0),
                                    known.of(batch, row)
                                            .map(outcome -> Truth.of(outcome.label(), task))
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

    /** Scores and truths, as they come. */
    private static final class Answered {
        private double[] scores = new double[64];
        private double[] truths = new double[64];
        private int labelled;
        private long rows;
        private long positives;

        void add(double score, OptionalDouble truth) {
            rows++;
            if (truth.isEmpty()) {
                return;
            }
            if (labelled == scores.length) {
                scores = Arrays.copyOf(scores, 2 * labelled);
                truths = Arrays.copyOf(truths, 2 * labelled);
            }
            scores[labelled] = score;
            truths[labelled++] = truth.getAsDouble();
            if (truth.getAsDouble() == 1) {
                positives++;
            }
        }

        void add(Answered more) {
            if (labelled + more.labelled > scores.length) {
                int room = Math.max(2 * scores.length, labelled + more.labelled);
                scores = Arrays.copyOf(scores, room);
                truths = Arrays.copyOf(truths, room);
            }
            System.arraycopy(more.scores, 0, scores, labelled, more.labelled);
            System.arraycopy(more.truths, 0, truths, labelled, more.labelled);
            labelled += more.labelled;
            rows += more.rows;
            positives += more.positives;
        }

        double[] scores() {
            return Arrays.copyOf(scores, labelled);
        }

        boolean[] positive() {
            boolean[] positive = new boolean[labelled];
            for (int i = 0; i < labelled; i++) {
                positive[i] = truths[i] == 1;
            }
            return positive;
        }
    }

    private static DayPerformance day(Who who, LocalDate day, Answered answered, Task task) {
        Optional<Double> none = Optional.empty();
        if (task.kind() != Task.Kind.BINARY) {
            return new DayPerformance(
                    day,
                    who.version,
                    who.arm,
                    answered.rows,
                    answered.labelled,
                    0,
                    none,
                    none,
                    none,
                    none,
                    Optional.of("AUC is of binary tasks"));
        }
        double[] scores = answered.scores();
        boolean[] positive = answered.positive();
        Optional<String> missing = Optional.empty();
        Optional<Double> auc = none;
        Optional<Double> error = none;
        try {
            auc = Optional.of(Auc.of(scores, positive));
            error = Optional.of(DeLong.standardError(scores, positive));
        } catch (Problem undefined) {
            missing = Optional.of(undefined.detail());
        }
        return new DayPerformance(
                day,
                who.version,
                who.arm,
                answered.rows,
                answered.labelled,
                answered.positives,
                auc,
                error,
                probabilityLoss(() -> LogLoss.of(scores, positive)),
                probabilityLoss(() -> Brier.of(scores, positive)),
                missing);
    }

    /** A loss of probabilities does not exist for scores that are none. */
    private static Optional<Double> probabilityLoss(Supplier<Double> loss) {
        try {
            return Optional.of(loss.get());
        } catch (Problem undefined) {
            return Optional.empty();
        }
    }

    private static VersionPerformance whole(Who who, SortedMap<LocalDate, Answered> days, Task task) {
        Answered all = new Answered();
        long[] dayOfRow =
                new long[days.values().stream().mapToInt(day -> day.labelled).sum()];
        days.forEach((day, answered) -> {
            Arrays.fill(dayOfRow, all.labelled, all.labelled + answered.labelled, day.toEpochDay());
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
        return new VersionPerformance(
                who.version,
                who.arm,
                days.firstKey(),
                days.lastKey(),
                all.rows,
                all.labelled,
                all.positives,
                clusters.count(),
                interval.map(PairedDifference::difference),
                interval.map(it -> Math.max(0, it.lower(CONFIDENCE))),
                interval.map(it -> Math.min(1, it.upper(CONFIDENCE))),
                missing);
    }

    private static PairedDifference interval(Answered all, Clusters clusters, Task task) {
        if (task.kind() != Task.Kind.BINARY) {
            throw Problem.invalid("metric", "auc", "a binary task");
        }
        double[] weights = new double[all.labelled];
        Arrays.fill(weights, 1);
        Influence auc = Placements.influence(all.scores(), all.positive(), weights);
        double error = ClusterRobust.standardError(auc, weights, clusters);
        return new PairedDifference(
                auc.metric(), 0, auc.metric(), error, clusters.count() - 1.0, all.labelled, clusters.count());
    }
}
