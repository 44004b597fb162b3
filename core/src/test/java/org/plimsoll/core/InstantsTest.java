package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {

    private static final long BEGIN = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    private static final long END = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    @Test
    void whatInstantsWrite_isReadAsTheJdkReadsIt() {
        Random random = new Random(20261127);
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(BEGIN, END), random.nextInt(1_000_000_000))
                    .truncatedTo(i % 3 == 0 ? ChronoUnit.NANOS : i % 3 == 1 ? ChronoUnit.MILLIS : ChronoUnit.SECONDS);
            assertThat(Instants.plain(instant.toString())).contains(instant);
        }
        assertThat(Instants.plain("2000-02-29T23:59:59.5Z")).contains(Instant.parse("2000-02-29T23:59:59.5Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2001-02-29T00:00:00Z",
                "2001-13-01T00:00:00Z",
                "2001-00-01T00:00:00Z",
                "2001-01-01T24:00:00Z",
                "2001-01-01T00:60:00Z",
                "2001-01-01T23:59:60Z",
                "2001-01-01T00:00:00",
                "2001-01-01T00:00Z",
                "2001-01-01 00:00:00Z",
                "2001-01-01T00:00:00.Z",
                "2001-01-01T00:00:00.1234567890Z",
                "2001-01-01T00:00:00.12x4Z",
                "2001-01-01T00:00:00+01:00",
                "+12001-01-01T00:00:00Z",
                "2001-01-01T0٣:00:00Z"
            })
    void otherText_isLeftToTheJdk(String text) {
        assertThat(Instants.plain(text)).isEmpty();
    }
}
