package org.plimsoll.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.Event;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Disk;
import org.plimsoll.store.Events;
import org.plimsoll.store.Reading;
import tools.jackson.core.JacksonException;

/**
 * Verifies a log from its files alone: that its checkpoint is signed, that its entries give the hashes in its tiles and the root in
 * its checkpoint, that their positions have no gap, that an earlier checkpoint is the beginning of it; and, beside a database, that
 * the events there are the entries. Reads everything once, in memory that does not grow with the log.
 */
public final class AuditVerification {

    private static final int MOST_FINDINGS = 100;

    private final Path folder;
    private final List<String> findings = new ArrayList<>();
    private final List<ByteArrayOutputStream> levels = new ArrayList<>();
    private final Optional<Checkpoint> earlier;
    private Optional<byte[]> earlierRoot = Optional.empty();
    private long size;
    private long verified;

    private AuditVerification(Path folder, Optional<Checkpoint> earlier) {
        this.folder = folder;
        this.earlier = earlier;
    }

    /**
     * What was found.
     *
     * @param origin the log's name
     * @param size entries under the signed checkpoint
     * @param root of the tree over them, base64
     * @param earlier entries of the earlier checkpoint that was shown to be the beginning of this log
     * @param compared events of the database that were compared with their entries
     * @param waiting events of the database that are not in the log yet; a stopped or busy server leaves a few
     * @param findings what does not hold, for people; at most 100. Empty: everything holds
     */
    public record Report(
            String origin,
            long size,
            String root,
            Optional<Long> earlier,
            Optional<Long> compared,
            Optional<Long> waiting,
            List<String> findings) {

        /** Whether everything that was looked at holds. */
        public boolean holds() {
            return findings.isEmpty();
        }
    }

    /** Verifies the files alone. @param earlier a checkpoint that was kept from an earlier visit, whole */
    public static Report verify(Path folder, VerifierKey key, Optional<String> earlier) {
        return verify(folder, key, earlier, Optional.empty());
    }

    /**
     * Verifies the files and compares them with the database's events.
     *
     * @throws Problem NOT_FOUND where there is no log; INVALID where the earlier checkpoint is not one of this key
     */
    public static Report verify(Path folder, VerifierKey key, Optional<String> earlier, Optional<Reading> database) {
        var verification = new AuditVerification(folder, earlier.map(note -> Checkpoint.verified(note, key)));
        Optional<Checkpoint> checkpoint = verification.readCheckpoint(key);
        checkpoint.ifPresent(verification::verifyEntries);
        Optional<Comparison> comparison = database.map(verification::compare);
        return new Report(
                key.name(),
                checkpoint.map(Checkpoint::size).orElse(0L),
                checkpoint.map(Checkpoint::root).orElse(""),
                verification.earlier.map(Checkpoint::size),
                comparison.map(Comparison::compared),
                comparison.map(Comparison::waiting),
                List.copyOf(verification.findings));
    }

