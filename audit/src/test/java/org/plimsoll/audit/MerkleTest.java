package org.plimsoll.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTest {

    /** The eight leaves and roots that Certificate Transparency's implementations share (merkle/testonly of transparency-dev/merkle). */
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** RFC 6962, section 2.1, word for word. */
    private static byte[] treeHash(List<byte[]> leafHashes) {
        if (leafHashes.isEmpty()) {
            return Merkle.emptyRoot();
        }
        if (leafHashes.size() == 1) {
            return leafHashes.getFirst();
        }
        int k = Integer.highestOneBit(leafHashes.size() - 1);
        return Merkle.node(treeHash(leafHashes.subList(0, k)), treeHash(leafHashes.subList(k, leafHashes.size())));
    }

    private static Merkle.Subtrees over(List<byte[]> leafHashes) {
        return (level, index) -> treeHash(leafHashes.subList((int) (index << level), (int) ((index + 1) << level)));
    }

    @Test
    void range_sharedTestTrees_haveTheirKnownRoots() {
        List<byte[]> hashes =
                LEAVES.stream().map(leaf -> Merkle.leaf(hex(leaf))).toList();
        for (int size = 0; size <= 8; size++) {
            assertThat(Merkle.range(over(hashes), 0, size)).isEqualTo(hex(ROOTS.get(size)));
        }
    }

    @Test
    void proofs_ofEverySizeUpTo40_holdAndEveryChangeToThemIsFound() {
        long seed = 4711;
        System.out.println("seed " + seed);
        var random = new Random(seed);
        List<byte[]> hashes = new ArrayList<>();
        for (int size = 1; size <= 40; size++) {
            byte[] entry = new byte[random.nextInt(40)];
            random.nextBytes(entry);
            hashes.add(Merkle.leaf(entry));
            byte[] root = treeHash(hashes);
            for (int i = 0; i < size; i++) {
                List<byte[]> path = Merkle.inclusion(over(hashes), i, size);
                assertThat(Merkle.proves(path, hashes.get(i), i, size, root)).isTrue();
                assertThat(Merkle.proves(path, hashes.get(i), i + 1, size, root))
                        .isFalse();
                assertThat(Merkle.proves(path, flipped(hashes.get(i), random), i, size, root))
                        .isFalse();
                int at = i;
                assertEveryChangeIsFound(
                        path, random, changed -> Merkle.proves(changed, hashes.get(at), at, hashes.size(), root));
            }
            for (int small = 0; small <= size; small++) {
                byte[] before = treeHash(hashes.subList(0, small));
                List<byte[]> proof = Merkle.consistency(over(hashes), small, size);
                assertThat(Merkle.proves(proof, small, before, size, root))
                        .as(small + " of " + size)
                        .isTrue();
                if (small > 0) {
                    assertThat(Merkle.proves(proof, small, flipped(before, random), size, root))
                            .isFalse();
                }
                int first = small;
                assertEveryChangeIsFound(
                        proof, random, changed -> Merkle.proves(changed, first, before, hashes.size(), root));
            }
        }
    }

    private interface Verifies {
        boolean verifies(List<byte[]> proof);
    }

    private static void assertEveryChangeIsFound(List<byte[]> proof, Random random, Verifies verification) {
        for (int i = 0; i < proof.size(); i++) {
            var changed = new ArrayList<>(proof);
            changed.set(i, flipped(proof.get(i), random));
            assertThat(verification.verifies(changed)).isFalse();
            changed.remove(i);
            assertThat(verification.verifies(changed)).isFalse();
        }
        var longer = new ArrayList<>(proof);
        longer.add(new byte[Merkle.HASH]);
        assertThat(verification.verifies(longer)).isFalse();
    }

    private static byte[] flipped(byte[] hash, Random random) {
        byte[] other = Arrays.copyOf(hash, hash.length);
        other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
        return other;
    }
}
