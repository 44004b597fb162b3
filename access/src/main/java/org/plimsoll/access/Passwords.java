package org.plimsoll.access;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.plimsoll.core.Problem;

/**
 * Hashes and checks passwords with Argon2id (RFC 9106; 19 MiB, two passes, one lane: OWASP's first choice). Few at a time, since
 * each takes memory and tens of milliseconds of a core: knocking costs the knocker, not the house.
 */
final class Passwords {

    private static final int AT_ONCE = 2;
    private static final int SHORTEST = 12;
    private static final int LONGEST = 256;
    /** Long enough, and yet among the first that are tried. */
    private static final Set<String> WELL_KNOWN = Set.of(
            "123456789012",
            "1234567890123",
            "12345678901234",
            "123456789012345",
            "1234567890123456",
            "111111111111",
            "000000000000",
            "password1234",
            "password12345",
            "passwordpassword",
            "administrator",
            "qwertyuiop12",
            "qwertyuiop123",
            "qwerty123456",
            "1q2w3e4r5t6y",
            "iloveyou1234",
            "letmeinletmein",
            "adminadminadmin",
            "welcome12345",
            "changeme1234",
            "correcthorsebatterystaple",
            "plimsollplimsoll");

    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    /** What is kept of this password. @throws Problem when it is too weak */
    String hash(String password, String login) {
        mustBeStrong(password, login);
        return inTurn(() -> Password.hash(password)
                .addRandomSalt(16)
                .with(Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID))
                .getResult());
    }

    /** Whether this is the password that was hashed. Takes as long for a wrong one as for the right one. */
    boolean isRight(String password, String hash) {
        if (password.length() > LONGEST) {
            return false;
        }
        return inTurn(() -> Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash)));
    }

    private static void mustBeStrong(String password, String login) {
        int length = password.codePointCount(0, password.length());
        if (length < SHORTEST || length > LONGEST) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the password has " + length + " characters; expected " + SHORTEST + " to " + LONGEST);
        }
        String lower = password.toLowerCase(Locale.ROOT);
        boolean isOneLetter = password.chars().distinct().count() < 4;
        if (WELL_KNOWN.contains(lower)
                || isOneLetter
                || lower.replace(login, "").length() < 8) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "this password is among the first that are tried; a few unrelated words are better");
        }
    }

    private <T> T inTurn(java.util.function.Supplier<T> work) {
        boolean entered = false;
        try {
            entered = turns.tryAcquire(5, TimeUnit.SECONDS);
            if (!entered) {
                throw Problem.of(Problem.Kind.BUSY, "too many are signing in at this moment; try again");
            }
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while waiting to sign in");
        } finally {
            if (entered) {
                turns.release();
            }
        }
    }
}
