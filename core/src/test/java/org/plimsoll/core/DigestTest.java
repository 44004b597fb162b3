package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    /** From FIPS 180-4's examples. */
    private static final String ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void digest_ofKnownBytes_isTheStandards() {
        assertThat(Digest.of("abc").value()).isEqualTo(ABC);
        assertThat(Digest.of(Digest.of("abc").bytes(), 0)).isEqualTo(new Digest(ABC));
        assertThat(Digest.of("abc").brief()).isEqualTo("ba7816bf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "sha256:zz", "md5:ba7816bf", "sha256:BA7816BF"})
    void digest_ofAnotherForm_isRefused(String text) {
        assertThatThrownBy(() -> new Digest(text)).isInstanceOf(Problem.class);
    }
}
