package org.plimsoll.audit;

import java.util.Base64;
import org.plimsoll.core.Problem;

/**
 * What a log says of itself at one moment (c2sp.org/tlog-checkpoint): so many entries, and the root of the tree over them. Whoever
 * keeps one can later have it proved that nothing before it was changed or removed.
 *
 * <pre>
 *   plimsoll.local/3f2a…                                origin
 *   20852                                               entries
 *   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=        root, base64
 *
 *   — plimsoll.local/3f2a… nEHQqlgtzPICa5OS8n…          signature
 * </pre>
 *
 * @param size how many entries
 * @param root base64 of the tree's root
 * @param note the whole signed note
 */
public record Checkpoint(String origin, long size, String root, String note) {

    /** Reads a signed checkpoint without verifying anything. @throws Problem INVALID where it is none */
    static Checkpoint parse(String note) {
        String[] lines = SignedNote.parse(note).text().split("\n", -1);
        boolean complete = lines.length >= 4 && !lines[0].isEmpty() && lines[lines.length - 1].isEmpty();
        if (!complete || !lines[1].matches("0|[1-9][0-9]{0,17}") || !isHash(lines[2])) {
            throw Problem.invalid("checkpoint", lines[0], "an origin, the number of entries and the root in base64");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), lines[2], note);
    }

    /**
     * Reads a signed checkpoint.
     *
     * @throws Problem INVALID where it is none, or is not of this key's log or not signed by it
     */
    public static Checkpoint verified(String note, VerifierKey key) {
        Checkpoint checkpoint = parse(note);
        if (!checkpoint.origin().equals(key.name())) {
            throw Problem.invalid("checkpoint", checkpoint.origin(), "a checkpoint of the log " + key.name());
        }
        if (!SignedNote.parse(note).isSignedBy(key)) {
            throw Problem.invalid(
                    "checkpoint",
                    "size " + checkpoint.size(),
                    "a signature by the key of " + key.name() + "; it has none that holds");
        }
        return checkpoint;
    }

    static String text(String origin, long size, byte[] root) {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    byte[] rootHash() {
        return Base64.getDecoder().decode(root);
    }

    private static boolean isHash(String base64) {
        try {
            byte[] hash = Base64.getDecoder().decode(base64);
            return hash.length == Merkle.HASH
                    && Base64.getEncoder().encodeToString(hash).equals(base64);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
