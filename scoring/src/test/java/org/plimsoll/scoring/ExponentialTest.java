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

/** Beside glibc's {@code expf} and {@code exp}; {@code src/test/python/exponentials.py} recorded them. */
class ExponentialTest {

    @Test
    void exp_ofRecordedNumbers_hasTheBitsOfTheCLibrary() throws IOException {
        int otherThanJava = 0;
        for (String line : recorded()) {
            String[] parts = line.split(",", -1);
            if (parts[0].equals("float")) {
                float x = Float.intBitsToFloat(HexFormat.fromHexDigits(parts[1]));
                assertThat(HexFormat.of().toHexDigits(Float.floatToRawIntBits(Exponential.exp(x))))
                        .as("e to the power of the float %s", x)
                        .isEqualTo(parts[2]);
            } else {
                double x = Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(parts[1]));
                String bits = HexFormat.of().toHexDigits(Double.doubleToRawLongBits(Exponential.exp(x)));
                assertThat(bits).as("e to the power of the double %s", x).isEqualTo(parts[2]);
                otherThanJava += HexFormat.of()
                                .toHexDigits(Double.doubleToRawLongBits(Math.exp(x)))
                                .equals(parts[2])
                        ? 0
                        : 1;
            }
        }
        assertThat(otherThanJava).as("numbers for which Java's own is another").isGreaterThan(50);
    }

    @Test
    void exp_ofAnyNumber_isWithinAUnitOfJavas() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            double x = (random.nextDouble() - 0.5) * 1_600;
            double given = Exponential.exp(x);
            double javas = Math.exp(x);
            if (given != javas && !(Math.abs(given - javas) <= Math.ulp(javas))) {
                throw new AssertionError("e to the power of " + x + " is " + given + ", by Java " + javas);
            }
        }
        assertThat(Exponential.exp(Double.NaN)).isNaN();
        assertThat(Exponential.exp(Float.NaN)).isNaN();
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = Objects.requireNonNull(ExponentialTest.class.getResourceAsStream("exponentials.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
