package org.plimsoll.monitoring;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Profile;
import org.plimsoll.data.Profile.ColumnProfile;
import org.plimsoll.data.Profile.Numbers;
import org.plimsoll.data.ProfileTally;
import org.plimsoll.monitoring.ApprovedVersion.Reference;
import org.plimsoll.monitoring.ColumnNull.Season;
import org.plimsoll.monitoring.WatchedColumn.Evidence;
import org.plimsoll.monitoring.WatchedColumn.Part;
import org.plimsoll.scoring.TrainingProfile;
import org.plimsoll.statistics.BinnedSample;
import org.plimsoll.statistics.DriftDetector;
import org.plimsoll.statistics.EDetector;
import org.plimsoll.statistics.JensenShannon;
import org.plimsoll.statistics.Psi;
import org.plimsoll.statistics.WindowNull;

/**
 * Judges the columns of one window beside the version's reference, and carries the evidence from window to window.
 *
 * <p>Each column has a {@link DriftDetector}: its evidence M is an e-process that restarts by itself. Over the K columns together an
 * alarm is e-Benjamini–Hochberg: the k columns with the most evidence alarm where the k-th has {@code M ≥ K·L/k}. While nothing changes,
 * the mean number of windows to a false alarm of any column is then at least {@value #AVERAGE_RUN_LENGTH}, which the bounds shown
 * include [1]. Evidence beyond a million times that is cut off, so that a column calms down when it is as before.
 *
 * <p>[1] A. Dandapanthula, A. Ramdas, "Multiple testing in multi-stream sequential change detection", arXiv:2501.04130, 2025.
 *
 * @param evidence by column, so far
 */
record DriftWatch(Map<String, State> evidence) {

    /** Windows between two false alarms of an endpoint, at least, over all of its columns. */
    static final double AVERAGE_RUN_LENGTH = 1_000;

    /** The name of what was answered; of a model with a value for each class: {@code score.0}, {@code score.1}, … */
    static final String SCORE = "score";

    static final DriftWatch START = new DriftWatch(Map.of());

    /** What a column's note says when it holds nothing any more. */
    static final String GONE = "every value is missing";

    /** What a column's note says when it says nothing any more. */
    static final String CONSTANT = "it is constant";

    private static final double CUT = Math.log(1e6);
    private static final long LEAST_CONSTANT = 30;

    /**
     * The evidence about one column.
     *
     * @param recent by season, shares of its earlier windows, the newest weighing most
     * @param logM natural logarithm of the evidence; empty before the first window
     * @param windows windows it comes from
     */
    record State(Map<String, List<Double>> recent, Optional<Double> logM, long windows) {

        private static final State NOTHING = new State(Map.of(), Optional.empty(), 0);

        State {
            recent = new TreeMap<>(recent);
        }
    }

    /** What became of a window: its columns, and the evidence after it. */
    record Seen(List<WatchedColumn> columns, DriftWatch after) {}

    DriftWatch {
        evidence = new TreeMap<>(evidence);
    }

    /** Looks at the counts of the window of one day. */
    Seen look(Reference reference, LocalDate day, Profile window, Part part) {
        List<WatchedColumn> columns = new ArrayList<>();
        Map<String, State> after = new LinkedHashMap<>(evidence);
        for (ColumnProfile before : reference.profile().whole().columns()) {
            ColumnProfile now = window.column(before.name()).orElseThrow();
            Optional<Evidence> found = Optional.empty();
            Optional<Map.Entry<String, Season>> season =
                    Optional.ofNullable(reference.nulls().get(before.name())).flatMap(it -> it.on(day));
            if (season.isPresent() && window.rows() > 0) {
                State state = next(before.name(), season.get(), TrainingProfile.coarse(before, now));
                after.put(before.name(), state);
                found = Optional.of(new Evidence(
                        state.logM().orElse(0.0) / Math.log(10),
                        Math.log10(AVERAGE_RUN_LENGTH),
                        AVERAGE_RUN_LENGTH,
                        state.windows(),
                        season.get().getValue().warning()));
            }
            columns.add(column(before, now, reference, season, window.rows(), part, found));
        }
        return new Seen(columns, new DriftWatch(after));
    }

    /** One more window: the evidence goes on over all seasons, each compared with its like. */
    private State next(String column, Map.Entry<String, Season> season, long[] counts) {
        State before = evidence.getOrDefault(column, State.NOTHING);
        WindowNull usual = season.getValue().windows();
        List<Double> recent = before.recent().getOrDefault(season.getKey(), List.of());
        DriftDetector after = new DriftDetector(
                        usual,
                        recent.size() == counts.length
                                ? recent.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .toArray()
                                : usual.shares().clone(),
                        new EDetector(
                                AVERAGE_RUN_LENGTH, before.logM().orElse(Double.NEGATIVE_INFINITY), before.windows()))
                .next(counts);
        Map<String, List<Double>> bySeason = new TreeMap<>(before.recent());
        bySeason.put(season.getKey(), Arrays.stream(after.recent()).boxed().toList());
        double logM = Math.min(after.detector().logM(), Math.log(AVERAGE_RUN_LENGTH) + CUT);
        return new State(
                bySeason,
                Optional.of(logM).filter(Double::isFinite),
                after.detector().windows());
    }

