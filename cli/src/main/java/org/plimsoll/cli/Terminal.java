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
        if (!isWatched()) {
            throw Problem.of(
                    Problem.Kind.INVALID, "nobody is at the keyboard; send the password with --password-stdin");
        }
        return Optional.ofNullable(System.console().readPassword("%s", prompt))
                .map(String::new)
                .orElseThrow(() -> Problem.of(Problem.Kind.INVALID, "no password was given"));
    }

    /** A line. */
    static String ask(String prompt, String otherwise) {
        if (!isWatched()) {
            throw Problem.of(
                    Problem.Kind.INVALID, "nobody is at the keyboard to answer `" + prompt.strip() + "`; " + otherwise);
        }
        return Optional.ofNullable(System.console().readLine("%s", prompt)).orElse("");
    }
}
