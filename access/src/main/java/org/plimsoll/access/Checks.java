package org.plimsoll.access;

import java.util.regex.Pattern;
import org.plimsoll.core.Problem;

/** What logins and names of people must look like. */
final class Checks {

    private static final Pattern LOGIN = Pattern.compile("[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?");

    private Checks() {}

    static void login(String login) {
        if (!LOGIN.matcher(login).matches()) {
            throw Problem.invalid(
                    "login", login, "1 to 64 lower-case letters, digits, '.', '_', '-', '+' or '@', such as ana");
        }
    }

    static void personName(String name) {
        if (name.isBlank() || name.length() > 120 || name.chars().anyMatch(Character::isISOControl)) {
            throw Problem.invalid("name", name, "1 to 120 characters on one line");
        }
    }
}
