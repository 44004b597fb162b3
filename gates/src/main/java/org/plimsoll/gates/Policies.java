package org.plimsoll.gates;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;
import org.plimsoll.gates.GatesOperations.GetPolicy;
import org.plimsoll.gates.GatesOperations.ListPolicies;
import org.plimsoll.gates.GatesOperations.PublishPolicy;
import org.plimsoll.registry.Tier;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Keeps policies, and finds the one that judges. A published version never changes.
 *
 * <p>Six policies come with Plimsoll: T1 to T4 for production, and one each for staging and development. They apply where no
 * published policy does; publishing one under its name replaces it.
 */
public final class Policies {

    private static final Map<PolicyName, PolicyVersion> SHIPPED = Stream.of(
                    "t1", "t2", "t3", "t4", "staging", "development")
            .map(Policies::read)
            .collect(Collectors.toUnmodifiableMap(PolicyVersion::name, version -> version));

    /** Policies in force, by name. */
    public record PolicyListing(List<PolicyVersion> policies) {}

    /** CHANGE {@code policy.publish}: the next version of the policy that the text names. */
    public PolicyVersion publish(Transaction tx, PublishPolicy request) {
        Policy policy = Policy.read(request.text(), request.file().orElse("policy.yaml"));
        long version = latest(tx, policy.policy()).map(PolicyVersion::version).orElse(0L) + 1;
        PolicyVersion published = new PolicyVersion(
                policy.policy(),
                version,
                Digest.of(request.text()),
                request.text(),
                Optional.of(tx.actor().principal()),
                Optional.of(tx.instant()));
        tx.sql()
                .createUpdate("""
                        INSERT INTO policy (name, version, digest, text, published_by, published_at)
                        VALUES (:name, :version, :digest, :text, :by, :at)
                        """)
                .bind("name", published.name())
                .bind("version", version)
                .bind("digest", published.digest())
                .bind("text", published.text())
                .bind("by", tx.actor().principal())
                .bind("at", tx.now())
                .execute();
        Resources.add(tx, Resource.policy(published.name()), Resource.ORGANISATION);
        tx.append(
                "policy.published",
                "policy/" + published.name(),
                Map.of(
                        "version",
                        version,
                        "digest",
                        published.digest(),
                        "applies_to",
                        policy.appliesTo().toString()));
        return published;
    }

    /** READ {@code policy.get}: a version of a policy, the one in force where none is named. */
    public PolicyVersion get(Reading db, GetPolicy request) {
        return (request.version().isPresent()
                        ? version(db, request.policy(), request.version().get())
                        : latest(db, request.policy()).or(() -> shipped(request.policy())))
                .orElseThrow(() -> Problem.notFound(
                        "policy",
                        request.policy()
                                + request.version().map(number -> "@" + number).orElse("")));
    }

    /** READ {@code policy.list}. */
    public PolicyListing list(Reading db, ListPolicies request) {
        return new PolicyListing(inForce(db));
    }

    /**
     * The one policy for decisions of this kind.
     *
     * @throws Problem REFUSED where none applies, or more than one
     */
    public PolicyVersion matching(Reading db, ModelName model, Tier tier, EnvironmentName environment) {
        List<PolicyVersion> applying = inForce(db).stream()
                .filter(version -> version.policy().appliesTo().matches(model, tier, environment))
                .toList();
        List<PolicyVersion> published =
                applying.stream().filter(version -> version.version() > 0).toList();
        List<PolicyVersion> chosen = published.isEmpty() ? applying : published;
        if (chosen.size() != 1) {
            String which = chosen.isEmpty()
                    ? "no policy applies"
                    : chosen.size() + " policies apply ("
                            + chosen.stream().map(PolicyVersion::toString).collect(Collectors.joining(", ")) + ")";
            throw Problem.refused(which + " to " + model + " of tier " + tier + " in " + environment
                    + "; exactly one must. Change applies_to of "
                    + (chosen.isEmpty() ? "one" : "all but one") + ", and publish it");
        }
        return chosen.getFirst();
    }

    /** The latest published version of each name, and what comes with Plimsoll where its name was never published. */
    List<PolicyVersion> inForce(Reading db) {
        Map<PolicyName, PolicyVersion> byName = new TreeMap<>(SHIPPED);
        db.sql().createQuery("""
                        SELECT policy.name, policy.version, digest, text, published_by, published_at
                        FROM policy
                        JOIN (SELECT name, MAX(version) AS version FROM policy GROUP BY name) AS newest
                        ON policy.name = newest.name AND policy.version = newest.version
                        """).mapTo(PolicyVersion.class).forEach(version -> byName.put(version.name(), version));
        List<PolicyVersion> all = new ArrayList<>(byName.values());
        all.sort(Comparator.comparing(PolicyVersion::name));
        return all;
    }

    private static Optional<PolicyVersion> latest(Reading db, PolicyName name) {
        return db.sql()
                .createQuery("""
                        SELECT name, version, digest, text, published_by, published_at FROM policy
                        WHERE name = :name ORDER BY version DESC LIMIT 1
                        """)
                .bind("name", name)
                .mapTo(PolicyVersion.class)
                .findOne();
    }

    private static Optional<PolicyVersion> version(Reading db, PolicyName name, long number) {
        if (number == 0) {
            return shipped(name);
        }
        return db.sql()
                .createQuery("""
                        SELECT name, version, digest, text, published_by, published_at FROM policy
                        WHERE name = :name AND version = :version
                        """)
                .bind("name", name)
                .bind("version", number)
                .mapTo(PolicyVersion.class)
                .findOne();
    }

    /** A policy as it comes with Plimsoll. */
    public static Optional<PolicyVersion> shipped(PolicyName name) {
        return Optional.ofNullable(SHIPPED.get(name));
    }

    private static PolicyVersion read(String name) {
        try (InputStream file = Optional.ofNullable(Policies.class.getResourceAsStream(name + ".yaml"))
                .orElseThrow(() -> new IllegalStateException(name + ".yaml is missing from the build"))) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new PolicyVersion(
                    new PolicyName(name), 0, Digest.of(text), text, Optional.empty(), Optional.<Instant>empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
