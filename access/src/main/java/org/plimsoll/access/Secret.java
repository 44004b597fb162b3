package org.plimsoll.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import org.plimsoll.core.Digest;

/**
 * The secret half of a credential: shown once, kept only as its SHA-256.
 *
 * <pre>
 *   plm_ 3Zr8…(43 base-62 digits: 32 random bytes) 5FkQ2x (6: CRC-32 of all before)
 * </pre>
 *
 * The prefix lets scanners find one that leaked; the checksum tells a mistyped one from a revoked one without a look-up.
 */
final class Secret {

    private static final String PREFIX = "plm_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECK_DIGITS = 6;
    private static final int LENGTH = PREFIX.length() + RANDOM_DIGITS + CHECK_DIGITS;

    private Secret() {}

    /** A new secret from 32 bytes of this source. */
    static String next(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        String body = PREFIX + digits(new BigInteger(1, bytes), RANDOM_DIGITS);
        return body + check(body);
    }

    /** Whether this has the form of a secret; says nothing of whether it opens anything. */
    static boolean isWellFormed(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.endsWith(check(text.substring(0, LENGTH - CHECK_DIGITS)));
    }

    /** What is kept of it. 256 random bits need no slow hash. */
    static String kept(String secret) {
        return Digest.of(secret).hex();
    }

    private static String check(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return digits(BigInteger.valueOf(crc.getValue()), CHECK_DIGITS);
    }

    private static String digits(BigInteger number, int count) {
        var text = new StringBuilder();
        for (BigInteger rest = number; text.length() < count; rest = rest.divide(BASE)) {
            text.append(DIGITS.charAt(rest.mod(BASE).intValue()));
        }
        return text.reverse().toString();
    }
}
