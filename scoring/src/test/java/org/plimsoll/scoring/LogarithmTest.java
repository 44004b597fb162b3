package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Beside glibc's {@code logf}; {@code src/test/python/logarithms.py} recorded it. */
class LogarithmTest {

    @Test
    void log_ofRecordedNumbers_hasTheBitsOfTheCLibrary() throws IOException {
        int otherThanRounded = 0;
        for (String line : recorded()) {
            String[] parts = line.split(",", -1);
            float x = Float.intBitsToFloat(HexFormat.fromHexDigits(parts[0]));
            float expected = Float.intBitsToFloat(HexFormat.fromHexDigits(parts[1]));
            assertThat(Logarithm.log(x)).as("logarithm of %s", x).isEqualTo(expected);
            otherThanRounded += (float) Math.log(x) == expected ? 0 : 1;
        }
        assertThat(otherThanRounded)
                .as("numbers for which the rounded logarithm is another")
                .isGreaterThan(50);
    }

    @Test
    void log_ofAnyNumber_isWithinAUnitOfTheTrueOne() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            float x = Float.intBitsToFloat(random.nextInt(0x7f800000));
            float javas = (float) Math.log(x);
            assertThat(Math.abs(Logarithm.log(x) - javas))
                    .as("logarithm of %s", x)
                    .isLessThanOrEqualTo(Math.ulp(javas));
        }
        assertThat(Logarithm.log(0)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(Logarithm.log(-1)).isNaN();
        assertThat(Logarithm.log(Float.NaN)).isNaN();
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = Objects.requireNonNull(LogarithmTest.class.getResourceAsStream("logarithms.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
