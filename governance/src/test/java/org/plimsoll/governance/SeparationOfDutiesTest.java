package org.plimsoll.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plimsoll.gates.Approvals.Part;
import org.plimsoll.registry.Tier;

class SeparationOfDutiesTest {

    @ParameterizedTest
    @CsvSource({
        "T1,AUTHOR,true", "T1,TRAINER,true", "T1,REGISTRANT,true", "T1,CARD_AUTHOR,true", "T1,DATA_PREPARER,true",
        "T1,POLICY_EDITOR,true", "T2,AUTHOR,true", "T2,TRAINER,true", "T2,REGISTRANT,true", "T2,CARD_AUTHOR,true",
        "T2,DATA_PREPARER,true", "T2,POLICY_EDITOR,true", "T3,AUTHOR,true", "T3,TRAINER,true", "T3,REGISTRANT,true",
        "T3,CARD_AUTHOR,true", "T3,DATA_PREPARER,false", "T3,POLICY_EDITOR,false", "T4,AUTHOR,false",
                "T4,TRAINER,false",
        "T4,REGISTRANT,false", "T4,CARD_AUTHOR,false", "T4,DATA_PREPARER,false", "T4,POLICY_EDITOR,false",
    })
    void person_whoDidThis_isExcludedAsTheTierSays(Tier tier, Part part, boolean isExcluded) {
        var facts = List.of(new Involvement("ana", part, "run 1"), new Involvement("eve", Part.AUTHOR, "run 1"));
        assertThat(SeparationOfDuties.against("ana", tier, Set.of(), facts))
                .isEqualTo(isExcluded ? List.of(facts.getFirst()) : List.of());
        assertThat(SeparationOfDuties.against("ben", tier, Set.of(), facts)).isEmpty();
    }

    @Test
    void policy_excludingMore_addsToTheTier() {
        var facts = List.of(new Involvement("mira", Part.POLICY_EDITOR, "late@2"));
        assertThat(SeparationOfDuties.against("mira", Tier.T3, Set.of(Part.POLICY_EDITOR), facts))
                .isEqualTo(facts);
        assertThat(SeparationOfDuties.against("mira", Tier.T3, Set.of(Part.TRAINER), facts))
                .isEmpty();
    }

    @Test
    void approval_ofOwnWork_isASelfApproval() {
        var facts = List.of(new Involvement("ana", Part.DATA_PREPARER, "snapshot"));
        assertThat(SeparationOfDuties.isSelfApproval("ana", facts)).isTrue();
        assertThat(SeparationOfDuties.isSelfApproval("ben", facts)).isFalse();
        assertThat(SeparationOfDuties.isSelfApproval("ben", List.of())).isFalse();
    }

    /** More facts never let anybody in: claims can add excluded people, never remove. */
    @Test
    void facts_added_onlyExcludeMore() {
        long seed = 20_261_123;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<String> people = List.of("ana", "ben", "mira", "eve");
        for (int round = 0; round < 500; round++) {
            List<Involvement> some = Stream.generate(() -> new Involvement(
                            people.get(random.nextInt(people.size())),
                            Part.values()[random.nextInt(Part.values().length)],
                            "fact"))
                    .limit(random.nextInt(6))
                    .toList();
            List<Involvement> more = Stream.concat(
                            some.stream(),
                            Stream.of(new Involvement(people.get(random.nextInt(4)), Part.AUTHOR, "more")))
                    .toList();
            for (Tier tier : Tier.values()) {
                for (String person : people) {
                    assertThat(SeparationOfDuties.against(person, tier, Set.of(), more))
                            .as("seed %d round %d %s %s", seed, round, tier, person)
                            .containsAll(SeparationOfDuties.against(person, tier, Set.of(), some));
                    for (Tier lighter : Tier.values()) {
                        if (tier.isGraverThan(lighter)) {
                            assertThat(SeparationOfDuties.against(person, tier, Set.of(), some))
                                    .as("seed %d round %d %s and %s", seed, round, tier, lighter)
                                    .containsAll(SeparationOfDuties.against(person, lighter, Set.of(), some));
                        }
                    }
                }
            }
        }
    }
}
