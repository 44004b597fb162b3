package org.plimsoll.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.plimsoll.core.Problem;

/**
 * A text signed by one or more keys, in the format of c2sp.org/signed-note:
 *
 * <pre>
 *   text, one or more lines
 *   (empty line)
 *   — name base64(4 bytes of key id || signature)
 * </pre>
 *
 * @param text with its last newline, without the empty line
 */
record SignedNote(String text, List<Line> lines) {

    private static final String SEPARATOR = "\n\n";
    private static final String DASH = "\u2014 ";
    private static final int LARGEST = 1 << 20;
    private static final int KEY_ID = 4;

    /** One signature. */
    record Line(String name, byte[] id, byte[] signature) {

        String format() {
            byte[] both = ByteBuffer.allocate(id.length + signature.length)
                    .put(id)
                    .put(signature)
                    .array();
            return DASH + name + " " + Base64.getEncoder().encodeToString(both) + "\n";
        }
    }

    SignedNote {
        lines = List.copyOf(lines);
    }

    /** @throws Problem INVALID where it is not a signed note */
    static SignedNote parse(String note) {
        int separator = note.lastIndexOf(SEPARATOR);
        if (separator < 0 || note.length() > LARGEST || !note.endsWith("\n") || hasControls(note)) {
            throw Problem.invalid("note", brief(note), "a signed note: text, an empty line, signatures");
        }
        List<Line> lines = new ArrayList<>();
        String signatures = note.substring(separator + SEPARATOR.length());
        for (String line : signatures.split("\n")) {
            lines.add(line(line));
        }
        return new SignedNote(note.substring(0, separator + 1), lines);
    }

    private static Line line(String line) {
        String[] parts = line.startsWith(DASH) ? line.substring(DASH.length()).split(" ", -1) : new String[0];
        if (parts.length == 2 && !parts[0].isEmpty()) {
            try {
                byte[] both = Base64.getDecoder().decode(parts[1]);
                boolean canonical = Base64.getEncoder().encodeToString(both).equals(parts[1]);
                if (canonical && both.length > KEY_ID) {
                    return new Line(
                            parts[0], Arrays.copyOf(both, KEY_ID), Arrays.copyOfRange(both, KEY_ID, both.length));
                }
            } catch (IllegalArgumentException notBase64) {
                // said below
            }
        }
        throw Problem.invalid("signature", brief(line), "an em dash, the key's name and base64");
    }

    private static boolean hasControls(String note) {
        return note.chars().anyMatch(c -> c < ' ' && c != '\n');
    }

    private static String brief(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    /**
     * Whether this key signed the text. Signatures of other keys are ignored; one of this key that does not verify spoils the note.
     */
    boolean isSignedBy(VerifierKey key) {
        boolean signed = false;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (Line line : lines) {
            if (line.name().equals(key.name()) && Arrays.equals(line.id(), key.id())) {
                if (!key.verifies(bytes, line.signature())) {
                    return false;
                }
                signed = true;
            }
        }
        return signed;
    }

    /** The note as it is written to files. */
    String format() {
        var note = new StringBuilder(text).append('\n');
        lines.forEach(line -> note.append(line.format()));
        return note.toString();
    }
}
