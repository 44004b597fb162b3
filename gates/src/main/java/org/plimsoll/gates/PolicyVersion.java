package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.plimsoll.core.Digest;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;

/**
 * A policy as it was published: immutable text under its digest. A change is another version.
 *
 * @param version counts up from 1; 0 is the text that comes with Plimsoll
 * @param digest of the text's UTF-8 bytes
 * @param publishedBy a principal's id; empty for what comes with Plimsoll
 */
public record PolicyVersion(
        PolicyName name,
        long version,
        Digest digest,
        String text,
        Optional<String> publishedBy,
        Optional<Instant> publishedAt) {

    /** Texts never change: each is read once. There are as many as were ever published. */
    private static final Map<Digest, Policy> READ = new ConcurrentHashMap<>();

    public PolicyVersion {
        Digest found = Digest.of(text);
        if (!found.equals(digest)) {
            throw Problem.invalid("policy's digest", digest, "the digest of its text, " + found);
        }
    }

    /** The rules in the text. */
    @JsonIgnore
    public Policy policy() {
        return READ.computeIfAbsent(digest, _ -> Policy.read(text, name + ".yaml"));
    }

    /** {@code t3@2}, or {@code t3} as it comes with Plimsoll. */
    @Override
    public String toString() {
        return version == 0 ? name.value() : name + "@" + version;
    }
}
