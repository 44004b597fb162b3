package org.plimsoll.gates;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plimsoll.core.Problem;

/**
 * An amount of bytes as people write it: {@code 200MB}; a KB is 1,000 bytes.
 *
 * @param bytes more than 0
 */
public record ByteSize(long bytes) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*(B|KB|MB|GB)");
    private static final List<String> UNITS = List.of("B", "KB", "MB", "GB");

    @JsonCreator
    public static ByteSize of(String written) {
        Matcher form = FORM.matcher(written.strip());
        if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
            throw Problem.invalid("size", written, "a number and B, KB, MB or GB, such as 200MB");
        }
        long unit = 1;
        for (int i = 0; i < UNITS.indexOf(form.group(2)); i++) {
            unit *= 1_000;
        }
        return new ByteSize(Long.parseLong(form.group(1)) * unit);
    }

    @JsonValue
    @Override
    public String toString() {
        long left = bytes;
        int unit = 0;
        while (left % 1_000 == 0 && unit < UNITS.size() - 1) {
            left /= 1_000;
            unit++;
        }
        return left + UNITS.get(unit);
    }
}
