package org.plimsoll.cli;

import java.io.Console;
import java.util.Optional;
import org.plimsoll.core.Problem;

/** The person at the keyboard, if there is one. */
final class Terminal {

    private Terminal() {}

    /** Whether a person sees what is printed. */
    static boolean isWatched() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Asks; only yes is yes. @throws Problem where nobody can answer */
    static boolean agrees(String question) {
        return ask(question + " [y/N] ", "add --yes to go on without being asked")
                .strip()
                .toLowerCase(java.util.Locale.ROOT)
                .matches("y|yes");
    }

    /** A password that is not shown. */
    static String password(String prompt) {
        char[] given =
                console(prompt, "send the password with --password-stdin").readPassword("%s", prompt);
        if (given == null) {
            throw Problem.of(Problem.Kind.INVALID, "no password was given");
        }
        return new String(given);
    }

    /** A line. @param otherwise what to do where nobody can answer */
    static String ask(String prompt, String otherwise) {
        return Optional.ofNullable(console(prompt, otherwise).readLine("%s", prompt))
                .orElse("");
    }

    private static Console console(String prompt, String otherwise) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw Problem.of(
                    Problem.Kind.INVALID, "nobody is at the keyboard to answer `" + prompt.strip() + "`; " + otherwise);
        }
        return console;
    }
}
