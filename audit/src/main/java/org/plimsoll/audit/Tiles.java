package org.plimsoll.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;

/**
 * The files of a log of a given size, read (c2sp.org/tlog-tiles). Any web server can hand them out as they lie.
 *
 * <pre>
 *   audit/checkpoint                     the newest signed checkpoint
 *   audit/tile/0/x001/x234/067           256 leaf hashes of 32 bytes: entries 1234067·256 and on
 *   audit/tile/0/001.p/17                the first 17 hashes of the tile that is not full yet
 *   audit/tile/1/000                     256 hashes, each over a full tile of level 0
 *   audit/tile/entries/x001/x234/067     the entries themselves: 16-bit length (big-endian), bytes, and so on
 * </pre>
 *
 * Full tiles never change. Not safe for several threads.
 */
final class Tiles implements Merkle.Subtrees {

    static final int WIDTH = 256;
    static final int LEVELS_IN_TILE = 8;
    private static final int KEPT = 64;

    private final Path folder;
    private final long size;
    private final Map<Path, byte[]> recent = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, byte[]> eldest) {
            return size() > KEPT;
        }
    };

    /** @param size how many entries there are, as a checkpoint says: it determines which files exist */
    Tiles(Path folder, long size) {
        this.folder = folder;
        this.size = size;
    }

    static Path checkpoint(Path folder) {
        return folder.resolve("checkpoint");
    }

    /** @param level of hashes: 0 and on; -1 for the entries themselves */
    static Path path(Path folder, int level, long tile, int width) {
        String kind = level < 0 ? "entries" : Integer.toString(level);
        String name = "%03d".formatted(tile % 1000);
        for (long rest = tile / 1000; rest > 0; rest /= 1000) {
            name = "x%03d/%s".formatted(rest % 1000, name);
        }
        return folder.resolve("tile/" + kind + "/" + name + (width == WIDTH ? "" : ".p/" + width));
    }

    /** How many hashes this tile has in a log of this size. */
    static int width(long size, int level, long tile) {
        long hashes = hashes(size, level);
        return (int) Math.clamp(hashes - tile * WIDTH, 0, WIDTH);
    }

    /** How many hashes there are at a level of tiles. */
    static long hashes(long size, int level) {
        return size >>> LEVELS_IN_TILE * Math.max(0, level);
    }

    /** The hashes of a tile, one after the other. */
    byte[] hashesOf(int level, long tile) {
        int width = width(size, level, tile);
        byte[] bytes = read(level, tile, width);
        if (bytes.length < width * Merkle.HASH) {
            throw damaged(path(folder, level, tile, width), "it has " + bytes.length + " bytes");
        }
        return bytes;
    }

    /** The entries of a bundle, in order. */
    List<byte[]> entriesOf(long bundle) {
        int width = width(size, -1, bundle);
        return split(read(-1, bundle, width), width, path(folder, -1, bundle, width));
    }

    static List<byte[]> split(byte[] bundle, int width, Path file) {
        List<byte[]> entries = new ArrayList<>(width);
        ByteBuffer bytes = ByteBuffer.wrap(bundle);
        while (entries.size() < width) {
            int length = bytes.remaining() < 2 ? -1 : bytes.getShort() & 0xffff;
            if (length < 0 || length > bytes.remaining()) {
                throw damaged(file, "entry " + entries.size() + " of " + width + " is cut off");
            }
            byte[] entry = new byte[length];
            bytes.get(entry);
            entries.add(entry);
        }
        return entries;
    }

    /** One entry. */
    byte[] entry(long index) {
        return entriesOf(index / WIDTH).get((int) (index % WIDTH));
    }

    /** A full tile may stand where a partial one was. */
    private byte[] read(int level, long tile, int width) {
        Path file = path(folder, level, tile, width);
        byte[] known = recent.get(file);
        if (known != null) {
            return known;
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException partialIsGone) {
            try {
                bytes = Files.readAllBytes(path(folder, level, tile, WIDTH));
            } catch (IOException e) {
                throw damaged(file, "it is missing");
            }
        } catch (IOException e) {
            throw damaged(file, e.getMessage());
        }
        recent.put(file, bytes);
        return bytes;
    }

    static Problem damaged(Path file, @Nullable String how) {
        return Problem.of(Problem.Kind.INTERNAL, "the audit log is damaged: " + file + ": " + how);
    }

    /** The hash over 2^level entries, from the tile that has it or what lies below it in one tile. */
    @Override
    public byte[] hash(int level, long index) {
        int tileLevel = level / LEVELS_IN_TILE;
        int height = level % LEVELS_IN_TILE;
        if (tileLevel > 0 && height == 0 && width(size, tileLevel, index / WIDTH) == 0) {
            throw new IllegalArgumentException("no hash at level " + level + " and index " + index);
        }
        long first = index << height;
        byte[] tile = hashesOf(tileLevel, first / WIDTH);
        return fold(tile, (int) (first % WIDTH), 1 << height);
    }

    /** The hash over {@code count} (a power of two) hashes that stand in a tile from {@code first} on. */
    static byte[] fold(byte[] tile, int first, int count) {
        if (count == 1) {
            return Arrays.copyOfRange(tile, first * Merkle.HASH, (first + 1) * Merkle.HASH);
        }
        int half = count / 2;
        return Merkle.node(fold(tile, first, half), fold(tile, first + half, half));
    }

    byte[] root() {
        return Merkle.range(this, 0, size);
    }
}
