package org.plimsoll.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.plimsoll.core.Problem;

/** Failures of disks, said to people. */
final class Storage {

    private Storage() {}

    /** @param what was to be done, such as "restore the folder to x" */
    static Problem problem(String what, IOException cause) {
        String reason = String.valueOf(cause.getMessage());
        if (reason.toLowerCase(Locale.ROOT).contains("no space left") || reason.contains("Disk quota exceeded")) {
            return Problem.of(Problem.Kind.STORAGE_FULL, "could not " + what + ": the disk is full");
        }
        return switch (cause) {
            case NoSuchFileException missing -> Problem.notFound("file", missing.getFile());
            case AccessDeniedException denied ->
                Problem.of(Problem.Kind.INVALID, "could not " + what + ": no permission for " + denied.getFile());
            case FileSystemException named ->
                Problem.internal("could not " + what + ": " + named.getFile() + ": " + named.getReason(), cause);
            default -> Problem.internal("could not " + what + ": " + reason, cause);
        };
    }
}
