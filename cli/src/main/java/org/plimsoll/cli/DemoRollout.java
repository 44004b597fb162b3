package org.plimsoll.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Verdict;
import org.plimsoll.serving.Rollout;
import org.plimsoll.serving.RolloutState;
import org.plimsoll.serving.ServingOperations.RolloutView;
import org.plimsoll.serving.ServingOperations.ShowRollout;
import org.plimsoll.serving.StepEvidence;

/** Follows a rollout from day to day and tells each step as it ends. */
final class DemoRollout {

    private static final long PATIENCE_MILLIS = 5_000;
    private static final long PAUSE_MILLIS = 25;

    private final Operations operations;
    private final EndpointName endpoint;
    private final DemoReport report;
    private final DemoStory story;
    private Optional<RolloutView> before = Optional.empty();

    DemoRollout(Operations operations, EndpointName endpoint, DemoReport report, DemoStory story) {
        this.operations = operations;
        this.endpoint = endpoint;
        this.report = report;
        this.story = story;
    }

    /** Waits until the server has judged the day that just ended, and tells what changed. */
    RolloutState settle(LocalDate today) throws InterruptedException {
        Instant day = today.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        RolloutView now = operations.perform(new ShowRollout(endpoint));
        while (isUnderway(now.rollout().state()) && judgedAt(now).isBefore(day) && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MILLIS);
            now = operations.perform(new ShowRollout(endpoint));
        }
        RolloutView last = before.orElse(now);
        if (last.rollout().state() != now.rollout().state()
                || last.rollout().step() != now.rollout().step()) {
            tell(last.rollout(), now);
        }
        before = Optional.of(now);
        return now.rollout().state();
    }

    private static boolean isUnderway(RolloutState state) {
        return state == RolloutState.SHADOW || state == RolloutState.CANARY;
    }

    private static Instant judgedAt(RolloutView view) {
        return view.evidence().stream()
                .map(StepEvidence::judgedAt)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    private void tell(Rollout ended, RolloutView now) {
        int number = ended.state() == RolloutState.SHADOW ? 0 : ended.step() + 1;
        Optional<StepEvidence> evidence =
                now.evidence().stream().filter(it -> it.step() == number).reduce((first, second) -> second);
        evidence.ifPresent(it -> {
            report.step(step(ended, it));
            story.say(sentence(ended, it));
        });
        String to = now.rollout().state().toString().toLowerCase(Locale.ROOT);
        String why = now.rollout().reason().map(reason -> ": " + reason).orElse("");
        story.say("Now " + to
                + String.format(
                        Locale.ROOT, ", %.0f %% of flights", 100 * now.rollout().share()) + why + ".");
    }

    private static DemoReport.Step step(Rollout ended, StepEvidence evidence) {
        long candidate = evidence.step() == 0
                ? evidence.pairs().rows()
                : evidence.strata().stream()
                        .mapToLong(StepEvidence.Stratum::candidateRows)
                        .sum();
        long champion = evidence.step() == 0
                ? evidence.pairs().rows()
                : evidence.strata().stream()
                        .mapToLong(StepEvidence.Stratum::championRows)
                        .sum();
        return new DemoReport.Step(
                ended.state().toString().toLowerCase(Locale.ROOT),
                ended.share(),
                candidate,
                champion,
                evidence.verdict(),
                evidence.judgedAt());
    }

    private static String sentence(Rollout ended, StepEvidence evidence) {
        String verdict = evidence.verdict() == Verdict.PASS
                ? "proved not worse"
                : evidence.verdict().toString();
        if (evidence.step() == 0) {
            return String.format(
                    Locale.ROOT,
                    "Shadow to %s: %,d flights scored by both; wrong only the candidate %,d, only the champion %,d: %s.",
                    evidence.judgedAt().toString().substring(0, 10),
                    evidence.pairs().rows(),
                    evidence.pairs().candidateOnly(),
                    evidence.pairs().championOnly(),
                    verdict);
        }
        StepEvidence.Stratum stratum = evidence.strata().getLast();
        return String.format(
                Locale.ROOT,
                "Canary %.0f %% to %s: wrong decisions %,d of %,d by the candidate, %,d of %,d by the champion: %s.",
                100 * ended.share(),
                evidence.judgedAt().toString().substring(0, 10),
                stratum.candidateEvents(),
                stratum.candidateRows(),
                stratum.championEvents(),
                stratum.championRows(),
                verdict);
    }
}
