package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.serving.LocalTablesTest.posting;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.VersionId;

class RetreatTest {

    private static final VersionId ONE = VersionId.parse("late-arrival@1");
    private static final VersionId TWO = VersionId.parse("late-arrival@2");
    private static final VersionId THREE = VersionId.parse("late-arrival@3");

    private static Posting with(
            long revision, VersionId champion, Optional<VersionId> canary, List<VersionId> shadows) {
        Posting plain = posting(revision, champion.toString());
        RoutingTable table = new RoutingTable(
                plain.endpoint().name(), revision, champion, canary, canary.isPresent() ? 0.05 : 0, shadows, 1);
        return plain.with(PublishedTable.of(
                table,
                PublishedTable.Reason.CANARY,
                false,
                false,
                "ana",
                plain.published().at(),
                ""));
    }

    private static Optional<VersionId> target(Posting current, Posting... stable) {
        return Retreat.from(current, List.of(stable), _ -> true)
                .map(retreat -> retreat.next(current.table().revision() + 1).champion());
    }

    @Test
    void canary_isTakenAway_andTheChampionStays() {
        Posting current = with(12, ONE, Optional.of(TWO), List.of());
        Retreat retreat = Retreat.from(current, List.of(posting(11, "late-arrival@1")), _ -> true)
                .orElseThrow();
        assertThat(retreat.from()).isEqualTo(TWO);
        RoutingTable next = retreat.next(13);
        assertThat(next.champion()).isEqualTo(ONE);
        assertThat(next.canary()).isEmpty();
        assertThat(next.canaryShare()).isZero();
        assertThat(next.revision()).isEqualTo(13);
    }

    @Test
    void bakingChampion_givesWayToTheNewestStableOne() {
        assertThat(target(posting(5, "late-arrival@3"), posting(4, "late-arrival@2"), posting(1, "late-arrival@1")))
                .contains(TWO);
    }

    @Test
    void stableChampion_givesWayToTheStableOneBefore() {
        assertThat(target(posting(5, "late-arrival@2"), posting(5, "late-arrival@2"), posting(1, "late-arrival@1")))
                .contains(ONE);
    }

    @Test
    void shadow_isNotWhatAnswers_soTheChampionGivesWay() {
        assertThat(target(
                        with(6, TWO, Optional.empty(), List.of(THREE)),
                        posting(5, "late-arrival@2"),
                        posting(1, "late-arrival@1")))
                .contains(ONE);
    }

    @Test
    void firstChampion_hasNothingToReturnTo() {
        assertThat(target(posting(1, "late-arrival@1"), posting(1, "late-arrival@1")))
                .isEmpty();
        assertThat(target(posting(1, "late-arrival@1"))).isEmpty();
    }

    @Test
    void quarantinedVersion_isNeverReturnedTo() {
        List<Posting> stable = List.of(posting(4, "late-arrival@2"), posting(1, "late-arrival@1"));
        assertThat(Retreat.from(posting(5, "late-arrival@3"), stable, version -> !version.equals(TWO))
                        .map(Retreat::posting)
                        .map(Posting::champion))
                .contains(ONE);
        assertThat(Retreat.from(posting(5, "late-arrival@3"), stable, _ -> false))
                .isEmpty();
    }

    /** With champion @1 quarantined while @2 is canary, neither answers any more. */
    @Test
    void quarantinedChampionUnderACanary_givesWayToAnEarlierOne_notToTheCanary() {
        Posting current = with(12, TWO, Optional.of(THREE), List.of());
        assertThat(Retreat.from(
                                current,
                                List.of(posting(10, "late-arrival@3"), posting(1, "late-arrival@1")),
                                version -> !version.equals(TWO))
                        .map(Retreat::posting)
                        .map(Posting::champion))
                .contains(ONE);
    }
}