    /** The bound of each column when these are judged together: what it must reach for an alarm; ln M above it alarms. */
    static List<WatchedColumn> bounded(List<WatchedColumn> columns) {
        List<WatchedColumn> watched =
                columns.stream().filter(it -> it.evidence().isPresent()).toList();
        List<Double> ordered = watched.stream()
                .map(it -> it.evidence().orElseThrow().log10())
                .sorted(Comparator.reverseOrder())
                .toList();
        int together = 0;
        for (int k = 1; k <= ordered.size(); k++) {
            if (ordered.get(k - 1) >= bound(watched.size(), k)) {
                together = k;
            }
        }
        double bound = bound(Math.max(1, watched.size()), Math.max(1, together));
        return columns.stream().map(it -> it.withBound(bound)).toList();
    }

    /** log10(K·L/k). */
    private static double bound(int columns, int k) {
        return Math.log10(columns * AVERAGE_RUN_LENGTH / k);
    }

    private static WatchedColumn column(
            ColumnProfile before,
            ColumnProfile now,
            Reference reference,
            Optional<Map.Entry<String, Season>> season,
            long rows,
            Part part,
            Optional<Evidence> evidence) {
        long known = reference.profile().whole().rows();
        long[] expected =
                season.map(it -> it.getValue().counts()).orElseGet(() -> TrainingProfile.coarse(before, before));
        long[] found = TrainingProfile.coarse(before, now);
        boolean isAlike = !followsWeekday(reference, before.name());
        boolean isComparable = rows > 0 && known > 0 && (isAlike || season.isPresent());
        Optional<BinnedSample> first = ProfileTally.binned(before).filter(it -> isAlike && it.present() > 0);
        Optional<BinnedSample> second = ProfileTally.binned(now).filter(it -> it.present() > 0);
        double scale = scale(before);
        return new WatchedColumn(
                before.name(),
                part,
                rows,
                share(now.missing(), rows),
                share(before.missing(), known),
                share(now.otherWords().orElse(0L), rows) * (before.otherWords().orElse(0L) > 0 ? 0 : 1),
                share(
                        now.numbers()
                                .flatMap(Numbers::bins)
                                .map(Profile.Bins::outside)
                                .orElse(0L),
                        rows),
                share(now.infinite(), rows),
                isComparable ? Optional.of(Psi.of(expected, found)) : Optional.empty(),
                isComparable ? Optional.of(JensenShannon.distance(expected, found)) : Optional.empty(),
                first.flatMap(f -> second.map(f::kolmogorovSmirnov)),
                scale > 0 ? first.flatMap(f -> second.flatMap(s -> wasserstein(f, s, scale))) : Optional.empty(),
                now.numbers().map(Numbers::mean),
                before.numbers().map(Numbers::mean),
                evidence,
                note(before, now, reference, season, rows));
    }

    private static Optional<Double> wasserstein(BinnedSample first, BinnedSample second, double scale) {
        try {
            return Optional.of(first.wasserstein(second) / scale);
        } catch (Problem tooFar) {
            return Optional.empty();
        }
    }

    private static double share(long some, long all) {
        return all == 0 ? 0 : some / (double) all;
    }

    /** Interquartile range over 1.349: of a normal distribution the standard deviation, whatever the outliers. */
    private static double scale(ColumnProfile before) {
        return before.numbers()
                .filter(numbers -> numbers.quantiles().size() == 21)
                .map(numbers ->
                        (numbers.quantiles().get(15) - numbers.quantiles().get(5)) / 1.349)
                .orElse(0.0);
    }

    private static Optional<String> note(
            ColumnProfile before,
            ColumnProfile now,
            Reference reference,
            Optional<Map.Entry<String, Season>> season,
            long rows) {
        boolean hadValues = before.numbers().isPresent() || !before.words().isEmpty();
        if (!hadValues) {
            return Optional.of("training had no values of it");
        }
        if (rows > 0 && now.missing() == rows) {
            return Optional.of(GONE);
        }
        if (rows >= LEAST_CONSTANT
                && isConstant(now)
                && !wasEverConstant(reference.profile().wobble(before.name()).values())) {
            return Optional.of(CONSTANT);
        }
        if (now.infinite() > 0) {
            return Optional.of("%,d values are no finite numbers".formatted(now.infinite()));
        }
        return season.isEmpty() && followsWeekday(reference, before.name())
                ? Optional.of(ColumnNull.TOO_FEW_WEEKS)
                : Optional.empty();
    }

    private static boolean followsWeekday(Reference reference, String column) {
        return Optional.ofNullable(reference.nulls().get(column))
                .filter(ColumnNull::followsWeekday)
                .isPresent();
    }

    private static boolean isConstant(ColumnProfile column) {
        return column.type().isText()
                ? column.distinct() == 1 && column.otherWords().orElse(0L) == 0
                : column.numbers()
                        .flatMap(Numbers::bins)
                        .filter(bins -> bins.least() == bins.greatest())
                        .isPresent();
    }

    /** The weekday is the same for all rows of any day: that is no news. */
    private static boolean wasEverConstant(Collection<long[]> stretches) {
        return stretches.stream()
                .anyMatch(counts ->
                        Arrays.stream(counts).filter(count -> count > 0).count() <= 1);
    }
}
