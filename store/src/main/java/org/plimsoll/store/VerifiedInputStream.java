package org.plimsoll.store;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * Bytes that must have a digest and a length known before. What is read last is only handed out once the whole was found right, so
 * whoever has all bytes has the right ones, also if he stops before asking for the end.
 */
public final class VerifiedInputStream extends InputStream {

    private static final int SKIP_BUFFER = 8192;

    private final InputStream bytes;
    private final Digest expected;
    private final MessageDigest sha256 = Digest.sha256();
    private final String where;
    private long left;
    private boolean verified;

    /**
     * @param length how many bytes there must be
     * @param where the place to name when they are damaged: a file or an address
     */
    public VerifiedInputStream(InputStream bytes, Digest expected, long length, String where) {
        this.bytes = bytes;
        this.expected = expected;
        this.left = length;
        this.where = where;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int n = left == 0 ? -1 : bytes.read(into, offset, (int) Math.min(length, left));
        if (n < 0) {
            if (left > 0) {
                throw damaged("it ends " + left + " bytes early");
            }
            verify();
            return -1;
        }
        sha256.update(into, offset, n);
        left -= n;
        if (left == 0) {
            verify();
        }
        return n;
    }

    private void verify() throws IOException {
        if (verified) {
            return;
        }
        if (bytes.read() >= 0) {
            throw damaged("it is longer than it should be");
        }
        Digest found = Digest.of(sha256);
        if (!found.equals(expected)) {
            throw damaged("its bytes now have the digest " + found);
        }
        verified = true;
    }

    private Problem damaged(String how) {
        return Problem.of(
                Problem.Kind.INTERNAL,
                expected + " is damaged in " + where + ": " + how
                        + "; add the same bytes again or restore it from a backup");
    }

    /** Skipped bytes are verified too. */
    @Override
    public long skip(long n) throws IOException {
        long skipped = 0;
        byte[] buffer = new byte[(int) Math.min(SKIP_BUFFER, Math.max(1, n))];
        while (skipped < n) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, n - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(left, bytes.available());
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
