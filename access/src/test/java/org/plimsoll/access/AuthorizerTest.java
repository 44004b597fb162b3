package org.plimsoll.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.plimsoll.access.Authorizer.Question;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.access.Operation.Kind;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;

class AuthorizerTest {

    private static final Resource MODEL = Resource.model("late");
    private static final Resource ENDPOINT = Resource.endpoint("late-arrival");
    private static final List<Resource> LINE = List.of(ENDPOINT, MODEL, Resource.ORGANISATION);

    /** The property that everything rests on: in iff a granted role is a wanted role, on the line, and nothing narrows it. */
    @Test
    void decision_overRandomGrants_isAllowedExactlyWhereARoleMatchesOnTheLine() {
        long seed = 20261123L;
        var random = new SplittableRandom(seed);
        List<Resource> places = List.of(ENDPOINT, MODEL, Resource.ORGANISATION, Resource.model("other"));
        for (int i = 0; i < 20_000; i++) {
            Set<Role> wanted = roles(random);
            List<Grant> grants = random.ints(random.nextInt(4), 0, Role.values().length * places.size())
                    .mapToObj(n -> grant(Role.values()[n % Role.values().length], places.get(n / Role.values().length)))
                    .toList();
            boolean isActive = random.nextInt(10) > 0;
            boolean expected = isActive
                    && grants.stream()
                            .anyMatch(it ->
                                    wanted.contains(it.role()) && !it.resource().equals(Resource.model("other")));
            Decision decision = Authorizer.decide(question(session(), isActive, wanted, grants));
            assertThat(decision.isAllowed())
                    .as("seed %d, case %d: %s in %s", seed, i, grants, wanted)
                    .isEqualTo(expected);
            assertThat(decision.reasons()).isNotEmpty();
        }
    }

    @Test
    void scope_narrowsAToken_byVerbAndName() {
        List<Grant> grants = List.of(grant(Role.SERVICE, Resource.ORGANISATION));
        assertThat(allows("infer", grants)).isTrue();
        assertThat(allows("infer:late-arrival", grants)).isTrue();
        assertThat(allows("infer:late", grants))
                .as("the model above the endpoint")
                .isTrue();
        assertThat(allows("infer:other", grants)).isFalse();
        assertThat(allows("infer:plimsoll", grants))
                .as("the organisation is not a name to scope by")
                .isFalse();
        assertThat(allows("run.*", grants)).isFalse();
        assertThat(allows("read", grants)).isFalse();
        assertThat(allows("infe", grants)).isFalse();
    }

    @Test
    void scope_ofANoun_coversItsVerbsAndNoLongerNoun() {
        assertThat(Authorizer.decide(scoped("run.*", "run.log", Kind.MEASURE)).isAllowed())
                .isTrue();
        assertThat(Authorizer.decide(scoped("run.*", "runner.log", Kind.MEASURE))
                        .isAllowed())
                .isFalse();
        assertThat(Authorizer.decide(scoped("read", "run.get", Kind.READ)).isAllowed())
                .isTrue();
        assertThat(Authorizer.decide(scoped("read", "run.log", Kind.MEASURE)).isAllowed())
                .isFalse();
    }

    @Test
    void scope_withoutARole_opensNothing() {
        assertThat(allows("infer:late-arrival", List.of())).isFalse();
    }

    @Test
    void anonymous_isRefused_whateverWasGranted() {
        List<Grant> grants = List.of(grant(Role.OWNER, Resource.ORGANISATION));
        Question asked = question(Actor.ANONYMOUS, true, Set.of(Role.OWNER), grants);
        assertThat(Authorizer.decide(asked).isAllowed()).isFalse();
    }

    private static boolean allows(String scope, List<Grant> grants) {
        var token = new Actor("p", Proof.TOKEN, Set.of(scope));
        return Authorizer.decide(new Question(
                        token, true, "infer", Kind.MEASURE, Audience.ROLES, false, Standing.INFERRERS, LINE, grants))
                .isAllowed();
    }

    private static Question scoped(String scope, String action, Kind kind) {
        var token = new Actor("p", Proof.TOKEN, Set.of(scope));
        List<Grant> grants = List.of(grant(Role.SERVICE, Resource.ORGANISATION));
        return new Question(token, true, action, kind, Audience.ROLES, false, Set.of(Role.SERVICE), LINE, grants);
    }

    private static Question question(Actor actor, boolean isActive, Set<Role> wanted, List<Grant> grants) {
        return new Question(actor, isActive, "note.write", Kind.CHANGE, Audience.ROLES, false, wanted, LINE, grants);
    }

    private static Actor session() {
        return new Actor("p", Proof.SESSION, Set.of());
    }

    private static Grant grant(Role role, Resource on) {
        return new Grant("p", role, on, Instant.EPOCH, "adm");
    }

    private static Set<Role> roles(SplittableRandom random) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (random.nextInt(4) == 0) {
                roles.add(role);
            }
        }
        return roles;
    }
}
