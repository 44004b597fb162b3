package org.plimsoll.predictions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.Outcomes.Key;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog.Detail;
import org.plimsoll.predictions.PredictionLog.Received;
import org.plimsoll.statistics.PairedLosses;
import org.plimsoll.store.Reading;

/**
 * The log beside what came true. Everything here is computed from the two each time, so it can be recomputed by anyone who has
 * them; nothing is counted as it comes.
 */
public final class JoinedLog {

    /** Rows that are joined together: one question to the database for their outcomes. */
    private static final int TOGETHER = 50_000;

    private final PredictionLog log;

    public JoinedLog(PredictionLog log) {
        this.log = log;
    }

    /** Hands over each batch that is wanted with the outcomes of its rows, in the order of writing. */
    void scan(
            Reading db,
            EndpointName endpoint,
            Received received,
            Detail detail,
            Predicate<PredictionBatch> wanted,
            BiConsumer<PredictionBatch, KnownOutcomes> sink) {
        var waiting = new Waiting(db, endpoint, sink);
        log.scan(endpoint, received, detail, batch -> {
            if (wanted.test(batch)) {
                waiting.add(batch);
            }
        });
        waiting.join();
    }

    /** The same between two places of the log. */
    public void scan(
            Reading db,
            EndpointName endpoint,
            Place from,
            Place until,
            Detail detail,
            BiConsumer<PredictionBatch, KnownOutcomes> sink) {
        var waiting = new Waiting(db, endpoint, sink);
        log.scan(endpoint, from, until, detail, (_, batch) -> waiting.add(batch));
        waiting.join();
    }

    /** Batches that wait for their outcomes. */
    private static final class Waiting {
        private final Reading db;
        private final EndpointName endpoint;
        private final BiConsumer<PredictionBatch, KnownOutcomes> sink;
        private final List<PredictionBatch> batches = new ArrayList<>();
        private int rows;

        Waiting(Reading db, EndpointName endpoint, BiConsumer<PredictionBatch, KnownOutcomes> sink) {
            this.db = db;
            this.endpoint = endpoint;
            this.sink = sink;
        }

        void add(PredictionBatch batch) {
            batches.add(batch);
            rows += batch.rows();
            if (rows >= TOGETHER) {
                join();
            }
        }

        void join() {
            if (batches.isEmpty()) {
                return;
            }
            TreeSet<String> ids =
                    batches.stream().map(PredictionBatch::id).collect(Collectors.toCollection(TreeSet::new));
            KnownOutcomes known = Outcomes.of(db, endpoint, ids, rows);
            batches.forEach(batch -> sink.accept(batch, known));
            batches.clear();
            rows = 0;
        }
    }

    /** Where a row stands. */
    private enum Standing {
        WAITING,
        WITHOUT_OUTCOME,
        UNREADABLE,
        KNOWN
    }

    private static Standing standing(
            long eventTime, Maturity maturity, Optional<Outcome> outcome, OptionalDouble loss) {
        if (!maturity.has(eventTime)) {
            return Standing.WAITING;
        }
        if (outcome.isEmpty()) {
            return Standing.WITHOUT_OUTCOME;
        }
        return loss.isEmpty() ? Standing.UNREADABLE : Standing.KNOWN;
    }

    /**
     * What happened in both arms under each routing table that answered in this time, in the order of their first answer.
     *
     * <p>An entity's adverse events count once in all, under the table and arm of its first: bursts of one customer would
     * otherwise break the guarantee of the count process. Rows without an entity count each for itself.
     */
    public List<ArmCounts> counts(Reading db, EndpointName endpoint, Received received, Maturity maturity, Loss loss) {
        Map<Digest, Tally> tallies = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        scan(db, endpoint, received, Detail.SCORES, _ -> true, (batch, known) -> {
            for (Part part : batch.parts()) {
                if (part.arm() != Arm.SHADOW) {
                    Tally tally = tallies.computeIfAbsent(batch.table(), Tally::new);
                    for (int i = 0; i < part.rows().length; i++) {
                        tally.add(batch, part, i, known.of(batch, part.rows()[i]), maturity, loss, seen);
                    }
                }
            }
        });
        return tallies.values().stream().map(Tally::counts).toList();
    }

    /** The counts of one table while they grow. */
    private static final class Tally {
        private final Digest table;
        private final long[] rows = new long[2];
        private final long[] events = new long[2];
        private final double[] losses = new double[2];
        private long waiting;
        private long withoutOutcome;
        private long unreadable;

