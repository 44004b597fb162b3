package org.plimsoll.serving;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;

/**
 * Which version answers a request: champion, canary share and shadows of one endpoint, at one moment.
 *
 * <p>Immutable and numbered. A change publishes a new table; a rollback publishes the last stable one under a new number.
 * Entities keep their arm while the canary share grows, because the bucket depends only on salt and entity.
 *
 * @param revision counts up from 1 within the endpoint
 * @param canaryShare share of entities sent to the canary, in [0, 1], in steps of one in ten thousand; 0 without a canary
 * @param shadows score what the champion answers, off the caller's path, and never answer
 * @param salt drawn anew for each rollout, so that the entities of one canary are not those of the next; in [0, 2^53)
 */
public record RoutingTable(
        EndpointName endpoint,
        long revision,
        VersionId champion,
        Optional<VersionId> canary,
        double canaryShare,
        List<VersionId> shadows,
        long salt) {

    /** Salts are whole numbers below this, which JSON carries exactly. */
    public static final long SALTS = 1L << 53;

    private static final int BUCKETS = 10_000;

    /** What the digest covers. */
    private record Document(int v, RoutingTable table) {}

    public RoutingTable {
        if (revision < 1) {
            throw Problem.invalid("revision", revision, "a whole number from 1");
        }
        if (!(canaryShare >= 0 && canaryShare <= 1)) { // also refuses NaN
            throw Problem.invalid("canary_share", canaryShare, "a number from 0 to 1");
        }
        if (canary.isEmpty() && canaryShare > 0) {
            throw Problem.invalid("canary_share", canaryShare, "0, because there is no canary");
        }
        if (salt < 0 || salt >= SALTS) {
            throw Problem.invalid("salt", salt, "a whole number from 0, less than 2^53");
        }
        shadows = List.copyOf(shadows);
        Set<VersionId> once = new HashSet<>();
        once.add(champion);
        canary.ifPresent(version -> requireNew(once, "canary", version));
        shadows.forEach(version -> requireNew(once, "shadows", version));
    }

    private static void requireNew(Set<VersionId> once, String field, VersionId version) {
        if (!version.model().equals(once.iterator().next().model())) {
            throw Problem.invalid(field, version, "a version of the champion's model");
        }
        if (!once.add(version)) {
            throw Problem.invalid(field, version, "a version that has no other part in this table");
        }
    }

    /** A table in which one version answers for everyone. */
    public static RoutingTable of(EndpointName endpoint, long revision, VersionId champion, long salt) {
        return new RoutingTable(endpoint, revision, champion, Optional.empty(), 0, List.of(), salt);
    }

    /** The version that answers for this entity. Raising the share only ever adds entities to the canary. */
    public VersionId route(String entity) {
        return isCanary(entity) ? canary.orElse(champion) : champion;
    }

    /** Whether the canary answers for this entity. */
    public boolean isCanary(String entity) {
        return canaryShare > 0 && bucket(salt, entity) < Math.round(canaryShare * BUCKETS);
    }

    /** This table under another number. */
    public RoutingTable numbered(long number) {
        return new RoutingTable(endpoint, number, champion, canary, canaryShare, shadows, salt);
    }

    /** The champion for everyone, under another number: what is left when canary and shadows are taken away. */
    public RoutingTable championOnly(long number) {
        return of(endpoint, number, champion, salt);
    }

    /** SHA-256 of {@code {"table": …, "v": 1}} as canonical JSON: what every prediction carries. */
    public Digest digest() {
        return CanonicalJson.digest(new Document(1, this));
    }

    /**
     * The entity's place among ten thousand, the same on every node and in every language: FNV-1a (64 bits) over the eight
     * bytes of the salt, least first, and the entity's UTF-8 bytes; then the finaliser of MurmurHash3; then the upper half of
     * the product with 10,000.
     */
    static int bucket(long salt, String entity) {
        long hash = 0xcbf29ce484222325L;
        for (int shift = 0; shift < 64; shift += 8) {
            hash = (hash ^ (salt >>> shift & 0xff)) * 0x100000001b3L;
        }
        for (byte b : entity.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (int) Math.unsignedMultiplyHigh(hash, BUCKETS);
    }
}
