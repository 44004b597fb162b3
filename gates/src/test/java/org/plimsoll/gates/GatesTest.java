package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.evaluation.Measurement;
import org.plimsoll.evaluation.Measurement.Estimate;
import org.plimsoll.evaluation.Metric;
import org.plimsoll.evaluation.Reference;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.gates.Check.Kind;
import org.plimsoll.registry.Tier;
import org.plimsoll.scoring.Task;

class GatesTest {

    private static final Metric AUC = Metric.parse("auc");
    private static final Task TASK =
            Json.read("{\"kind\":\"binary\",\"label\":\"late\",\"segments\":[\"origin\"]}", Task.class);
    private static final Digest ARTIFACT = Digest.of("candidate");
    private static final Facts FINE = new Facts(
            Instant.parse("2001-03-01T00:00:00Z"),
            Optional.of(new Facts.Golden(64, 0, true)),
            Optional.of(List.of()),
            Optional.of(1_000L),
            1);

    private static PolicyVersion policy(String rest) {
        String text = "policy: mine\napplies_to: {tiers: [T3], environments: [production]}\n" + rest.stripIndent();
        return new PolicyVersion(
                new PolicyName("mine"), 1, Digest.of(text), text, Optional.of("mira"), Optional.of(Instant.EPOCH));
    }

    private static final PolicyVersion SIMPLE =
            policy("must_hold:\n  - {metric: auc, not_worse_than: champion by 0.005}\n"
                    + "  - {metric: auc, for_each: segments, not_worse_than: champion by 0.02}\n"
                    + "first_release: {better_than_constant: [auc]}\n");

    static Decision about(Optional<String> champion) {
        return new Decision(
                VersionId.parse("late@2"),
                ARTIFACT,
                Tier.T3,
                new EndpointName("late"),
                new EnvironmentName("production"),
                champion.map(VersionId::parse));
    }

    static Measurement measured(Scope scope, double value, double error) {
        return measured(scope, value, error, 5_000, 700);
    }

    private static Measurement measured(Scope scope, double value, double error, long rows, long rarer) {
        return new Measurement(
                AUC,
                scope,
                Optional.of(Reference.CHAMPION),
                rows,
                14,
                rarer,
                Optional.of(new Estimate(0.7 + value, Optional.of(0.7), value, error, Optional.empty())),
                "DeLong",
                Optional.empty());
    }

    static Evaluation evaluation(Optional<String> champion, List<String> errors, Measurement... measurements) {
        return new Evaluation(
                1,
                new Evaluation.Model("late@2", ARTIFACT, Optional.of(Digest.of("train"))),
                champion.map(name -> new Evaluation.Model(name, Digest.of("champion"), Optional.empty())),
                Optional.empty(),
                champion.isPresent() ? List.of() : List.of(0.18),
                TASK,
                new Evaluation.Rows(Digest.of("rows"), 5_000, 0, 5_000, 14, Optional.empty(), Optional.empty()),
                List.of(),
                Optional.of(Digest.of("table")),
                List.of(measurements),
                List.of(),
                errors);
    }

    private static GateReport judge(PolicyVersion policy, Measurement... measurements) {
        Optional<String> champion = Optional.of("late@1");
        return Gates.judge(policy, about(champion), FINE, Optional.of(evaluation(champion, List.of(), measurements)));
    }

    private static Check only(GateReport report, Kind kind) {
        return report.checks().stream()
                .filter(check -> check.kind() == kind)
                .reduce((one, other) -> {
                    throw new AssertionError("more than one " + kind);
                })
                .orElseThrow();
    }

    @Test
    void everythingProved_passes() {
        GateReport report = judge(
                SIMPLE,
                measured(Scope.ALL, 0.016, 0.002),
                measured(Scope.of("origin", "DFW"), 0.01, 0.005),
                measured(Scope.of("origin", "ORD"), 0.02, 0.005));

        assertThat(report.verdict()).isEqualTo(Verdict.PASS);
        assertThat(report.promotable()).isTrue();
        assertThat(report.checks()).hasSize(4);
    }

