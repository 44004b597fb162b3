package org.plimsoll.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.plimsoll.core.Problem;

/**
 * Proof that an event is in the log: whoever has it and the verifier key needs neither the server nor its database.
 *
 * @param position the event's
 * @param entry the event's canonical JSON, exactly as it was hashed
 * @param proof c2sp.org/tlog-proof: index, path and checkpoint; keep it as a {@code .tlog-proof} file
 */
public record Receipt(long position, String entry, String proof) {

    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";

    static Receipt of(Tiles tiles, long position, Checkpoint checkpoint) {
        long index = position - 1;
        var proof =
                new StringBuilder(FIRST_LINE).append("\nindex ").append(index).append('\n');
        for (byte[] hash : Merkle.inclusion(tiles, index, checkpoint.size())) {
            proof.append(Base64.getEncoder().encodeToString(hash)).append('\n');
        }
        proof.append('\n').append(checkpoint.note());
        return new Receipt(position, new String(tiles.entry(index), StandardCharsets.UTF_8), proof.toString());
    }

    /**
     * Verifies the receipt offline.
     *
     * @return the checkpoint under which the event was proved
     * @throws Problem INVALID where anything in it does not hold
     */
    public Checkpoint verify(VerifierKey key) {
        int end = proof.indexOf("\n\n");
        String[] lines = end < 0 ? new String[0] : proof.substring(0, end).split("\n");
        int at = lines.length > 1 && lines[1].startsWith("extra ") ? 2 : 1;
        if (lines.length <= at || !lines[0].equals(FIRST_LINE) || !lines[at].matches("index (0|[1-9][0-9]{0,17})")) {
            throw Problem.invalid("proof", lines.length == 0 ? proof : lines[0], "a proof of c2sp.org/tlog-proof@v1");
        }
        Checkpoint checkpoint = Checkpoint.verified(proof.substring(end + 2), key);
        long index = Long.parseLong(lines[at].substring("index ".length()));
        if (index != position - 1) {
            throw Problem.invalid("position", position, "the position of the proof, " + (index + 1));
        }
        List<byte[]> path = new ArrayList<>();
        for (int i = at + 1; i < lines.length; i++) {
            path.add(hash(lines[i]));
        }
        byte[] leaf = Merkle.leaf(entry.getBytes(StandardCharsets.UTF_8));
        if (!Merkle.proves(path, leaf, index, checkpoint.size(), checkpoint.rootHash())) {
            throw Problem.invalid(
                    "entry", "at position " + position, "the entry that the checkpoint's root was made over");
        }
        return checkpoint;
    }

    private static byte[] hash(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("proof", base64, "a hash in base64");
        }
    }
}
