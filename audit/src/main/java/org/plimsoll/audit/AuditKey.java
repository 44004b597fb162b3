package org.plimsoll.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Disk;

/**
 * The key that signs a log's checkpoints. Two files in {@code keys/} of the home, in the form that Go's note tools read:
 *
 * <pre>
 *   audit.key    0600   PRIVATE+KEY+name+id+base64(0x01 || 32 bytes of seed)
 *   audit.vkey          name+id+base64(0x01 || 32 bytes of public key)          to be given to auditors
 * </pre>
 */
public final class AuditKey {

    private static final String PREFIX = "PRIVATE+KEY+";

    /** What PKCS #8 puts before the 32 bytes of an Ed25519 seed (RFC 8410). */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final VerifierKey verifier;
    private final PrivateKey secret;

    private AuditKey(VerifierKey verifier, PrivateKey secret) {
        this.verifier = verifier;
        this.secret = secret;
        byte[] probe = "probe".getBytes(StandardCharsets.UTF_8);
        if (!verifier.verifies(probe, signature(probe))) {
            throw Problem.invalid("key", verifier.name(), "a private key that fits its public key");
        }
    }

    /**
     * The key in this folder; made, with a random origin below {@code plimsoll.local/}, where there is none.
     *
     * @param keys the folder {@code keys} of a home
     * @throws Problem where the key cannot be read or used
     */
    public static AuditKey loadOrCreate(Path keys) {
        Path secret = keys.resolve("audit.key");
        Path open = keys.resolve("audit.vkey");
        try {
            if (Files.exists(secret)) {
                return parse(
                        Files.readString(secret).strip(), Files.readString(open).strip());
            }
            Files.createDirectories(keys, ownerOnly("rwx------"));
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] seed = tail(pair.getPrivate().getEncoded());
            byte[] raw = tail(pair.getPublic().getEncoded());
            VerifierKey verifier =
                    VerifierKey.of("plimsoll.local/" + HexFormat.of().formatHex(raw, 0, 8), raw);
            Disk.replace(open, (verifier + "\n").getBytes(StandardCharsets.UTF_8));
            Disk.replace(secret, format(verifier, seed).getBytes(StandardCharsets.UTF_8), ownerOnly("rw-------"));
            return new AuditKey(verifier, pair.getPrivate());
        } catch (IOException e) {
            throw Problem.internal("the audit key in " + keys + " cannot be read: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static String format(VerifierKey verifier, byte[] seed) {
        byte[] typed = ByteBuffer.allocate(1 + seed.length)
                .put(VerifierKey.ED25519)
                .put(seed)
                .array();
        return PREFIX + verifier.name() + "+" + HexFormat.of().formatHex(verifier.id()) + "+"
                + Base64.getEncoder().encodeToString(typed) + "\n";
    }

    /** @throws Problem INVALID where the two do not fit each other */
    static AuditKey parse(String privateKey, String vkey) {
        VerifierKey verifier = VerifierKey.parse(vkey);
        String prefix = PREFIX + verifier.name() + "+" + HexFormat.of().formatHex(verifier.id()) + "+";
        if (!privateKey.startsWith(prefix)) {
            throw Problem.invalid(
                    "key", verifier.name(), "the private key of the same name and id as the verifier key");
        }
        try {
            byte[] typed = Base64.getDecoder().decode(privateKey.substring(prefix.length()));
            if (typed.length != 1 + VerifierKey.KEY_BYTES || typed[0] != VerifierKey.ED25519) {
                throw Problem.invalid("key", verifier.name(), "an Ed25519 private key");
            }
            byte[] encoded = ByteBuffer.allocate(PKCS8.length + VerifierKey.KEY_BYTES)
                    .put(PKCS8)
                    .put(typed, 1, VerifierKey.KEY_BYTES)
                    .array();
            return new AuditKey(
                    verifier, KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw Problem.invalid("key", verifier.name(), "an Ed25519 private key in base64");
        }
    }

    private static byte[] tail(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - VerifierKey.KEY_BYTES, encoded.length);
    }

    /** The public half. */
    public VerifierKey verifier() {
        return verifier;
    }

    /** The text with its signature, as a note. */
    SignedNote sign(String text) {
        byte[] signature = signature(text.getBytes(StandardCharsets.UTF_8));
        return new SignedNote(text, List.of(new SignedNote.Line(verifier.name(), verifier.id(), signature)));
    }

    private byte[] signature(byte[] text) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(secret);
            ed25519.update(text);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 does not sign", e);
        }
    }

    /** Tells nothing secret. */
    @Override
    public String toString() {
        return verifier.toString();
    }
}
