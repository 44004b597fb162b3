package org.plimsoll.governance;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Principals;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Snapshots;
import org.plimsoll.gates.Approvals.Part;
import org.plimsoll.gates.GatesOperations.GetPolicy;
import org.plimsoll.gates.Policies;
import org.plimsoll.gates.PolicyVersion;
import org.plimsoll.registry.Version;
import org.plimsoll.registry.Versions;
import org.plimsoll.store.Reading;
import org.plimsoll.tracking.Edge;
import org.plimsoll.tracking.Lineage;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Runs;

/**
 * Who had which part in a version and in the policy that judges it, read from the server's own records: lineage edges, runs,
 * snapshots, cards, policy versions. What a client adds to these can only add people.
 */
final class Involvements {

    /** For so long after changing a policy nobody approves under it, where the tier minds. */
    static final Duration POLICY_MEMORY = Duration.ofDays(30);

    private Involvements() {}

    static List<Involvement> of(
            Reading db, Versions versions, Policies policies, Version version, PolicyVersion policy) {
        Found found = new Found(db);
        parts(db, versions, version, found, new HashSet<>());
        editors(db, policies, policy, found);
        return List.copyOf(found.involvements);
    }

    /** Whoever had a part in the version that this one was retrained from has it in this one too: the pipeline and card are theirs. */
    private static void parts(Reading db, Versions versions, Version version, Found found, Set<VersionId> seen) {
        if (!seen.add(version.id())) {
            return;
        }
        version.run()
                .map(run -> Runs.find(db, run).tags().get(Runs.RETRAINED_FROM))
                .ifPresent(from -> parts(db, versions, versions.get(db, VersionId.parse(from)), found, seen));
        version.run()
                .map(run -> Runs.find(db, run))
                .ifPresent(run -> found.add(run.startedBy(), Part.TRAINER, "run " + run.id()));
        lineage(db, version.artifact(), found);
        found.add(version.registeredBy(), Part.REGISTRANT, "version " + version.id());
        versions.cardAuthors(db, version.id())
                .forEach(who -> found.add(who, Part.CARD_AUTHOR, "card of " + version.id()));
    }

    /** Whoever had the artifact made trained it; what a person wrote counts as theirs; all before it is data. */
    private static void lineage(Reading db, Digest artifact, Found found) {
        for (Edge edge : Lineage.upstream(db, artifact)) {
            String because = "step " + edge.step() + " of run " + edge.run();
            if (edge.target().equals(artifact)) {
                found.add(edge.person(), Part.TRAINER, because);
            } else {
                found.add(edge.person(), Part.DATA_PREPARER, because);
            }
            if (edge.input().equals(Port.CODE)) {
                found.add(edge.person(), Part.AUTHOR, because);
            }
            Snapshots.adders(db, edge.source())
                    .forEach(who -> found.add(
                            who, Part.DATA_PREPARER, "snapshot " + edge.source().brief()));
        }
    }

    /** Whoever published the policy that judges, and whoever published any version of it lately. */
    private static void editors(Reading db, Policies policies, PolicyVersion judging, Found found) {
        editor(judging, found);
        long number = policies.get(db, new GetPolicy(judging.name(), Optional.empty()))
                .version();
        while (number > 0) {
            PolicyVersion version = policies.get(db, new GetPolicy(judging.name(), Optional.of(number)));
            Instant forgotten = Instant.ofEpochMilli(db.now()).minus(POLICY_MEMORY);
            if (version.publishedAt().filter(forgotten::isBefore).isEmpty()) {
                return;
            }
            editor(version, found);
            number--;
        }
    }

    private static void editor(PolicyVersion version, Found found) {
        version.publishedBy().ifPresent(who -> found.add(who, Part.POLICY_EDITOR, "policy " + version));
    }

    private static final class Found {
        private final Reading db;
        private final Set<Involvement> involvements = new LinkedHashSet<>();

        Found(Reading db) {
            this.db = db;
        }

        void add(String principal, Part part, String because) {
            if (!principal.equals(Actor.SYSTEM.principal())) {
                involvements.add(new Involvement(Principals.person(db, principal), part, because));
            }
        }
    }
}
