package org.plimsoll.predictions;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * A file's bytes from any place on. Short pieces come out of a small buffer, long ones straight from the file: so that passing over a
 * long record reads no more than its head.
 */
final class FileBytes {

    private final RandomAccessFile file;
    private final byte[] buffer = new byte[1 << 13];
    private long bufferedFrom;
    private int buffered;

    FileBytes(RandomAccessFile file) {
        this.file = file;
    }

    /** Reads the bytes from this place on. @return how many there were: fewer than asked for only at the file's end */
    int read(long at, byte[] into) throws IOException {
        if (into.length >= buffer.length) {
            return fill(into, at);
        }
        if (at < bufferedFrom || at + into.length > bufferedFrom + buffered) {
            buffered = fill(buffer, at);
            bufferedFrom = at;
        }
        int there = Math.min(into.length, buffered - (int) (at - bufferedFrom));
        System.arraycopy(buffer, (int) (at - bufferedFrom), into, 0, there);
        return there;
    }

    private int fill(byte[] bytes, long at) throws IOException {
        file.seek(at);
        int read = 0;
        int more = file.read(bytes, 0, bytes.length);
        while (more > 0) {
            read += more;
            more = file.read(bytes, read, bytes.length - read);
        }
        return read;
    }
}
