package org.plimsoll.registry;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;

/**
 * What must be known of a version before it may serve: what people declare, and what its lineage derives. Content-addressed:
 * people approve this card, and a changed letter makes another one.
 *
 * @param v the format's version
 */
public record Card(int v, ModelName model, CardDraft declared, Derived derived) {

    /** The format this code writes. */
    public static final int FORMAT = 1;

    public Card {
        if (v != FORMAT) {
            throw Problem.invalid("v", v, "format " + FORMAT + ", the one this release reads");
        }
    }

    /**
     * What nobody types, because the artifact and its lineage say it.
     *
     * @param task the kind of question: {@code binary}
     * @param label the column that answers it
     * @param inputs raw columns the model takes
     * @param sources digests of everything the artifact was made from, sorted: snapshots, code, rows of each step
     */
    public record Derived(
            Digest artifact,
            Optional<String> run,
            String task,
            String label,
            List<String> segments,
            List<String> inputs,
            List<Digest> sources,
            GoldenParity parity) {

        public Derived {
            segments = List.copyOf(segments);
            inputs = List.copyOf(inputs);
            sources = sources.stream().distinct().sorted().toList();
        }
    }

    /** Reads a card as {@link #bytes()} wrote it. */
    public static Card read(byte[] bytes) {
        return Json.read(bytes, Card.class);
    }

    /** This card with another declaration. */
    public Card declaring(CardDraft other) {
        return new Card(v, model, other, derived);
    }

    /** The canonical bytes that are kept, hashed and approved. */
    public byte[] bytes() {
        return CanonicalJson.bytes(this);
    }

    /** The digest of {@link #bytes()}. */
    public Digest digest() {
        return Digest.of(bytes());
    }
}
