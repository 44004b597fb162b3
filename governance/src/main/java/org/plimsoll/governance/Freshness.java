package org.plimsoll.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.Policies;
import org.plimsoll.gates.PolicyVersion;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.VersionState;
import org.plimsoll.registry.Versions;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.Quarantines;
import org.plimsoll.store.Reading;

/**
 * Whether everything is still as it was when a candidate was judged: champion, policy, tier, card, artifact. What has changed
 * makes it stale, with every approval it has; the way on is a new evaluation.
 */
public final class Freshness {

    private final Models models;
    private final Versions versions;
    private final Endpoints endpoints;
    private final Policies policies;

    public Freshness(Models models, Versions versions, Endpoints endpoints, Policies policies) {
        this.models = models;
        this.versions = versions;
        this.endpoints = endpoints;
        this.policies = policies;
    }

    /** What is no longer as it was judged, in words; empty where all is. */
    List<String> objections(Reading db, Candidate candidate) {
        CandidateContents judged = candidate.contents();
        List<String> objections = new ArrayList<>();
        Optional<VersionId> champion = endpoints.champion(db, judged.endpoint());
        if (!champion.equals(judged.champion())) {
            objections.add("champion: the report is against " + named(judged.champion()) + ", and " + named(champion)
                    + " serves now");
        }
        Version version = versions.get(db, judged.version());
        if (!version.card().equals(judged.card())) {
            objections.add("card: it was changed after the evaluation");
        }
        if (version.state() == VersionState.RETIRED) {
            objections.add("version: " + judged.version() + " is retired");
        }
        Quarantines.reason(db, judged.artifact())
                .ifPresent(reason -> objections.add("artifact: it is in quarantine: " + reason));
        Tier tier = models.get(db, judged.version().model()).tier();
        if (tier != judged.tier()) {
            objections.add("tier: the model was " + judged.tier() + " and is " + tier + " now");
        }
        policy(db, judged, tier).ifPresent(objections::add);
        return List.copyOf(objections);
    }

    private Optional<String> policy(Reading db, CandidateContents judged, Tier tier) {
        try {
            PolicyVersion now = policies.matching(db, judged.version().model(), tier, judged.environment());
            return now.digest().equals(judged.policy())
                    ? Optional.empty()
                    : Optional.of("policy: " + now + " applies now, and another one judged it");
        } catch (Problem problem) {
            return Optional.of("policy: " + problem.detail());
        }
    }

    private static String named(Optional<VersionId> champion) {
        return champion.map(VersionId::toString).orElse("nothing");
    }
}
