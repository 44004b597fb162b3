package org.plimsoll.audit;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.plimsoll.core.Digest;

/**
 * The Merkle tree of RFC 6962, section 2.1, over SHA-256: hashes, and the verification of proofs as RFC 9162 writes it down
 * (sections 2.1.3.2 and 2.1.4.2). Hashes are 32 bytes and are not changed once made.
 *
 * <pre>
 *   leaf(entry)        = SHA-256(0x00 || entry)
 *   node(left, right)  = SHA-256(0x01 || left || right)
 *   root of no entries = SHA-256()
 * </pre>
 */
final class Merkle {

    static final int HASH = 32;

    private Merkle() {}

    static byte[] leaf(byte[] entry) {
        MessageDigest sha256 = Digest.sha256();
        sha256.update((byte) 0);
        return sha256.digest(entry);
    }

    static byte[] node(byte[] left, byte[] right) {
        MessageDigest sha256 = Digest.sha256();
        sha256.update((byte) 1);
        sha256.update(left);
        return sha256.digest(right);
    }

    static byte[] emptyRoot() {
        return Digest.sha256().digest();
    }

    /** Hashes of perfect subtrees. */
    @FunctionalInterface
    interface Subtrees {
        /** The hash over the 2^level entries from index · 2^level on. */
        byte[] hash(int level, long index);
    }

    /** The hash over the entries from {@code from} to before {@code to}; {@code from} is where RFC 6962 splits. */
    static byte[] range(Subtrees subtrees, long from, long to) {
        long length = to - from;
        if (length == 0) {
            return emptyRoot();
        }
        if (Long.bitCount(length) == 1) {
            int level = Long.numberOfTrailingZeros(length);
            return subtrees.hash(level, from >>> level);
        }
        long split = from + Long.highestOneBit(length - 1);
        return node(range(subtrees, from, split), range(subtrees, split, to));
    }

    /**
     * The path that proves the entry at {@code index} in the tree of {@code size} entries: RFC 6962, PATH(index, D[size]), from
     * the leaf's sibling up.
     */
    static List<byte[]> inclusion(Subtrees subtrees, long index, long size) {
        var path = new ArrayList<byte[]>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long split = from + Long.highestOneBit(to - from - 1);
            if (index < split) {
                path.add(range(subtrees, split, to));
                to = split;
            } else {
                path.add(range(subtrees, from, split));
                from = split;
            }
        }
        return path.reversed();
    }

    /** The proof that the tree of {@code small} entries is the beginning of that of {@code size}: RFC 6962, PROOF(small, D[size]). */
    static List<byte[]> consistency(Subtrees subtrees, long small, long size) {
        var proof = new ArrayList<byte[]>();
        if (small == 0 || small == size) {
            return proof;
        }
        long from = 0;
        long to = size;
        boolean known = true; // the verifier has the hash of what is left of the small tree
        while (small < to) {
            long split = from + Long.highestOneBit(to - from - 1);
            if (small <= split) {
                proof.add(range(subtrees, split, to));
                to = split;
            } else {
                proof.add(range(subtrees, from, split));
                from = split;
                known = false;
            }
        }
        if (!known) {
            proof.add(range(subtrees, from, to));
        }
        return proof.reversed();
    }

    /** Whether the path proves that the leaf stands at {@code index} in the tree of {@code size} entries with this root. */
    static boolean proves(List<byte[]> path, byte[] leaf, long index, long size, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        byte[] hash = leaf;
        for (byte[] sibling : path) {
            if (sn == 0 || sibling.length != HASH) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = node(sibling, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                hash = node(hash, sibling);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && Arrays.equals(hash, root);
    }

    /** Whether the proof shows that the tree of {@code small} entries with {@code before} is the beginning of that with {@code after}. */
    static boolean proves(List<byte[]> proof, long small, byte[] before, long size, byte[] after) {
        if (small < 0 || small > size) {
            return false;
        }
        if (small == 0) {
            return proof.isEmpty() && Arrays.equals(before, emptyRoot());
        }
        if (small == size) {
            return proof.isEmpty() && Arrays.equals(before, after);
        }
        Iterator<byte[]> hashes = proof.iterator();
        byte[] first = Long.bitCount(small) == 1 ? before : hashes.hasNext() ? hashes.next() : new byte[0];
        long fn = small - 1;
        long sn = size - 1;
        while ((fn & 1) == 1) {
            fn >>>= 1;
            sn >>>= 1;
        }
        byte[] fr = first;
        byte[] sr = first;
        while (hashes.hasNext()) {
            byte[] hash = hashes.next();
            if (sn == 0 || hash.length != HASH) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = node(hash, fr);
                sr = node(hash, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                sr = node(sr, hash);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        return sn == 0 && Arrays.equals(fr, before) && Arrays.equals(sr, after);
    }
}
