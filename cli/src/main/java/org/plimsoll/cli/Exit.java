package org.plimsoll.cli;

import org.plimsoll.core.Problem;

/** What a command's exit code says to a script. */
final class Exit {

    static final int DONE = 0;
    static final int FAILED = 1;
    /** A rule refused: a gate, a duty, a role, a freeze. */
    static final int REFUSED = 2;

    static final int WRONG_USAGE = 64;
    static final int UNREACHABLE = 69;

    private Exit() {}

    static int of(Problem problem) {
        return switch (problem.kind()) {
            case DENIED, REFUSED -> REFUSED;
            case UNREACHABLE -> UNREACHABLE;
            case INVALID,
                    UNAUTHENTICATED,
                    NOT_FOUND,
                    NOT_ALLOWED,
                    CONFLICT,
                    FENCED,
                    TOO_LARGE,
                    INTERNAL,
                    BUSY,
                    STORAGE_FULL -> FAILED;
        };
    }
}
