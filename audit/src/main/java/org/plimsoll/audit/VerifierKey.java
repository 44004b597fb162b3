package org.plimsoll.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * The public half of a log's key, as C2SP's signed notes write it (c2sp.org/signed-note): the only thing that an auditor must get
 * from a place he trusts.
 *
 * <pre>
 *   plimsoll.local/3f2a…+9c41d0aa+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
 *   name                 key id   base64(0x01 || 32 bytes of Ed25519)
 *
 *   key id = first 4 bytes of SHA-256(name || 0x0A || 0x01 || public key)
 * </pre>
 */
public final class VerifierKey {

    static final byte ED25519 = 1;
    static final int KEY_BYTES = 32;

    /** What X.509 puts before the 32 bytes of an Ed25519 key (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] id;
    private final byte[] raw;
    private final PublicKey key;

    private VerifierKey(String name, byte[] raw) {
        this.name = name;
        this.raw = raw;
        this.id = idOf(name, raw);
        try {
            byte[] encoded = ByteBuffer.allocate(X509.length + raw.length)
                    .put(X509)
                    .put(raw)
                    .array();
            this.key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw Problem.invalid("vkey", name, "an Ed25519 key (" + e.getMessage() + ")");
        }
    }

    /**
     * Reads {@code name+id+key}.
     *
     * @throws Problem INVALID where it is not an Ed25519 verifier key
     */
    public static VerifierKey parse(String vkey) {
        String[] parts = vkey.strip().split("\\+", 3);
        if (parts.length != 3 || parts[0].isEmpty()) {
            throw invalid(vkey);
        }
        byte[] typed;
        try {
            typed = Base64.getDecoder().decode(parts[2]);
        } catch (IllegalArgumentException e) {
            throw invalid(vkey);
        }
        if (typed.length != 1 + KEY_BYTES || typed[0] != ED25519) {
            throw invalid(vkey);
        }
        var key = new VerifierKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
        if (!HexFormat.of().formatHex(key.id).equals(parts[1])) {
            throw Problem.invalid("vkey", vkey, "a key id that fits its name and key: a character was lost or changed");
        }
        return key;
    }

    static VerifierKey of(String name, byte[] raw) {
        return new VerifierKey(name, raw);
    }

    private static Problem invalid(String vkey) {
        return Problem.invalid("vkey", vkey, "a verifier key of Ed25519: name+8 hex digits+base64");
    }

    private static byte[] idOf(String name, byte[] raw) {
        MessageDigest sha256 = Digest.sha256();
        sha256.update(name.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) '\n');
        sha256.update(ED25519);
        return Arrays.copyOf(sha256.digest(raw), 4);
    }

    /** The log's origin. */
    public String name() {
        return name;
    }

    byte[] id() {
        return id.clone();
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(text);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    /** As it is given to auditors. */
    @Override
    public String toString() {
        byte[] typed = ByteBuffer.allocate(1 + KEY_BYTES).put(ED25519).put(raw).array();
        return name + "+" + HexFormat.of().formatHex(id) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }
}
