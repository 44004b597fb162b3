package org.plimsoll.audit;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Events;

/**
 * The right edge of a log: the tiles that are not full yet, of every level, and the bundle of entries that is not full yet. It is
 * all that appending needs, and gives the root at any time.
 *
 * <pre>
 *   level 2   [h h]                       one hash for each full tile below
 *   level 1   [h h h h … h]
 *   level 0   [h h h]                     one hash for each entry; at 256 the tile is full: its hash goes up, the tile is done
 *   entries   [e e e]
 * </pre>
 */
final class GrowingTree {

    private final List<ByteArrayOutputStream> levels = new ArrayList<>();
    private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    private final SequencedMap<Path, byte[]> full = new LinkedHashMap<>();
    private final Path folder;
    private long size;

    private GrowingTree(Path folder) {
        this.folder = folder;
    }

    /** The edge of a log with this many entries, read from its files. */
    static GrowingTree read(Path folder, long size) {
        var tree = new GrowingTree(folder);
        var tiles = new Tiles(folder, size);
        tree.size = size;
        for (int level = 0; Tiles.hashes(size, level) > 0; level++) {
            long tile = Tiles.hashes(size, level) / Tiles.WIDTH;
            int width = Tiles.width(size, level, tile);
            var hashes = new ByteArrayOutputStream();
            if (width > 0) {
                hashes.write(tiles.hashesOf(level, tile), 0, width * Merkle.HASH);
            }
            tree.levels.add(hashes);
        }
        if (size % Tiles.WIDTH > 0) {
            tiles.entriesOf(size / Tiles.WIDTH).forEach(tree::addToBundle);
        }
        return tree;
    }

    long size() {
        return size;
    }

    /** Appends an entry, in memory. */
    void append(byte[] entry) {
        if (entry.length > Events.LONGEST) {
            throw Problem.of(
                    Problem.Kind.INTERNAL, "entry " + size + " has " + entry.length + " bytes, too many for the log");
        }
        addToBundle(entry);
        long tile = size / Tiles.WIDTH;
        size++;
        if (size % Tiles.WIDTH == 0) {
            full.put(Tiles.path(folder, -1, tile, Tiles.WIDTH), bundle.toByteArray());
            bundle.reset();
        }
        addHash(0, Merkle.leaf(entry), tile);
    }

    private void addToBundle(byte[] entry) {
        bundle.write(entry.length >>> 8);
        bundle.write(entry.length);
        bundle.writeBytes(entry);
    }

    private void addHash(int level, byte[] hash, long tile) {
        if (level == levels.size()) {
            levels.add(new ByteArrayOutputStream());
        }
        ByteArrayOutputStream hashes = levels.get(level);
        hashes.writeBytes(hash);
        if (hashes.size() == Tiles.WIDTH * Merkle.HASH) {
            byte[] done = hashes.toByteArray();
            hashes.reset();
            full.put(Tiles.path(folder, level, tile, Tiles.WIDTH), done);
            addHash(level + 1, Tiles.fold(done, 0, Tiles.WIDTH), tile / Tiles.WIDTH);
        }
    }

    /** The files that say what was appended since the last call: full tiles, and the partial ones of the size now. */
    SequencedMap<Path, byte[]> takeFiles() {
        SequencedMap<Path, byte[]> files = new LinkedHashMap<>(full);
        full.clear();
        if (bundle.size() > 0) {
            long tile = size / Tiles.WIDTH;
            files.put(Tiles.path(folder, -1, tile, Tiles.width(size, -1, tile)), bundle.toByteArray());
        }
        for (int level = 0; level < levels.size(); level++) {
            byte[] hashes = levels.get(level).toByteArray();
            if (hashes.length > 0) {
                long tile = Tiles.hashes(size, level) / Tiles.WIDTH;
                files.put(Tiles.path(folder, level, tile, hashes.length / Merkle.HASH), hashes);
            }
        }
        return files;
    }

    /** RFC 6962's root: the perfect subtrees along the edge, joined from the smallest. */
    byte[] root() {
        return root(levels);
    }

    static byte[] root(List<ByteArrayOutputStream> levels) {
        byte[] root = new byte[0];
        for (int level = 0; level < levels.size(); level++) {
            byte[] hashes = levels.get(level).toByteArray();
            int end = hashes.length / Merkle.HASH;
            for (int count = 1; count <= end; count <<= 1) {
                if ((end & count) != 0) {
                    int first = end - (end & (count << 1) - 1);
                    byte[] subtree = Tiles.fold(hashes, first, count);
                    root = root.length == 0 ? subtree : Merkle.node(subtree, root);
                }
            }
        }
        return root.length == 0 ? Merkle.emptyRoot() : root;
    }
}
