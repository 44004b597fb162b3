package org.plimsoll.store;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.plimsoll.core.Digest;

/**
 * Bytes under their digest: data, models, evidence. Immutable, and verified whenever they are read.
 *
 * <p>Every method throws a {@link org.plimsoll.core.Problem}: NOT_FOUND where there are no such bytes, STORAGE_FULL where there is
 * no room, INTERNAL where kept bytes are no longer those of their digest.
 */
public interface BlobStore {

    /** Keeps a copy of this file's bytes; durable on return. */
    Digest add(Path file);

    /** Keeps these bytes; durable on return. The stream is read to its end and not closed. */
    Digest add(InputStream bytes);

    /** Keeps copies of many files, durable together on return, which is much faster than one by one. Digests in the files' order. */
    List<Digest> addAll(List<Path> files);

    /** Whether these bytes are kept here. */
    boolean has(Digest digest);

    /** How many bytes there are. */
    long size(Digest digest);

    /** The bytes. The last of them is only handed out once all of them were found to be those of the digest. */
    InputStream open(Digest digest);

    /** A local file with these bytes, verified, for reading only: it may be the store's own. */
    Path fetch(Digest digest);

    /** All bytes at once, for small things. */
    byte[] read(Digest digest);
}