        Tally(Digest table) {
            this.table = table;
        }

        void add(
                PredictionBatch batch,
                Part part,
                int i,
                Optional<Outcome> outcome,
                Maturity maturity,
                Loss loss,
                Set<String> seen) {
            int row = part.rows()[i];
            OptionalDouble lost = outcome.map(it -> loss.of(part.scores(), i * part.width(), part.width(), it.label()))
                    .orElse(OptionalDouble.empty());
            switch (standing(batch.eventTimes()[row], maturity, outcome, lost)) {
                case WAITING -> waiting++;
                case WITHOUT_OUTCOME -> withoutOutcome++;
                case UNREADABLE -> unreadable++;
                case KNOWN -> {
                    int arm = part.arm() == Arm.CANARY ? 1 : 0;
                    rows[arm]++;
                    losses[arm] += lost.getAsDouble();
                    String entity = batch.entities()[row];
                    if (lost.getAsDouble() > 0 && (entity.isEmpty() || seen.add(entity))) {
                        events[arm]++;
                    }
                }
            }
        }

        ArmCounts counts() {
            return new ArmCounts(
                    table,
                    rows[0],
                    events[0],
                    losses[0],
                    rows[1],
                    events[1],
                    losses[1],
                    waiting,
                    withoutOutcome,
                    unreadable);
        }
    }

    /** A shadow beside the champion, on the rows both answered in this time. */
    public ShadowCounts pairs(
            Reading db,
            EndpointName endpoint,
            VersionId champion,
            VersionId shadow,
            Received received,
            Maturity maturity,
            Loss loss) {
        Pairs pairs = new Pairs(champion, shadow, maturity, loss);
        scan(db, endpoint, received, Detail.SCORES, _ -> true, pairs::add);
        return pairs.counts();
    }

    /** Rows of which one answer is there and the other not yet; a shadow's comes later, and now and then before. */
    private static final class Pairs {
        private final VersionId champion;
        private final VersionId shadow;
        private final Maturity maturity;
        private final Loss loss;
        private final Map<Key, double[]> ofChampion = new HashMap<>();
        private final Map<Key, double[]> ofShadow = new HashMap<>();
        private PairedLosses losses = PairedLosses.NONE;
        private long waiting;
        private long withoutOutcome;
        private long unreadable;

        Pairs(VersionId champion, VersionId shadow, Maturity maturity, Loss loss) {
            this.champion = champion;
            this.shadow = shadow;
            this.maturity = maturity;
            this.loss = loss;
        }

        void add(PredictionBatch batch, KnownOutcomes known) {
            for (Part part : batch.parts()) {
                boolean isShadow =
                        part.arm() == Arm.SHADOW && part.layout().version().equals(shadow);
                boolean isChampion =
                        part.arm() == Arm.CHAMPION && part.layout().version().equals(champion);
                if (isShadow || isChampion) {
                    for (int i = 0; i < part.rows().length; i++) {
                        Key key = new Key(batch.id(), part.rows()[i]);
                        Optional<double[]> other = Optional.ofNullable((isShadow ? ofChampion : ofShadow).remove(key));
                        if (other.isEmpty()) {
                            (isShadow ? ofShadow : ofChampion).put(key, part.answer(i));
                        } else {
                            double[] own = part.answer(i);
                            pair(
                                    batch.eventTimes()[part.rows()[i]],
                                    known.of(batch, part.rows()[i]),
                                    isShadow ? own : other.get(),
                                    isShadow ? other.get() : own);
                        }
                    }
                }
            }
        }

        private void pair(long eventTime, Optional<Outcome> outcome, double[] shadowAnswer, double[] championAnswer) {
            OptionalDouble shadowLoss = outcome.map(it -> loss.of(shadowAnswer, 0, shadowAnswer.length, it.label()))
                    .orElse(OptionalDouble.empty());
            switch (standing(eventTime, maturity, outcome, shadowLoss)) {
                case WAITING -> waiting++;
                case WITHOUT_OUTCOME -> withoutOutcome++;
                case UNREADABLE -> unreadable++;
                case KNOWN -> {
                    String label = outcome.orElseThrow().label();
                    double championLoss = loss.of(championAnswer, 0, championAnswer.length, label)
                            .orElseThrow();
                    losses = losses.add(shadowLoss.getAsDouble() > 0, championLoss > 0);
                }
            }
        }

        ShadowCounts counts() {
            return new ShadowCounts(losses, waiting, withoutOutcome, unreadable);
        }
    }
}
