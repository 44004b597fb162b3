package org.plimsoll.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Verdict;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.evaluation.Evaluation.Separation;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.statistics.Auc;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluationsTest {

    private Path folder;
    private Query query;
    private Flights flights;
    private Subject champion;
    private Subject candidate;
    private int files;

    @BeforeAll
    void train(@TempDir Path temporary) {
        folder = temporary;
        query = Query.standard(folder.resolve("scratch"));
        flights = new Flights(folder, query);
        champion = flights.trained("late-1", Flights.days(0, 10, false));
        candidate = flights.trained("late-2", Flights.days(0, 30, false));
    }

    private Evaluation evaluate(Optional<Subject> against, Subject judged, Columns rows) {
        Path file = flights.file("rows-" + files++, rows);
        return new Evaluations(query, Execution.in(folder, ScoringConfig.DEFAULT))
                .evaluate(
                        new EvaluationRequest(
                                judged, against, Optional.empty(), Flights.digest(file), file, Flights.claims()),
                        folder.resolve("paired-" + files + ".parquet"));
    }

    private static Judged judged(Evaluation evaluation, Claim claim) {
        return Judged.of(claim, evaluation.measured(claim));
    }

    @Test
    void candidateBesideChampion_isMeasuredOnRowsNeitherHadSeen() {
        Columns rows = Flights.days(30, 50, false);

        Evaluation found = evaluate(Optional.of(champion), candidate, rows);

        assertThat(found.errors()).isEmpty();
        assertThat(found.rows().given()).isEqualTo(2_000);
        // the last training row is of 23:00 on day 29; what departs up to 11:00 on day 30 is within its 12 h
        long within = IntStream.range(0, 100).filter(i -> i * 24 / 100 <= 11).count();
        assertThat(found.rows().leftOut()).isEqualTo(within);
        assertThat(found.rows().judged()).isEqualTo(2_000 - within);
        assertThat(found.rows().clusters()).isEqualTo(20);
        assertThat(found.separations())
                .containsExactly(
                        new Separation(
                                "late@2", 3_000, 0, 0, within, Optional.of(Instant.parse("2001-01-30T23:00:00Z"))),
                        new Separation("late@1", 1_000, 0, 0, 0, Optional.of(Instant.parse("2001-01-10T23:00:00Z"))));
        Estimate whole = found.measured(Flights.claims().getFirst()).estimate().orElseThrow();
        assertThat(whole.candidate()).isGreaterThan(0.65);
        assertThat(found.expand(Flights.claims().get(1))).hasSize(3);
        assertThat(found.measurements()).hasSize(6);
        assertThat(found.constant()).isEmpty();
        assertThat(Json.read(found.bytes(), Evaluation.class)).isEqualTo(found);
    }

    /** What was judged is what serves: the same scorer, the same rows, the same number. */
    @Test
    void measured_equalsTheScorersAnswers() {
        Columns rows = Flights.days(31, 45, false);
        Evaluation found = evaluate(Optional.of(champion), candidate, rows);
        Estimate whole = found.measured(Flights.claims().getFirst()).estimate().orElseThrow();
        boolean[] late = new boolean[rows.rows()];
        double[] labels = Flights.TASK.labels(rows);
        Arrays.fill(late, false);
        for (int i = 0; i < late.length; i++) {
            late[i] = labels[i] == 1;
        }

        try (Scorer scorer = ModelArtifact.open(candidate.folder()).scorer()) {
            assertThat(whole.candidate()).isCloseTo(Auc.of(scorer.score(rows).primary(), late), within(1e-12));
        }
        assertThat(found.measured(Flights.claims().get(2)).estimate())
                .as("without an anchor the champion is it")
                .contains(whole);
    }

    @Test
    void pairedTable_readAgain_givesTheSameNumbers() {
        Evaluation found = evaluate(Optional.of(champion), candidate, Flights.days(31, 45, false));
        Path table = folder.resolve("paired-" + files + ".parquet");

        PairedTable read = new PairedTable(query.read(List.of(table)), found.task());

        assertThat(found.pairedTable()).contains(Flights.digest(table));
        assertThat(found.measurements())
                .allSatisfy(measurement -> assertThat(
                                read.measure(measurement.metric(), measurement.scope(), measurement.than()))
                        .isEqualTo(measurement));
    }

    @Test
    void firstRelease_isHeldAgainstTheConstantModel() {
        Evaluation found = evaluate(Optional.empty(), candidate, Flights.days(31, 45, false));

        assertThat(found.errors()).isEmpty();
        assertThat(found.isFirstRelease()).isTrue();
        double mean = Arrays.stream(Flights.TASK.labels(Flights.days(0, 30, false)))
                .average()
                .orElseThrow();
        assertThat(found.constant().getFirst()).isCloseTo(mean, within(1e-12));
        Claim better = Claim.of(Metric.parse("auc"), Scope.ALL, new Bound.Better(Reference.CHAMPION, 0));
        assertThat(judged(found, better).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judged(found, better).measured().estimate().orElseThrow().reference())
                .contains(0.5);
    }

    /** A model of noise beats nothing, whatever it says of itself. */
    @Test
    void modelOfShuffledLabels_doesNotBeatTheConstantModel() {
        Subject noise = flights.trained("noise-1", Flights.days(0, 30, true));

        Evaluation found = evaluate(Optional.empty(), noise, Flights.days(31, 45, true));

        Claim better = Claim.of(Metric.parse("auc"), Scope.ALL, new Bound.Better(Reference.CHAMPION, 0));
        assertThat(judged(found, better).verdict()).isNotEqualTo(Verdict.PASS);
    }

    @Test
    void rowsSeenInTraining_areAnError_whoseverTraining() {
        Columns seenByCandidate = Flights.days(29, 40, false);
        assertThat(evaluate(Optional.of(champion), candidate, seenByCandidate).errors())
                .anySatisfy(
                        error -> assertThat(error).isEqualTo("100 of 1100 rows were in the training rows of late@2"))
                .anySatisfy(
                        error -> assertThat(error).startsWith("100 of 1100 rows are not after the last training row"));
        // turned around: what serves had seen them
        assertThat(evaluate(Optional.of(candidate), champion, Flights.days(12, 40, false))
                        .errors())
                .anySatisfy(error -> assertThat(error).contains("rows were in the training rows of late@2"));
    }

    @Test
    void oneSharedRow_isEnough() {
        List<Integer> picked =
                new ArrayList<>(IntStream.range(200, 1_600).boxed().toList());
        picked.addFirst(99);
        Columns rows = Flights.days(29, 46, false)
                .pick(picked.stream().mapToInt(Integer::intValue).toArray());

        Evaluation found = evaluate(Optional.of(champion), candidate, rows);

        assertThat(found.errors()).contains("1 of 1401 rows were in the training rows of late@2");
        assertThat(found.measurements()).isEmpty();
        assertThat(found.pairedTable()).isEmpty();
    }

    @Test
    void lostRowNumbers_areAnError() {
        Columns rows = Flights.days(31, 45, false);
        List<String> without = new ArrayList<>(rows.schema().names());
        without.removeAll(List.of(Schema.FILE, Schema.ROW));

        assertThat(evaluate(Optional.of(champion), candidate, rows.select(without))
                        .errors())
                .anySatisfy(error -> assertThat(error).contains("lost _file and _row"));
        Subject unknown =
                new Subject("late@1", champion.artifact(), champion.folder(), Optional.empty(), Optional.empty());
        assertThat(evaluate(Optional.of(unknown), candidate, rows).unproved())
                .as("not an error: nothing is refuted, and nothing proved")
                .anySatisfy(open -> assertThat(open).contains("training rows of late@1 are not known"));
        Path lost = flights.file("lost", Flights.days(0, 10, false).select(without));
        Subject forgetful =
                new Subject("late@1", champion.artifact(), champion.folder(), champion.training(), Optional.of(lost));
        assertThat(evaluate(Optional.of(forgetful), candidate, rows).errors())
                .anySatisfy(error -> assertThat(error).contains("have lost _file and _row"));
    }

    @Test
    void otherBytesThanTheDigestSays_areAnError() {
        Subject swapped = new Subject(
                "late@1", Digest.of("other"), champion.folder(), champion.training(), champion.trainingRows());

        assertThat(evaluate(Optional.of(swapped), candidate, Flights.days(31, 45, false))
                        .errors())
                .anySatisfy(error -> assertThat(error).contains("late@1 has other bytes"));
    }

    /** Los Angeles was trained for and has no row here: it is not judged well, it is not judged. */
    @Test
    void segmentThatVanished_isMeasuredAsMissing() {
        Columns rows = Flights.days(31, 50, false);
        int origin = rows.index("origin");
        Columns without = rows.pick(IntStream.range(0, rows.rows())
                .filter(row -> !rows.text(origin, row).equals(Optional.of("LAX")))
                .toArray());

        Evaluation found = evaluate(Optional.of(champion), candidate, without);

        Claim claim = Flights.claims().get(1).over(Scope.of("origin", "LAX"));
        assertThat(found.expand(Flights.claims().get(1))).contains(claim);
        assertThat(judged(found, claim).verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void nothingLeftToJudge_isAnError() {
        Columns morning = Flights.days(30, 31, false).slice(0, 40);

        assertThat(evaluate(Optional.of(champion), candidate, morning).errors()).contains("no row is left to judge on");
    }
}
