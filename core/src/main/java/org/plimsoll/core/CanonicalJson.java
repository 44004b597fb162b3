package org.plimsoll.core;

import java.io.IOException;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.databind.JsonNode;

/**
 * JSON whose bytes depend only on its meaning (RFC 8785): sorted keys, no white space, one way to write a number. What is
 * hashed or signed is written like this, and begins with {@code v}, its format's version.
 */
public final class CanonicalJson {

    private static final long LARGEST_EXACT = 1L << 53;

    private CanonicalJson() {}

    /**
     * The canonical UTF-8 bytes of this value's JSON.
     *
     * @throws IllegalArgumentException for a whole number beyond 2^53, which RFC 8785 would silently round, and for numbers that
     *     are not finite
     */
    public static byte[] bytes(Object value) {
        JsonNode tree = Json.MAPPER.valueToTree(value);
        refuseInexact(tree);
        try {
            return new JsonCanonicalizer(Json.bytes(tree)).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalArgumentException("not canonicalisable: " + e.getMessage(), e);
        }
    }

    /** The digest of the canonical bytes. */
    public static Digest digest(Object value) {
        return Digest.of(bytes(value));
    }

    private static void refuseInexact(JsonNode node) {
        if (node.isIntegralNumber()) {
            if (!node.canConvertToLong() || node.longValue() > LARGEST_EXACT || node.longValue() < -LARGEST_EXACT) {
                throw new IllegalArgumentException(node + " is not exact as a JSON number; write it as text");
            }
        } else if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            throw new IllegalArgumentException(node + " has no place in JSON");
        }
        node.forEach(CanonicalJson::refuseInexact);
    }
}
