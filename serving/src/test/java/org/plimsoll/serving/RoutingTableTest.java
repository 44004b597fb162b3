package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;

class RoutingTableTest {

    private static final EndpointName LATE = new EndpointName("late-arrival");
    private static final VersionId THREE = VersionId.parse("late-arrival@3");
    private static final VersionId FOUR = VersionId.parse("late-arrival@4");

    private static RoutingTable canary(double share, long salt) {
        return new RoutingTable(LATE, 12, THREE, Optional.of(FOUR), share, List.of(), salt);
    }

    /** From an independent Python program that follows the Javadoc of {@code bucket}. */
    @Test
    void bucket_isThatOfAnotherLanguage() {
        assertThat(RoutingTable.bucket(0, "")).isEqualTo(4836);
        assertThat(RoutingTable.bucket(0, "a")).isEqualTo(4295);
        assertThat(RoutingTable.bucket(42, "2001-02-03T04:05:06Z ORD LAX 1")).isEqualTo(6956);
        assertThat(RoutingTable.bucket((1L << 53) - 1, "Zürich")).isEqualTo(9431);
    }

    @Test
    void share_atTheEdgeOfABucket_countsWholeBuckets() {
        String entity = "a"; // bucket 4295 with salt 0
        assertThat(canary(0.4295, 0).isCanary(entity)).isFalse();
        assertThat(canary(0.4296, 0).isCanary(entity)).isTrue();
        assertThat(canary(0, 0).isCanary(entity)).isFalse();
        assertThat(canary(1, 0).isCanary(entity)).isTrue();
    }

    @Test
    void entityOfTheCanary_isAnsweredByIt_andEveryOtherByTheChampion() {
        assertThat(canary(0.4296, 0).route("a")).isEqualTo(FOUR);
        assertThat(canary(0.4295, 0).route("a")).isEqualTo(THREE);
        assertThat(canary(1, 0).championOnly(13).route("a")).isEqualTo(THREE);
    }

    /** 0.07 × 10,000 is 700.0000000000001 in binary; the canary still gets 700 buckets, not 701. */
    @Test
    void share_withABinaryRemainder_isNotABucketMore() {
        for (int percent = 1; percent <= 100; percent++) {
            double share = percent / 100.0;
            int buckets = 0;
            for (int bucket = 0; bucket < 10_000; bucket++) {
                buckets += bucket < Math.round(share * 10_000) ? 1 : 0;
            }
            assertThat(buckets).as("%s %%", percent).isEqualTo(percent * 100);
        }
    }

    @Test
    void raisingTheShare_onlyAddsEntitiesToTheCanary() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            long salt = random.nextLong(RoutingTable.SALTS);
            String entity = Long.toString(random.nextLong(), 36);
            double less = random.nextDouble();
            double more = less + (1 - less) * random.nextDouble();
            if (canary(less, salt).isCanary(entity)) {
                assertThat(canary(more, salt).isCanary(entity))
                        .as("seed %s, entity %s, %s to %s", seed, entity, less, more)
                        .isTrue();
            }
        }
    }

    @Test
    void entity_keepsItsArm_whateverTheRevision() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            String entity = "customer " + random.nextLong();
            RoutingTable table = canary(0.3, 77);
            assertThat(table.numbered(13).route(entity)).as("seed %s", seed).isEqualTo(table.route(entity));
        }
    }

    /** The share is met within four standard errors, for entities that count up as keys in a database do. */
    @Test
    void share_isMet_byEntitiesThatCountUp() {
        for (double share : new double[] {0.01, 0.05, 0.25, 0.5}) {
            for (long salt : new long[] {0, 1, 2, 12_345_678_901L}) {
                int rows = 50_000;
                int inCanary = 0;
                for (int i = 0; i < rows; i++) {
                    inCanary += canary(share, salt).isCanary(Integer.toString(i)) ? 1 : 0;
                }
                double error = Math.sqrt(share * (1 - share) / rows);
                assertThat((double) inCanary / rows).as("salt %s", salt).isCloseTo(share, within(4 * error));
            }
        }
    }

    /** Another rollout has another salt: who was in the last canary has no greater chance to be in this one. */
    @Test
    void canariesOfTwoSalts_areIndependent() {
        int rows = 40_000;
        int both = 0;
        for (int i = 0; i < rows; i++) {
            String entity = Integer.toString(i);
            both += canary(0.5, 1).isCanary(entity) && canary(0.5, 2).isCanary(entity) ? 1 : 0;
        }
        assertThat((double) both / rows).isCloseTo(0.25, within(4 * Math.sqrt(0.25 * 0.75 / rows)));
    }

    @Test
    void digest_changesWithEachField_andSurvivesJson() {
        RoutingTable table = canary(0.05, 7);
        assertThat(Json.read(Json.bytes(table), RoutingTable.class)).isEqualTo(table);
        assertThat(List.of(
                        table.numbered(13),
                        canary(0.06, 7),
                        canary(0.05, 8),
                        table.championOnly(12),
                        new RoutingTable(LATE, 12, FOUR, Optional.of(THREE), 0.05, List.of(), 7)))
                .allSatisfy(other -> assertThat(other.digest()).isNotEqualTo(table.digest()));
        assertThat(Json.read(Json.bytes(table), RoutingTable.class).digest()).isEqualTo(table.digest());
    }

    @Test
    void wrongTables_areRefused() {
        assertThatThrownBy(() -> canary(Double.NaN, 0))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> canary(1.01, 0)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> canary(-0.01, 0)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> canary(0.1, -1)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> canary(0.1, RoutingTable.SALTS)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new RoutingTable(LATE, 0, THREE, Optional.empty(), 0, List.of(), 0))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new RoutingTable(LATE, 1, THREE, Optional.empty(), 0.1, List.of(), 0))
                .hasMessageContaining("no canary");
        assertThatThrownBy(() -> new RoutingTable(LATE, 1, THREE, Optional.of(THREE), 0.1, List.of(), 0))
                .hasMessageContaining("no other part");
        assertThatThrownBy(() -> new RoutingTable(LATE, 1, THREE, Optional.empty(), 0, List.of(FOUR, FOUR), 0))
                .hasMessageContaining("no other part");
        assertThatThrownBy(() ->
                        new RoutingTable(LATE, 1, THREE, Optional.of(VersionId.parse("loans@1")), 0.1, List.of(), 0))
                .hasMessageContaining("champion's model");
    }
}
