package org.plimsoll.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/**
 * What this node serves, signed on its own disk, so that it boots and rolls back with no database.
 *
 * <pre>
 *   serving/late-arrival/current    what is served: a signed {@link Posting}
 *   serving/late-arrival/stable     the newest stable table
 *   serving/late-arrival/previous   the newest stable table with another champion than that one
 *   serving/unrecorded/&lt;id&gt;         a signed {@link UrgentAct} that the database does not know yet
 *   serving/quarantined             the digests of artifacts that must not be loaded, signed
 * </pre>
 *
 * Each file is {@code {"type": …, "body": Base64, "signature": Base64}}, written beside its place, forced to the disk, moved over
 * the old one in one step, and the folder forced. A kill at any moment leaves the old file or the new one. Files of one endpoint
 * are written under its lock.
 */
public final class LocalTables {

    /** Which of an endpoint's files. */
    enum Slot {
        CURRENT("current"),
        STABLE("stable"),
        PREVIOUS("previous");

        private final String file;

        Slot(String file) {
            this.file = file;
        }
    }

    private static final String UNRECORDED = "unrecorded";
    private static final String QUARANTINED = "quarantined";
    private static final String FRESH = ".new";

    private record Quarantined(int v, Set<Digest> artifacts) {}

    private final Path folder;
    private final Seal seal;

    /** Tables kept in this folder, which is made where it is missing. */
    public LocalTables(Path folder, Seal seal) {
        this.folder = folder;
        this.seal = seal;
        try {
            Files.createDirectories(folder.resolve(UNRECORDED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The endpoints that have a table here. */
    public List<EndpointName> endpoints() {
        List<EndpointName> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : entries) {
                if (Files.exists(entry.resolve(Slot.CURRENT.file))) {
                    names.add(new EndpointName(entry.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    /** What lies in this slot. @throws Problem REFUSED where the file was edited */
    Optional<Posting> read(EndpointName endpoint, Slot slot) {
        return load(folder.resolve(endpoint.value()).resolve(slot.file), Posting.TYPE, Posting.class);
    }

    /** Durably keeps a posting in its slot. */
    void write(Slot slot, Posting posting) {
        Path place = folder.resolve(posting.endpoint().name().value());
        keep(place, slot.file, seal.sign(Posting.TYPE, posting));
    }

    /** Empties a slot. */
    void clear(EndpointName endpoint, Slot slot) {
        remove(folder.resolve(endpoint.value()), slot.file);
    }

    /** Keeps an act before it takes effect. */
    void remember(UrgentAct act) {
        keep(folder.resolve(UNRECORDED), act.id(), seal.sign(UrgentAct.TYPE, act));
    }

    /** What was done and is not in the database yet, oldest first. */
    public List<UrgentAct> unrecorded() {
        List<UrgentAct> acts = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(UNRECORDED))) {
            for (Path file : files) {
                if (!file.getFileName().toString().endsWith(FRESH)) {
                    load(file, UrgentAct.TYPE, UrgentAct.class).ifPresent(acts::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acts.sort(Comparator.comparing(UrgentAct::id)); // ids sort by time
        return acts;
    }

    /** The database has it. */
    void recorded(UrgentAct act) {
        remove(folder.resolve(UNRECORDED), act.id());
    }

    /** The artifacts that must not be loaded. */
    public Set<Digest> quarantined() {
        return load(folder.resolve(QUARANTINED), QUARANTINED, Quarantined.class)
                .map(Quarantined::artifacts)
                .orElse(Set.of());
    }

    /** Keeps the whole set of artifacts that must not be loaded. */
    void quarantined(Set<Digest> artifacts) {
        keep(folder, QUARANTINED, seal.sign(QUARANTINED, new Quarantined(1, new TreeSet<>(artifacts))));
    }

    private <T> Optional<T> load(Path file, String type, Class<T> as) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Signed signed;
        try {
            signed = Json.read(bytes, Signed.class);
        } catch (JacksonException e) {
            throw Problem.refused(file + " is not a signed document; it is not used");
        }
        return Optional.of(seal.open(signed, type, as, file.toString()));
    }

    private static void keep(Path place, String name, Signed document) {
        Path fresh = place.resolve(name + FRESH);
        try {
            Files.createDirectories(place);
            try (FileChannel out = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(document));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(fresh, place.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            force(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path place, String name) {
        try {
            if (Files.deleteIfExists(place.resolve(name))) {
                force(place);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
