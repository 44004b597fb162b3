package org.plimsoll.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.plimsoll.core.Problem;

/** Bytes of a request up to a limit; reading on beyond it is refused, however many the sender announced. */
final class LimitedInput extends FilterInputStream {

    private final long most;
    private long left;

    LimitedInput(InputStream in, long most) {
        super(in);
        this.most = most;
        this.left = most;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            took(1);
        }
        return next;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count > 0) {
            took(count);
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        took(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    static Problem tooLarge(long most) {
        return Problem.of(
                Problem.Kind.TOO_LARGE,
                "the body is larger than the " + most + " bytes that are taken here",
                Map.of("most_bytes", most));
    }

    private void took(long count) {
        left -= count;
        if (left < 0) {
            throw tooLarge(most);
        }
    }
}