    private void find(String what) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(what);
        }
    }

    private Optional<Checkpoint> readCheckpoint(VerifierKey key) {
        Path file = Tiles.checkpoint(folder);
        try {
            Checkpoint checkpoint = Checkpoint.verified(Files.readString(file), key);
            size = checkpoint.size();
            earlier.filter(before -> before.size() > size)
                    .ifPresent(before -> find("the log was cut: it has " + size + " entries, and had " + before.size()
                            + " when the earlier checkpoint was signed"));
            return Optional.of(checkpoint);
        } catch (NoSuchFileException e) {
            if (Files.exists(folder.resolve("tile")) || earlier.isPresent()) {
                find(file + " is missing");
                return Optional.empty();
            }
            throw Problem.notFound("audit log", folder);
        } catch (IOException e) {
            find(file + " cannot be read: " + e.getMessage());
        } catch (Problem unsigned) {
            find(file + ": " + unsigned.detail());
        }
        return Optional.empty();
    }

    private void verifyEntries(Checkpoint checkpoint) {
        var tiles = new Tiles(folder, size);
        noteEarlierRoot();
        try {
            for (long bundle = 0; bundle * Tiles.WIDTH < size; bundle++) {
                verifyBundle(tiles, bundle);
            }
        } catch (Problem damaged) {
            find(damaged.detail());
            return; // without its entries no root can be made
        }
        verifyPartialTiles();
        byte[] root = root();
        if (!Base64.getEncoder().encodeToString(root).equals(checkpoint.root())) {
            find("the entries do not give the root that the checkpoint signs: an entry was changed, removed or added");
        }
        verifyNames();
        verifyEarlier();
    }

    private void verifyBundle(Tiles tiles, long bundle) {
        List<byte[]> entries = tiles.entriesOf(bundle);
        verifyBundleFiles(bundle, entries);
        for (int i = 0; i < entries.size(); i++) {
            long position = bundle * Tiles.WIDTH + i + 1;
            verifyEntry(entries.get(i), position);
            add(0, Merkle.leaf(entries.get(i)), bundle);
            verified = position;
            noteEarlierRoot();
        }
    }

    private void verifyEntry(byte[] entry, long position) {
        String text = new String(entry, StandardCharsets.UTF_8);
        try {
            AuditEntry read = Json.read(text, AuditEntry.class);
            if (read.position() != position) {
                find("entry " + position + " says that it is at position " + read.position());
            } else if (!Arrays.equals(read.bytes(), entry)) {
                find("entry " + position + " is not canonical JSON");
            }
        } catch (JacksonException | IllegalArgumentException e) {
            find("entry " + position + " is not an event");
        }
    }

    /** Every file of a bundle, also those of earlier sizes, holds the first of its entries and nothing else. */
    private void verifyBundleFiles(long bundle, List<byte[]> entries) {
        var bytes = new ByteArrayOutputStream();
        for (int width = 1; width <= entries.size(); width++) {
            byte[] entry = entries.get(width - 1);
            bytes.write(entry.length >>> 8);
            bytes.write(entry.length);
            bytes.writeBytes(entry);
            Path file = Tiles.path(folder, -1, bundle, width);
            if (mustExist(width, entries.size()) || Files.exists(file)) {
                verifyFile(file, bytes.toByteArray());
            }
        }
    }

    /** The widest must be there; earlier ones may have been deleted once the tile was full. */
    private static boolean mustExist(int width, int widest) {
        return width == widest;
    }

    private void verifyFile(Path file, byte[] expected) {
        try {
            if (!Arrays.equals(Files.readAllBytes(file), expected)) {
                find(file + " is not what the entries give");
            }
        } catch (NoSuchFileException e) {
            find(file + " is missing");
        } catch (IOException e) {
            find(file + " cannot be read: " + e.getMessage());
        }
    }

    private void add(int level, byte[] hash, long tile) {
        if (level == levels.size()) {
            levels.add(new ByteArrayOutputStream());
        }
        ByteArrayOutputStream hashes = levels.get(level);
        hashes.writeBytes(hash);
        if (hashes.size() == Tiles.WIDTH * Merkle.HASH) {
            byte[] full = hashes.toByteArray();
            hashes.reset();
            verifyTileFiles(level, tile, full);
            add(level + 1, Tiles.fold(full, 0, Tiles.WIDTH), tile / Tiles.WIDTH);
        }
    }

    private void verifyTileFiles(int level, long tile, byte[] hashes) {
        int widest = hashes.length / Merkle.HASH;
        for (int width = 1; width <= widest; width++) {
            Path file = Tiles.path(folder, level, tile, width);
            if (mustExist(width, widest) || Files.exists(file)) {
                verifyFile(file, Arrays.copyOf(hashes, width * Merkle.HASH));
            }
        }
    }

    private void verifyPartialTiles() {
        for (int level = 0; level < levels.size(); level++) {
            byte[] hashes = levels.get(level).toByteArray();
            if (hashes.length > 0) {
                verifyTileFiles(level, Tiles.hashes(size, level) / Tiles.WIDTH, hashes);
            }
        }
    }

    private byte[] root() {
        return GrowingTree.root(levels);
    }

    private void noteEarlierRoot() {
        if (earlier.isPresent() && earlier.get().size() == verified) {
            earlierRoot = Optional.of(root());
        }
    }

    private void verifyEarlier() {
        if (earlier.isPresent()
                && earlierRoot.isPresent()
                && !Arrays.equals(earlierRoot.get(), earlier.get().rootHash())) {
            find("the log was rewritten: its first " + earlier.get().size()
                    + " entries are not those that the earlier checkpoint signs");
        }
    }

    /** Files that no log has. Those beyond the checkpoint's size are of a round that a crash cut short, and mean nothing. */
    private void verifyNames() {
        try (Stream<Path> files = Files.walk(folder.resolve("tile"))) {
            files.filter(Files::isRegularFile)
                    .map(file ->
                            folder.resolve("tile").relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.substring(name.lastIndexOf('/') + 1).startsWith(Disk.INCOMING))
                    .filter(name -> !name.matches("(entries|[0-9]|[1-5][0-9]|6[0-3])/(x[0-9]{3}/)*[0-9]{3}"
                            + "(\\.p/([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"))
                    .forEach(name -> find("tile/" + name + " is no file of a log"));
        } catch (NoSuchFileException e) {
            if (size > 0) {
                find(folder.resolve("tile") + " is missing");
            }
        } catch (IOException e) {
            find(folder + " cannot be read: " + e.getMessage());
        }
    }

    private record Comparison(long compared, long waiting) {}

    private Comparison compare(Reading db) {
        var tiles = new Tiles(folder, verified);
        long position = 0;
        long waiting = 0;
        for (List<Event> events = Events.after(db, 0, Tiles.WIDTH);
                !events.isEmpty();
                events = Events.after(db, position, Tiles.WIDTH)) {
            for (Event event : events) {
                long expected = position + 1;
                position = event.position().orElseThrow();
                if (position != expected) {
                    find(positions(expected, position - 1) + " missing in the database");
                }
                if (position > verified) {
                    waiting++;
                } else if (!Arrays.equals(AuditEntry.of(event).bytes(), tiles.entry(position - 1))) {
                    find("event " + event.id() + " at position " + position + " differs from its entry in the log");
                }
            }
        }
        if (position < verified) {
            find(positions(position + 1, verified) + " missing in the database");
        }
        return new Comparison(Math.min(position, verified), waiting);
    }

    private static String positions(long first, long last) {
        return first == last
                ? "the event at position " + first + " is"
                : "the events at positions " + first + " to " + last + " are";
    }
}
