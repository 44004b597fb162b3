package org.plimsoll.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.plimsoll.access.Operations;
import org.plimsoll.api.HttpBlobStore;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.core.Problem;
import org.plimsoll.server.Rooms;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.FileBlobStore;

/**
 * A command that asks a server: one elsewhere ({@code --server}), the one that serves this home, or the one it starts in itself
 * where none does. What it started is drained when the command ends.
 */
abstract class RemoteCommand extends LocalCommand {

    private @Nullable Home home;
    private @Nullable Operations operations;

    @Override
    public final Integer call() throws Exception {
        try {
            return run();
        } finally {
            if (home != null) {
                home.close();
            }
        }
    }

    /** Whether this command may create a home where there is none: {@code up}, {@code init}, {@code run}, {@code data add}. */
    boolean createsHome() {
        return false;
    }

    /** Where a home is created. */
    Path newHome() {
        return Path.of(Home.FOLDER);
    }

    /** The one way in, as whoever is signed in. Keeps trying, with the same keys, when a server goes away meanwhile. */
    Operations operations() {
        Operations known = operations;
        if (known == null) {
            Optional<URI> elsewhere = elsewhere();
            known = elsewhere.isPresent()
                    ? new HttpOperations(elsewhere.get(), KeptSession.tokenFor(elsewhere.get()), Rooms.CATALOGUE)
                    : home().operations();
            operations = known;
        }
        return known;
    }

    /** The blobs: the home's own files where the home is here, else those of the server. */
    BlobStore blobs() {
        if (elsewhere().isEmpty()) {
            return new FileBlobStore(home().path().resolve("blobs"));
        }
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "plimsoll", "blobs");
        return new HttpBlobStore(operations(), cache);
    }

    /** The server elsewhere, if that is what was asked for. */
    Optional<URI> elsewhere() {
        if (options.home.isPresent()) {
            return Optional.empty();
        }
        return options.server.or(() -> Home.setting("PLIMSOLL_SERVER").map(URI::create));
    }

    /** The home this command works in. @throws Problem where there is none, and this command creates none */
    Home home() {
        Home known = home;
        if (known == null) {
            known = new Home(homePath());
            home = known;
        }
        return known;
    }

    private Path homePath() {
        Optional<Path> named =
                options.home.or(() -> Home.setting("PLIMSOLL_HOME").map(Path::of));
        Optional<Path> found = named.or(() -> Home.nearest(Path.of("").toAbsolutePath()));
        if (createsHome()) {
            return Home.create(found.orElseGet(this::newHome));
        }
        if (found.isEmpty()) {
            throw Problem.of(
                    Problem.Kind.NOT_FOUND,
                    "there is no home (" + Home.FOLDER + ") here or above; create one with `plimsoll up`, "
                            + "or say --home DIR or --server URL");
        }
        if (!Files.isDirectory(found.get())) {
            throw Problem.of(Problem.Kind.NOT_FOUND, "there is no home at " + found.get());
        }
        return found.get().toAbsolutePath().normalize();
    }
}
