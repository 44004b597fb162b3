package org.plimsoll.access;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Bytes on their way out: the answer of a download. Written after the read that found them has ended, so a slow reader holds
 * nothing open.
 *
 * @param mediaType such as {@code application/vnd.apache.parquet}
 * @param fileName what a person would save it as
 * @param writer writes all of it; may be called once
 */
public record Content(String mediaType, Optional<String> fileName, Writer writer) {

    /** Writes the bytes. */
    @FunctionalInterface
    public interface Writer {
        void to(OutputStream out) throws IOException;
    }
}
