package org.plimsoll.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes on their way in. Can be opened again, so that an upload can be repeated against the next server. */
@FunctionalInterface
public interface Bytes {

    /** The bytes from their beginning; the caller closes the stream. */
    InputStream open() throws IOException;

    /** The bytes of this file. */
    static Bytes of(Path file) {
        return () -> Files.newInputStream(file);
    }

    /** These bytes; the array must not change until the upload has ended. */
    static Bytes of(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }
}