    @Test
    void oneSegmentUnproved_isInconclusive_andNotPromotableUnlessThePolicySaysSo() {
        Measurement[] measurements = {
            measured(Scope.ALL, 0.016, 0.002),
            measured(Scope.of("origin", "DFW"), -0.01, 0.01),
            measured(Scope.of("origin", "ORD"), 0.02, 0.005)
        };
        GateReport report = judge(SIMPLE, measurements);

        assertThat(report.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(report.promotable()).isFalse();
        assertThat(report.text())
                .contains("INCONCLUSIVE: 1 of 4 checks. late@2 cannot be promoted to late.")
                .contains("In the way: auc of origin = DFW not worse than champion by 0.02.")
                .contains("needs about");
        for (String word : List.of("ask_approvers", "extend_in_shadow")) {
            PolicyVersion lenient = policy(
                    SIMPLE.text().lines().skip(2).reduce("", (a, b) -> a + b + "\n") + "inconclusive: " + word + "\n");
            assertThat(judge(lenient, measurements).promotable()).isTrue();
            assertThat(judge(lenient, measurements).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        }
    }

    @Test
    void oneSegmentHarmed_blocksWhateverTheWholeDoes() {
        PolicyVersion lenient = policy(
                SIMPLE.text().lines().skip(2).reduce("", (a, b) -> a + b + "\n") + "inconclusive: ask_approvers\n");
        GateReport report = judge(
                lenient,
                measured(Scope.ALL, 0.016, 0.002),
                measured(Scope.of("origin", "DFW"), -0.1, 0.01),
                measured(Scope.of("origin", "ORD"), 0.02, 0.005));

        assertThat(report.verdict()).isEqualTo(Verdict.HARM);
        assertThat(report.promotable()).isFalse();
        assertThat(report.text()).contains("HARM: 1 of 4 checks").contains("origin = DFW");
    }

    /**
     * Three checks, one of which alone would be harm at p = .03: Holm makes it .09, so it is doubtful and not proved. With two
     * segments fewer it is proved. p of t = −2.069 with 13 degrees of freedom is .0295 (R: pt(-2.069, 13)).
     */
    @Test
    void harmOfOneAmongMany_isCorrectedByHolm() {
        double worse = -0.02 - 2.069 * 0.01;
        GateReport many = judge(
                SIMPLE,
                measured(Scope.ALL, 0.016, 0.002),
                measured(Scope.of("origin", "DFW"), worse, 0.01),
                measured(Scope.of("origin", "ORD"), 0.02, 0.005));
        Check dallas = many.checks().stream()
                .filter(check -> check.name().contains("DFW"))
                .findFirst()
                .orElseThrow();

        assertThat(dallas.judged().orElseThrow().verdict()).isEqualTo(Verdict.HARM);
        assertThat(dallas.harmAdjusted().orElseThrow()).isBetween(0.088, 0.0889);
        assertThat(dallas.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(dallas.reason()).contains("not proved once all checks are counted");
        assertThat(many.verdict()).isEqualTo(Verdict.INCONCLUSIVE);

        PolicyVersion one =
                policy("must_hold: [{metric: auc, for_each: segments, not_worse_than: champion by 0.02}]\n");
        assertThat(judge(one, measured(Scope.of("origin", "DFW"), worse, 0.01)).verdict())
                .isEqualTo(Verdict.HARM);
    }

    /** The corrected chance may be exactly the level; one bit above it is not. */
    @Test
    void harmLevel_isReachedAtExactlyTheChance() {
        Measurement measurement = measured(Scope.ALL, -0.02, 0.01);
        double chance = judge(policy("must_hold: [{metric: auc, not_worse_than: champion by 0.005}]\n"), measurement)
                .checks()
                .getLast()
                .harmAdjusted()
                .orElseThrow();
        String rules = "must_hold: [{metric: auc, not_worse_than: champion by 0.005}]\nevidence: {harm_level: %s}\n";

        assertThat(judge(policy(rules.formatted(chance)), measurement).verdict())
                .isEqualTo(Verdict.HARM);
        assertThat(judge(policy(rules.formatted(Math.nextDown(chance))), measurement)
                        .verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        String listed =
                "must_hold: [{metric: auc, at_least: 0.1}]\nmust_not_happen: [{harm: {metric: auc, beyond: 0.005}}]\n"
                        + "evidence: {harm_level: %s}\n";
        Measurement alone = new Measurement(
                AUC,
                Scope.ALL,
                Optional.empty(),
                5_000,
                14,
                700,
                Optional.of(new Estimate(0.7, Optional.empty(), 0.7, 0.01, Optional.empty())),
                "DeLong",
                Optional.empty());
        double two = only(judge(policy(listed.formatted(0.05)), measurement, alone), Kind.HARM)
                .harmAdjusted()
                .orElseThrow();
        assertThat(two).isEqualTo(Math.min(1, 2 * chance));
        assertThat(only(judge(policy(listed.formatted(two)), measurement, alone), Kind.HARM)
                        .verdict())
                .isEqualTo(Verdict.HARM);
        assertThat(only(judge(policy(listed.formatted(Math.nextDown(two))), measurement, alone), Kind.HARM)
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    /** Where the policy leaves it open, a segment of too few rows, positives or clusters asks people; enough rows are judged. */
    @ParameterizedTest
    @CsvSource({"300, 30, 2, PASS", "299, 30, 2, INCONCLUSIVE", "300, 29, 2, INCONCLUSIVE", "300, 30, 1, INCONCLUSIVE"})
    void tooFew_areLeftOpenWhereThePolicySaysSo(long rows, long rarer, long clusters, Verdict expected) {
        String rules = "must_hold:\n  - {metric: auc, not_worse_than: champion by 0.005}\n"
                + "  - {metric: auc, for_each: segments, not_worse_than: champion by 0.02}\n%s";
        Measurement segment = new Measurement(
                AUC,
                Scope.of("origin", "DFW"),
                Optional.of(Reference.CHAMPION),
                rows,
                clusters,
                rarer,
                clusters > 1
                        ? Optional.of(new Estimate(0.75, Optional.of(0.7), 0.05, 0.0001, Optional.empty()))
                        : Optional.empty(),
                "DeLong",
                clusters > 1 ? Optional.empty() : Optional.of("one cluster has no standard error"));
        GateReport open = judge(
                policy(rules.formatted("evidence: {too_few: inconclusive}\n")),
                measured(Scope.ALL, 0.016, 0.002),
                segment);
        GateReport closed = judge(policy(rules.formatted("")), measured(Scope.ALL, 0.016, 0.002), segment);

        assertThat(open.checks().getLast().verdict()).isEqualTo(expected);
        assertThat(closed.checks().getLast().verdict())
                .isEqualTo(expected == Verdict.PASS ? Verdict.PASS : Verdict.ERROR);
    }

    @Test
    void harmThatIsOnlyListed_andNotMeasured_isAnError() {
        PolicyVersion listed = policy("must_hold: [{metric: auc, not_worse_than: champion by 0.005}]\n"
                + "must_not_happen: [{harm: {metric: auc, beyond: 0.02, in: segments}}]\n");
        GateReport report = judge(listed, measured(Scope.ALL, 0.016, 0.002));

        assertThat(only(report, Kind.HARM).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void sameClaimProvedAndForbidden_isOneCheck() {
        PolicyVersion both = policy("must_hold: [{metric: auc, not_worse_than: champion by 0.02}]\n"
                + "must_not_happen: [{harm: {metric: auc, beyond: 0.02}}]\n");
        GateReport report = judge(both, measured(Scope.ALL, 0.016, 0.002));

        assertThat(report.checks()).extracting(Check::kind).containsExactly(Kind.EVIDENCE, Kind.PROOF);
    }

    @ParameterizedTest
    @CsvSource({
        "PASS PASS,PASS",
        "PASS INCONCLUSIVE,INCONCLUSIVE",
        "INCONCLUSIVE ERROR,ERROR",
        "ERROR HARM,HARM",
        "HARM PASS,HARM"
    })
    void whole_isTheWorstOfItsParts(String parts, Verdict expected) {
        List<Measurement> measurements = new ArrayList<>();
        measurements.add(measured(Scope.ALL, 0.016, 0.002));
        int i = 0;
        for (Verdict part :
                Arrays.stream(parts.split(" ")).map(Verdict::valueOf).toList()) {
            Scope scope = Scope.of("origin", "hub " + i++);
            measurements.add(
                    switch (part) {
                        case PASS -> measured(scope, 0.02, 0.001);
                        case INCONCLUSIVE -> measured(scope, -0.02, 0.01);
                        case HARM -> measured(scope, -0.2, 0.001);
                        case ERROR -> measured(scope, 0.02, 0.001, 19, 5);
                    });
        }

        assertThat(judge(SIMPLE, measurements.toArray(Measurement[]::new)).verdict())
                .isEqualTo(expected);
    }

    @Test
    void action_decidesWhatCounts() {
        assertThat(Action.ENFORCE.counted(Verdict.HARM)).contains(Verdict.HARM);
        assertThat(Action.PAUSE.counted(Verdict.HARM)).contains(Verdict.INCONCLUSIVE);
        assertThat(Action.PAUSE.counted(Verdict.PASS)).contains(Verdict.PASS);
        assertThat(Action.OBSERVE.counted(Verdict.HARM)).isEmpty();

        String rules = "must_hold:\n  - {metric: auc, not_worse_than: champion by 0.005, action: %s}\n"
                + "  - {metric: auc, for_each: segments, not_worse_than: champion by 0.02}\n";
        Measurement[] measurements = {measured(Scope.ALL, -0.1, 0.002), measured(Scope.of("origin", "DFW"), 0.01, 0.005)
        };
        assertThat(judge(policy(rules.formatted("enforce")), measurements).verdict())
                .isEqualTo(Verdict.HARM);
        assertThat(judge(policy(rules.formatted("pause")), measurements).verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(judge(policy(rules.formatted("observe")), measurements).verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void onlyObserved_isAnError_sinceNothingWasProved() {
        PolicyVersion nothing =
                policy("must_hold: [{metric: auc, not_worse_than: champion by 0.005, action: observe}]\n");
        GateReport report = Gates.judge(nothing, about(Optional.of("late@1")), FINE, Optional.empty());

        assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void noEvaluation_orWrongOne_isAnError() {
        Optional<String> champion = Optional.of("late@1");
        Measurement[] fine = {measured(Scope.ALL, 0.016, 0.002), measured(Scope.of("origin", "DFW"), 0.01, 0.005)};
        assertThat(Gates.judge(SIMPLE, about(champion), FINE, Optional.empty()).verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(Gates.judge(
                                SIMPLE,
                                about(Optional.of("late@7")),
                                FINE,
                                Optional.of(evaluation(champion, List.of(), fine)))
                        .text())
                .contains("it is against late@1, and late@7 serves");
        assertThat(Gates.judge(
                                SIMPLE,
                                about(champion),
                                FINE,
                                Optional.of(evaluation(champion, List.of("12 of 5000 rows were in training"), fine)))
                        .verdict())
                .isEqualTo(Verdict.ERROR);
        Decision other = new Decision(
                VersionId.parse("late@2"),
                Digest.of("other bytes"),
                Tier.T3,
                new EndpointName("late"),
                new EnvironmentName("production"),
                champion.map(VersionId::parse));
        assertThat(Gates.judge(SIMPLE, other, FINE, Optional.of(evaluation(champion, List.of(), fine)))
                        .verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(judge(SIMPLE, fine).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void vanishedOrEmptySegment_isAnError() {
        Measurement gone = Measurement.missing(
                AUC, Scope.of("origin", "DEN"), Optional.of(Reference.CHAMPION), 0, 0, 0, "there are no rows");
        assertThat(judge(SIMPLE, measured(Scope.ALL, 0.016, 0.002), gone).verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(judge(SIMPLE, measured(Scope.ALL, 0.016, 0.002)).verdict()).isEqualTo(Verdict.ERROR);
    }

    @Test
    void firstRelease_mustBeatTheConstantModel() {
        Optional<String> none = Optional.empty();
        Scope dallas = Scope.of("origin", "DFW");
        assertThat(Gates.judge(
                                SIMPLE,
                                about(none),
                                FINE,
                                Optional.of(evaluation(
                                        none, List.of(), measured(Scope.ALL, 0.19, 0.01), measured(dallas, 0.2, 0.02))))
                        .verdict())
                .isEqualTo(Verdict.PASS);
        GateReport guesses = Gates.judge(
                SIMPLE,
                about(none),
                FINE,
                Optional.of(evaluation(
                        none, List.of(), measured(Scope.ALL, 0.001, 0.001), measured(dallas, 0.001, 0.002))));
        assertThat(guesses.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(guesses.promotable()).isFalse();
        assertThat(guesses.text()).contains("the constant model (0.1800; nothing serves yet), on 5,000 rows (");
        PolicyVersion strict = policy("must_hold: [{metric: auc, not_worse_than: champion by 0.005}]\n");
        assertThatThrownBy(() -> Gates.judge(
                        strict,
                        about(none),
                        FINE,
                        Optional.of(evaluation(none, List.of(), measured(Scope.ALL, 0.19, 0.01)))))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("first release");
    }

    @Test
    void suspiciousImprovement_isHarm_butNotAgainstTheConstantModel() {
        PolicyVersion wary = policy("must_hold: [{metric: auc, not_worse_than: champion by 0.005}]\n"
                + "must_not_happen: [{suspicious_improvement: {metric: auc, more_than: 0.04}}]\n"
                + "first_release: {better_than_constant: [auc]}\n");

        assertThat(judge(wary, measured(Scope.ALL, 0.2, 0.01)).verdict()).isEqualTo(Verdict.HARM);
        assertThat(judge(wary, measured(Scope.ALL, 0.03, 0.01)).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judge(wary, measured(Scope.ALL, 0.04, 0)).verdict()).isEqualTo(Verdict.PASS);
        assertThat(judge(wary, measured(Scope.ALL, Math.nextUp(0.04), 0)).verdict())
                .isEqualTo(Verdict.HARM);
        Optional<String> none = Optional.empty();
        assertThat(Gates.judge(
                                wary,
                                about(none),
                                FINE,
                                Optional.of(evaluation(none, List.of(), measured(Scope.ALL, 0.2, 0.01))))
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    private static Facts facts(
            Optional<Facts.Golden> golden, Optional<List<String>> missing, Optional<Long> bytes, long tries) {
        return new Facts(Instant.EPOCH, golden, missing, bytes, tries);
    }

    @Test
    void facts_atTheirLimits_areExact() {
        PolicyVersion plain = policy("smoke: {golden_rows: true}\ndocuments: complete\nbudgets: {model_size: 1KB}\n");
        Optional<Facts.Golden> golden = Optional.of(new Facts.Golden(1, 0, true));
        Optional<List<String>> complete = Optional.of(List.of());
        Optional<Long> kilobyte = Optional.of(1_000L);
        Decision about = about(Optional.empty());

        assertThat(Gates.judge(plain, about, facts(golden, complete, kilobyte, 1), Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(Gates.judge(plain, about, facts(golden, complete, Optional.of(1_001L), 1), Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.HARM);
        assertThat(Gates.judge(plain, about, facts(golden, complete, Optional.empty(), 1), Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(Gates.judge(plain, about, facts(Optional.empty(), complete, kilobyte, 1), Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(Gates.judge(
                                plain,
                                about,
                                facts(Optional.of(new Facts.Golden(0, 0, true)), complete, kilobyte, 1),
                                Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.ERROR);
        assertThat(Gates.judge(
                                plain,
                                about,
                                facts(Optional.of(new Facts.Golden(9, 0.1, false)), complete, kilobyte, 1),
                                Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.HARM);
        assertThat(Gates.judge(
                                plain,
                                about,
                                facts(golden, Optional.of(List.of("risks")), kilobyte, 1),
                                Optional.empty())
                        .text())
                .contains("card: ERROR, it lacks risks");
        assertThat(Gates.judge(plain, about, facts(golden, Optional.empty(), kilobyte, 1), Optional.empty())
                        .verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void rowsJudgedOnTooOften_areAnErrorFromTheFirstTimeTooMany() {
        PolicyVersion few = policy(
                "must_hold: [{metric: auc, not_worse_than: champion by 0.005}]\nevidence: {max_evaluations: 3}\n");
        Optional<String> champion = Optional.of("late@1");
        Optional<Evaluation> fine = Optional.of(evaluation(champion, List.of(), measured(Scope.ALL, 0.1, 0.001)));
        Optional<Facts.Golden> golden = Optional.empty();

        assertThat(Gates.judge(few, about(champion), facts(golden, Optional.empty(), Optional.empty(), 3), fine)
                        .verdict())
                .isEqualTo(Verdict.PASS);
        assertThat(Gates.judge(few, about(champion), facts(golden, Optional.empty(), Optional.empty(), 4), fine)
                        .verdict())
                .isEqualTo(Verdict.ERROR);
    }

    @Test
    void policyForOtherDecisions_isRefused() {
        Decision staging = new Decision(
                VersionId.parse("late@2"),
                ARTIFACT,
                Tier.T3,
                new EndpointName("late-staging"),
                new EnvironmentName("staging"),
                Optional.empty());
        assertThatThrownBy(() -> Gates.judge(SIMPLE, staging, FINE, Optional.empty()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("in production");
    }

    @Test
    void taskNobodySpeaksOf_isAnError() {
        Task regression = Task.of(Task.Kind.REGRESSION, "price");
        Optional<String> champion = Optional.of("late@1");
        Evaluation template = evaluation(champion, List.of());
        Evaluation other = new Evaluation(
                1,
                template.candidate(),
                template.champion(),
                template.anchor(),
                template.constant(),
                regression,
                template.rows(),
                List.of(),
                template.pairedTable(),
                List.of(),
                List.of(),
                List.of());

        GateReport report = Gates.judge(SIMPLE, about(champion), FINE, Optional.of(other));

        assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(report.text()).contains("no requirement of the policy speaks of regression tasks");
    }

    @Test
    void report_readBack_isTheSameAndJudgesTheSame() {
        GateReport report =
                judge(SIMPLE, measured(Scope.ALL, 0.016, 0.002), measured(Scope.of("origin", "DFW"), -0.01, 0.01));

        GateReport read = GateReport.read(report.bytes());

        assertThat(read).isEqualTo(report);
        assertThat(read.digest()).isEqualTo(report.digest());
        assertThat(GateVerification.verify(report.bytes(), Optional.empty()).holds())
                .isTrue();
    }

    @Test
    void report_whoseVerdictWasEdited_doesNotVerify() {
        GateReport report =
                judge(SIMPLE, measured(Scope.ALL, 0.016, 0.002), measured(Scope.of("origin", "DFW"), -0.01, 0.01));
        GateReport edited = new GateReport(
                1,
                report.about(),
                report.policy(),
                report.facts(),
                report.evaluation(),
                report.checks(),
                Verdict.PASS,
                true);

        assertThat(GateVerification.verify(edited.bytes(), Optional.empty()).lines())
                .anySatisfy(line ->
                        assertThat(line.detail()).isEqualTo("the evidence leads to INCONCLUSIVE, written is PASS"));
        String text = new String(report.bytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThatThrownBy(() -> GateVerification.verify(
                        text.replace("by 0.005", "by 0.505").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        Optional.empty()))
                .hasMessageContaining("digest");
        assertThat(GateVerification.verify(
                                text.replace("-0.01", "0.01").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                Optional.empty())
                        .holds())
                .isFalse();
        assertThat(GateVerification.verify(
                                (text + " ").getBytes(java.nio.charset.StandardCharsets.UTF_8), Optional.empty())
                        .holds())
                .isFalse();
    }
}
