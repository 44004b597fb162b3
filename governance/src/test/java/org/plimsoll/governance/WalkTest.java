package org.plimsoll.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Role;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Verdict;
import org.plimsoll.gates.GateReport;
import org.plimsoll.gates.GatesOperations.GetGateReport;
import org.plimsoll.governance.GovernanceOperations.ApprovalGiven;
import org.plimsoll.governance.GovernanceOperations.ApproveCandidate;
import org.plimsoll.governance.GovernanceOperations.CandidateView;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.governance.GovernanceOperations.PromoteVersion;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.registry.RegistryOperations.ChangeCard;
import org.plimsoll.registry.RegistryOperations.ShowVersion;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.VersionState;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;

/** The way of a version from its registration to the champion's place, through every door, with the shipped policies. */
@EachDatabase
class WalkTest {

    @Parameter
    Databases databases;

    @TempDir
    Path temp;

    @AutoClose
    House house;

    Operations ana;
    Operations ben;
    Version version;

    @BeforeEach
    void open() {
        house = new House(temp, databases::fresh);
        ana = house.team.signedIn(house.team.person("ana", Role.DATA_SCIENTIST, Role.ML_ENGINEER));
        ben = house.team.signedIn(house.team.person("ben", Role.VIEWER));
        house.model(ana, Tier.T3, "ben");
        house.endpoint(ana, House.STAGING, "staging");
        house.endpoint(ana, House.PRODUCTION, "production");
        Digest train = house.rows(House.JANUARY, 20, 1);
        Digest test = house.rows(House.FEBRUARY, 24, 2);
        version = house.version(ana, "x", 0.2, train, test);
    }

    @Test
    void version_goodInTierT3_becomesChampionThroughStaging() {
        promote("late-arrival-staging");
        assertThat(house.champion(House.STAGING)).contains(version.id());

        Evaluated evaluated = house.evaluate(ana, version.id(), House.PRODUCTION);
        assertThat(evaluated.verdict()).isEqualTo(Verdict.PASS);
        long number = evaluated.candidate().orElseThrow();
        GateReport report = ana.perform(new GetGateReport(evaluated.report().value()));
        assertThat(report.evaluation().orElseThrow().isFirstRelease()).isTrue();
        assertThat(report.digest()).isEqualTo(evaluated.report());

        assertThatThrownBy(() -> ana.perform(new PromoteVersion(House.PRODUCTION, version.id())))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.REFUSED))
                .hasMessageContaining("missing: approval: owner");

        CandidateView view = ben.perform(new ShowCandidate(number));
        assertThat(view.state()).isEqualTo(CandidateState.OPEN);
        assertThat(view.mayApproveAs()).containsExactly(Role.OWNER);
        assertThat(view.waitingFor()).containsExactly("owner");
        assertThat(view.candidate().contents().report()).isEqualTo(evaluated.report());
        assertThat(ana.perform(new ShowCandidate(number)).mayApproveAs()).isEmpty();

        ApprovalGiven given = ben.perform(new ApproveCandidate(
                number, view.candidate().digest(), "Segments checked with risk.", Optional.empty()));
        assertThat(given.waitingFor()).isEmpty();
        assertThat(given.approval().capacity()).isEqualTo(Role.OWNER);
        assertThat(given.approval().selfApproved()).isFalse();
        assertThat(ana.perform(new ShowVersion(House.LATE, 1)).version().state())
                .isEqualTo(VersionState.APPROVED);

        Promotion promotion = ana.perform(new PromoteVersion(House.PRODUCTION, version.id()));
        assertThat(promotion.digest()).isEqualTo(view.candidate().digest());
        house.work();
        assertThat(house.champion(House.PRODUCTION)).contains(version.id());
        assertThat(ben.perform(new ShowCandidate(number)).state()).isEqualTo(CandidateState.PROMOTED);
        assertThat(house.events())
                .containsSubsequence(
                        "version.registered",
                        "version.evaluated",
                        "candidate.approved",
                        "permit.issued",
                        "rollout.started",
                        "candidate.promoted");
    }

    @Test
    void version_neverInStaging_isNotPromotedToProduction() {
        Evaluated evaluated = house.evaluate(ana, version.id(), House.PRODUCTION);
        approve(evaluated);
        assertThatThrownBy(() -> ana.perform(new PromoteVersion(House.PRODUCTION, version.id())))
                .hasMessageContaining("staging: this artifact was never champion");
    }

    /** What the gate refuses never becomes a candidate, and the refusal says so with the way on. */
    @Test
    void version_worthless_isNoCandidate() {
        Digest train = house.rows(House.JANUARY, 20, 1);
        Digest test = house.rows(House.FEBRUARY, 24, 2);
        Version worthless = house.version(ana, "noise", 0.2, train, test);
        Evaluated evaluated = house.evaluate(ana, worthless.id(), House.PRODUCTION);
        assertThat(evaluated.verdict()).isNotEqualTo(Verdict.PASS);
        assertThat(evaluated.candidate()).isEmpty();
        assertThatThrownBy(() -> ana.perform(new PromoteVersion(House.PRODUCTION, worthless.id())))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.REFUSED))
                .hasMessageContaining("is not a candidate for endpoint late-arrival")
                .hasMessageContaining("says " + evaluated.verdict())
                .hasMessageContaining("Run: plimsoll evaluate late-arrival@2 --endpoint late-arrival");
        assertThat(house.count("denied")).isPositive();
    }

    /** Not even to staging, whose policy asks for no document: what is promised and how it is kept fresh is never left out. */
    @Test
    void version_withoutObligationsOrRetrainingPlan_isNotPromotedAnywhere() {
        String card = House.CARD.replaceAll("(?m)^(obligations|retraining):.*$", "");
        ana.perform(new ChangeCard(House.LATE, 1, version.revision(), card));
        house.evaluate(ana, version.id(), House.STAGING);

        assertThatThrownBy(() -> ana.perform(new PromoteVersion(House.STAGING, version.id())))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.REFUSED))
                .hasMessageContaining("tier T3 cannot do without retraining and obligations");
    }

    @Test
    void version_neverEvaluated_isRefusedWithTheCommand() {
        assertThatThrownBy(() -> ana.perform(new PromoteVersion(House.PRODUCTION, version.id())))
                .hasMessageContaining("missing: evaluation: there is none for this endpoint")
                .hasMessageContaining("Run: plimsoll evaluate late-arrival@1 --endpoint late-arrival");
    }

    private void promote(String endpoint) {
        var name = new org.plimsoll.core.EndpointName(endpoint);
        assertThat(house.evaluate(ana, version.id(), name).verdict()).isEqualTo(Verdict.PASS);
        ana.perform(new PromoteVersion(name, version.id()));
        house.work();
    }

    private void approve(Evaluated evaluated) {
        long number = evaluated.candidate().orElseThrow();
        Digest digest = ben.perform(new ShowCandidate(number)).candidate().digest();
        ben.perform(new ApproveCandidate(number, digest, "fine", Optional.empty()));
    }
}
