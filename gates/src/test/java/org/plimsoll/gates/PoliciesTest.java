package org.plimsoll.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.evaluation.Scope;
import org.plimsoll.gates.GatesOperations.GetGateReport;
import org.plimsoll.gates.GatesOperations.GetPolicy;
import org.plimsoll.gates.GatesOperations.ListGateReports;
import org.plimsoll.gates.GatesOperations.PublishPolicy;
import org.plimsoll.registry.Tier;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.Events;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.MovableClock;

@EachDatabase
class PoliciesTest {

    private static final Actor MIRA = new Actor("mira", Actor.Proof.SESSION, Set.of());
    private static final ModelName LATE = new ModelName("late");
    private static final EnvironmentName PRODUCTION = new EnvironmentName("production");

    @Parameter
    Databases databases;

    @TempDir
    Path folder;

    @AutoClose
    Database database;

    private final Policies policies = new Policies();

    @BeforeEach
    void open() {
        database = databases.fresh(new MovableClock());
    }

    private PolicyVersion publish(String text) {
        return database.write(MIRA, tx -> policies.publish(tx, new PublishPolicy(text, Optional.empty())))
                .value();
    }

    private PolicyVersion matching(Tier tier, String environment) {
        return database.read(db -> policies.matching(db, LATE, tier, new EnvironmentName(environment)));
    }

    @Test
    void shippedPolicies_applyWhereNothingIsPublished() {
        for (Tier tier : Tier.values()) {
            assertThat(matching(tier, "production").name().value()).isEqualToIgnoringCase(tier.name());
            assertThat(matching(tier, "staging").name().value()).isEqualTo("staging");
            assertThat(matching(tier, "development").name().value()).isEqualTo("development");
        }
        assertThat(matching(Tier.T3, "production").publishedBy()).isEmpty();
        assertThatThrownBy(() -> matching(Tier.T3, "elsewhere"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no policy applies");
    }

    @Test
    void publishedPolicy_isTheNextVersion_withItsEditorAndItsEvent() {
        String text = PolicyTest.shipped("t3");

        PolicyVersion first = publish(text);
        PolicyVersion second = publish(text + "# later\n");

        assertThat(first.version()).isEqualTo(1);
        assertThat(first.publishedBy()).contains("mira");
        assertThat(first.digest()).isEqualTo(Digest.of(text));
        assertThat(matching(Tier.T3, "production")).isEqualTo(second);
        PolicyName t3 = new PolicyName("t3");
        assertThat(database.<PolicyVersion>read(db -> policies.get(db, new GetPolicy(t3, Optional.of(1L)))))
                .isEqualTo(first);
        assertThat(database.<PolicyVersion>read(db -> policies.get(db, new GetPolicy(t3, Optional.of(0L))))
                        .text())
                .isEqualTo(text);
        assertThatThrownBy(() -> database.read(db -> policies.get(db, new GetPolicy(t3, Optional.of(9L)))))
                .isInstanceOf(Problem.class);
        assertThat(database.<List<String>>read(db -> Events.about(db, "policy/t3", 10).stream()
                        .map(event -> event.type() + " by " + event.actor())
                        .toList()))
                .containsExactly("policy.published by mira", "policy.published by mira");
    }

    @Test
    void ownPolicy_takesTheShippedOnesPlace_andTwoAreRefused() {
        String own = PolicyTest.shipped("t3")
                .replace("policy: t3", "policy: late-rules")
                .replace("applies_to: {tiers: [T3]", "applies_to: {models: [late], tiers: [T3]");
        publish(own);

        assertThat(matching(Tier.T3, "production").name().value()).isEqualTo("late-rules");
        assertThat(database.<PolicyVersion>read(
                                db -> policies.matching(db, new ModelName("other"), Tier.T3, PRODUCTION))
                        .name()
                        .value())
                .isEqualTo("t3");
        publish(PolicyTest.shipped("t3"));
        assertThatThrownBy(() -> matching(Tier.T3, "production"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("2 policies apply (late-rules@1, t3@1)");
    }

    @Test
    void nonsense_isRefused_andNothingIsKept() {
        assertThatThrownBy(() -> publish("policy: mine\n")).isInstanceOf(Problem.class);
        assertThat(database.<Long>read(db -> db.sql()
                        .createQuery("SELECT COUNT(*) FROM policy")
                        .mapTo(Long.class)
                        .one()))
                .isZero();
    }

    @Test
    void report_recorded_isFoundAgain_andCountsAsAnAttempt() {
        GateReports reports = new GateReports(new FileBlobStore(folder));
        PolicyVersion policy = Policies.shipped(new PolicyName("t3")).orElseThrow();
        Optional<String> champion = Optional.of("late@1");
        GateReport report = Gates.judge(
                policy,
                GatesTest.about(champion),
                new Facts(Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty(), 1),
                Optional.of(GatesTest.evaluation(champion, List.of(), GatesTest.measured(Scope.ALL, 0.1, 0.01))));
        Digest rows = Digest.of("rows");
        assertThat(database.<Long>read(db -> GateReports.attempts(db, rows, LATE)))
                .isZero();

        Digest kept = reports.keep(report);
        database.write(MIRA, tx -> {
            reports.record(tx, report);
            reports.record(tx, report);
            return kept;
        });

        assertThat(kept).isEqualTo(report.digest());
        assertThat(database.<GateReport>read(db -> reports.get(db, report.digest())))
                .isEqualTo(report);
        assertThat(database.<GateReport>read(
                        db -> reports.get(db, new GetGateReport(report.digest().brief()))))
                .isEqualTo(report);
        assertThat(database.<Long>read(db -> GateReports.attempts(db, rows, LATE)))
                .isEqualTo(1);
        assertThat(database.<Long>read(db -> GateReports.attempts(db, rows, new ModelName("other"))))
                .isZero();
        assertThat(database.<GateReports.GateReportListing>read(db -> reports.list(db, new ListGateReports(LATE)))
                        .reports())
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.version()).isEqualTo(VersionId.parse("late@2"));
                    assertThat(line.endpoint()).isEqualTo(new EndpointName("late"));
                    assertThat(line.champion()).contains(VersionId.parse("late@1"));
                    assertThat(line.madeBy()).isEqualTo("mira");
                });
        assertThat(database.<Integer>read(
                        db -> Events.about(db, "version/late@2", 10).size()))
                .isEqualTo(1);
        assertThatThrownBy(() -> database.read(db -> reports.get(db, Digest.of("another"))))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> database.read(db -> reports.get(db, new GetGateReport("00000000"))))
                .isInstanceOf(Problem.class);
    }
}
