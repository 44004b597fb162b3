package org.plimsoll.scoring;

import java.nio.charset.StandardCharsets;

/**
 * MurmurHash3 of a word's UTF-8 bytes: 32 bits, seed 0. The same as scikit-learn's {@code murmurhash3_32}.
 *
 * <p>Austin Appleby, {@code MurmurHash3_x86_32} in SMHasher (public domain).
 */
final class MurmurHash {

    private MurmurHash() {}

    static int of(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int hash = 0;
        int i = 0;
        for (; i + 4 <= bytes.length; i += 4) {
            int block = bytes[i] & 0xff
                    | (bytes[i + 1] & 0xff) << 8
                    | (bytes[i + 2] & 0xff) << 16
                    | (bytes[i + 3] & 0xff) << 24;
            hash = Integer.rotateLeft(hash ^ scrambled(block), 13) * 5 + 0xe6546b64;
        }
        int rest = 0;
        for (int k = bytes.length - 1; k >= i; k--) {
            rest = rest << 8 | bytes[k] & 0xff;
        }
        hash ^= scrambled(rest);
        hash ^= bytes.length;
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    private static int scrambled(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }
}
