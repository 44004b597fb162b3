package org.plimsoll.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/** Signs documents with Ed25519 (RFC 8032) and opens only what was signed with the same key. */
public final class Seal {

    private static final String ALGORITHM = "Ed25519";

    private final KeyPair keys;

    public Seal(KeyPair keys) {
        this.keys = keys;
    }

    /**
     * The seal whose key lies in {@code keys/serving}, made where there is none yet.
     *
     * <pre>
     *  keys/serving   two lines of Base64: private key (PKCS #8), public key (X.509); readable by its owner only
     * </pre>
     *
     * @throws Problem REFUSED where the file is no such key
     */
    public static Seal loadOrCreate(Path keys) {
        Path file = keys.resolve("serving");
        try {
            if (!Files.exists(file)) {
                create(keys, file);
            }
            List<String> lines = Files.readAllLines(file);
            Base64.Decoder base64 = Base64.getDecoder();
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            return new Seal(new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(base64.decode(lines.get(1)))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(lines.get(0))))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Problem.refused(file + " is not the key that serving made; restore it from a backup");
        }
    }

    private static void create(Path keys, Path file) throws IOException, GeneralSecurityException {
        KeyPair fresh = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        Base64.Encoder base64 = Base64.getEncoder();
        String text = base64.encodeToString(fresh.getPrivate().getEncoded()) + "\n"
                + base64.encodeToString(fresh.getPublic().getEncoded()) + "\n";
        Files.createDirectories(keys);
        Path made = Files.createTempFile(keys, "serving", ".new"); // readable by its owner only
        try (FileChannel out = FileChannel.open(made, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Who can check what this seal has signed. */
    public PublicKey publicKey() {
        return keys.getPublic();
    }

    /** The document as canonical JSON, signed under its type. */
    Signed sign(String type, Object document) {
        byte[] body = CanonicalJson.bytes(document);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(prefix(type));
            signature.update(body);
            Base64.Encoder base64 = Base64.getEncoder();
            return new Signed(type, base64.encodeToString(body), base64.encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw Problem.internal("cannot sign a " + type, e);
        }
    }

    /**
     * The document, if it was signed with this key under this type and not touched since.
     *
     * @param where what people should look at when it was not: a file, a row
     */
    <T> T open(Signed signed, String type, Class<T> as, String where) {
        if (!signed.type().equals(type) || !verifies(signed)) {
            throw Problem.refused(
                    where + " was changed after it was signed, or was signed by another key; it is not used");
        }
        try {
            return Json.read(Base64.getDecoder().decode(signed.body()), as);
        } catch (JacksonException e) {
            throw Problem.refused(where + " is signed, but not a " + type + " this version of Plimsoll can read");
        }
    }

    private boolean verifies(Signed signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(keys.getPublic());
            signature.update(prefix(signed.type()));
            signature.update(Base64.getDecoder().decode(signed.body()));
            return signature.verify(Base64.getDecoder().decode(signed.signature()));
        } catch (GeneralSecurityException | IllegalArgumentException e) { // a malformed signature or Base64
            return false;
        }
    }

    private static byte[] prefix(String type) {
        return ("plimsoll/" + type + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
