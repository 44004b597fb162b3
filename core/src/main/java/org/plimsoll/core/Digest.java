package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of some bytes: the name under which data, code, configuration, models and evidence are kept and referred to.
 *
 * <p>Written {@code sha256:} and 64 lower-case hex digits everywhere: in JSON, SQL, on the command line and on pages.
 *
 * @param value {@code sha256:<hex>}
 */
public record Digest(@JsonValue String value) implements Comparable<Digest> {

    private static final String PREFIX = "sha256:";
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    @JsonCreator
    public Digest {
        if (!FORM.matcher(value).matches()) {
            throw Problem.invalid("digest", value, "sha256: and 64 lower-case hex digits");
        }
    }

    /** The digest of these bytes. */
    public static Digest of(byte[] bytes) {
        return of(sha256().digest(bytes), 0);
    }

    /** The digest of this text's UTF-8 bytes. */
    public static Digest of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest that a finished {@link #sha256()} holds; the message digest is reset by it. */
    public static Digest of(MessageDigest finished) {
        return of(finished.digest(), 0);
    }

    /** The digest whose 32 bytes start at {@code offset}. */
    public static Digest of(byte[] hash, int offset) {
        return new Digest(PREFIX + HexFormat.of().formatHex(hash, offset, offset + 32));
    }

    /** A fresh SHA-256, for streams. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The 64 hex digits alone, as file names use them. */
    public String hex() {
        return value.substring(PREFIX.length());
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex());
    }

    /** The first eight hex digits, for people. */
    public String brief() {
        return hex().substring(0, 8);
    }

    @Override
    public int compareTo(Digest other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
