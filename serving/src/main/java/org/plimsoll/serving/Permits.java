package org.plimsoll.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Issues permits and keeps them; a node checks them against what it is about to load. */
public final class Permits {

    private final Seal seal;

    public Permits(Seal seal) {
        this.seal = seal;
    }

    /** Signs and keeps a permit. Only governance calls this, once every rule has been kept. */
    public Permit issue(
            Transaction tx,
            EndpointName endpoint,
            VersionId version,
            Digest artifact,
            Digest candidate,
            Duration validFor) {
        Instant now = Instant.ofEpochMilli(tx.now());
        Permit permit = new Permit(
                1,
                Ids.next(),
                endpoint,
                version,
                artifact,
                candidate,
                tx.actor().principal(),
                now,
                now.plus(validFor));
        Signed signed = seal.sign(Permit.TYPE, permit);
        tx.sql()
                .createUpdate("""
                        INSERT INTO permit (id, endpoint, version, artifact, candidate, issued_by, issued_at, expires_at,
                            body, signature)
                        VALUES (:id, :endpoint, :version, :artifact, :candidate, :issuedBy, :issuedAt, :expiresAt,
                            :body, :signature)""")
                .bindMethods(permit)
                .bind("body", signed.body())
                .bind("signature", signed.signature())
                .execute();
        tx.append("permit.issued", Endpoints.subject(endpoint), permit);
        return permit;
    }

    /** The newest permit of this version on this endpoint, as it was signed. */
    Optional<Signed> signed(Reading db, EndpointName endpoint, VersionId version) {
        return db.sql()
                .createQuery("""
                        SELECT body, signature FROM permit WHERE endpoint = :endpoint AND version = :version
                        ORDER BY id DESC LIMIT 1""")
                .bind("endpoint", endpoint)
                .bind("version", version)
                .map((row, _) -> new Signed(Permit.TYPE, row.getString("body"), row.getString("signature")))
                .findOne();
    }

    /** The permit among these that lets this version answer on this endpoint. @throws Problem REFUSED where there is none */
    Permit verify(List<Signed> permits, EndpointName endpoint, VersionId version) {
        return find(permits, endpoint, version)
                .orElseThrow(() ->
                        Problem.refused(version + " has no permit for endpoint " + endpoint + "; it is not loaded"));
    }

    /** The same, where its absence is no error. @throws Problem REFUSED where one was edited */
    Optional<Permit> find(List<Signed> permits, EndpointName endpoint, VersionId version) {
        for (Signed signed : permits) {
            Permit permit = seal.open(signed, Permit.TYPE, Permit.class, "a permit for " + endpoint);
            if (permit.v() == 1
                    && permit.endpoint().equals(endpoint)
                    && permit.version().equals(version)) {
                return Optional.of(permit);
            }
        }
        return Optional.empty();
    }
}
