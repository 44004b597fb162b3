package org.plimsoll.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.plimsoll.access.Role;
import org.plimsoll.core.Digest;
import org.plimsoll.gates.Approvals;

class QuorumTest {

    private static final Approvals TWO_VALIDATORS_AND_THE_OWNER = new Approvals(
            List.of(
                    new Approvals.Rule("validator", Optional.of(2), Set.of()),
                    new Approvals.Rule("owner", Optional.empty(), Set.of())),
            Optional.empty());

    @Test
    void quorum_ofNobody_waitsForEverybody() {
        Quorum quorum = quorum();
        assertThat(quorum.isComplete()).isFalse();
        assertThat(quorum.waitingFor()).isEqualTo(Map.of(Role.VALIDATOR, 2, Role.OWNER, 1));
        assertThat(quorum.waiting()).isEqualTo("owner, 2 × validator");
    }

    @Test
    void quorum_ofNoRules_isComplete() {
        assertThat(Quorum.of(new Approvals(List.of(), Optional.empty()), List.of(), any -> Optional.empty())
                        .isComplete())
                .isTrue();
    }

    @Test
    void quorum_oneShort_isNotComplete() {
        Quorum quorum = quorum(approval("mira", Role.VALIDATOR), approval("ben", Role.OWNER));
        assertThat(quorum.isComplete()).isFalse();
        assertThat(quorum.waiting()).isEqualTo("validator");
        assertThat(quorum(
                                approval("mira", Role.VALIDATOR),
                                approval("ben", Role.OWNER),
                                approval("paul", Role.VALIDATOR))
                        .isComplete())
                .isTrue();
    }

    /** One person in two capacities is one person. */
    @Test
    void person_speakingTwice_countsOnce() {
        Quorum quorum = quorum(
                approval("mira", Role.VALIDATOR), approval("mira", Role.OWNER), approval("paul", Role.VALIDATOR));
        assertThat(quorum.counted()).hasSize(2);
        assertThat(quorum.dropped()).containsValue("the same person approved already");
        assertThat(quorum.waiting()).isEqualTo("owner");
    }

    @Test
    void approval_inACapacityNobodyAskedFor_doesNotCount() {
        assertThat(quorum(approval("adam", Role.APPROVER)).dropped())
                .containsValue("the policy does not ask for approver");
    }

    /** An approval that does not count leaves its person free to give one that does. */
    @Test
    void approval_objectedTo_isDroppedWithItsReason() {
        Approval revoked = approval("mira", Role.VALIDATOR);
        Approval anew = approval("mira", Role.OWNER);
        Quorum quorum = Quorum.of(
                TWO_VALIDATORS_AND_THE_OWNER,
                List.of(revoked, anew),
                approval -> approval == revoked ? Optional.of("it was revoked") : Optional.empty());
        assertThat(quorum.dropped()).containsEntry(revoked.id(), "it was revoked");
        assertThat(quorum.counted()).containsExactly(anew);
    }

    private static Quorum quorum(Approval... approvals) {
        return Quorum.of(TWO_VALIDATORS_AND_THE_OWNER, List.of(approvals), any -> Optional.empty());
    }

    private static Approval approval(String person, Role capacity) {
        return new Approval(
                person + capacity,
                1,
                Digest.of("candidate"),
                person,
                person,
                capacity,
                false,
                "looked at it",
                Instant.EPOCH,
                Instant.MAX,
                Optional.empty());
    }
}
