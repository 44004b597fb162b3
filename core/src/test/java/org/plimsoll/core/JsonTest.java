package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTest {

    record Limits(double canaryShare, List<String> tags, Optional<String> note, Map<String, Long> counts) {
        /** Answers a question; is no part of what is written. */
        public boolean isOpen() {
            return canaryShare > 0;
        }
    }

    @Test
    void record_writtenAndRead_isTheSame() {
        var limits = new Limits(0.05, List.of("a"), Optional.empty(), Map.of("n", 3L));
        assertThat(Json.text(limits)).isEqualTo("{\"canary_share\":0.05,\"tags\":[\"a\"],\"counts\":{\"n\":3}}");
        assertThat(Json.read(Json.text(limits), Limits.class)).isEqualTo(limits);
    }

    @Test
    void record_withoutItsCollections_hasEmptyOnes() {
        assertThat(Json.read("{\"canary_share\":1}", Limits.class))
                .isEqualTo(new Limits(1, List.of(), Optional.empty(), Map.of()));
    }

    /** The first would silently be a share of 0.0 with Jackson's defaults. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"canary_share\":null}",
                "{\"canary_share\":1,\"canaryShare\":1}",
                "{\"canary_share\":1} {}",
                "{\"canary_share\":NaN}"
            })
    void record_incompleteOrUnknown_isRefused(String json) {
        assertThatThrownBy(() -> Json.read(json, Limits.class)).isInstanceOf(JacksonException.class);
    }

    @Test
    void instant_isRfc3339() {
        assertThat(Json.text(Instant.ofEpochMilli(1_700_000_000_123L))).isEqualTo("\"2023-11-14T22:13:20.123Z\"");
    }

    /** From RFC 8785, section 3.2.2 and appendix B. */
    @ParameterizedTest
    @CsvSource({"333333333.33333329,333333333.3333333", "1E30,1e+30", "4.50,4.5", "2e-3,0.002", "1e-27,1e-27", "-0.0,0"
    })
    void canonical_number_isWrittenAsEcmaScriptDoes(String given, String expected) {
        assertThat(canonical(Json.MAPPER.readTree("[" + given + "]"))).isEqualTo("[" + expected + "]");
    }

    /** From RFC 8785, section 3.2.3: keys are sorted by their UTF-16 code units. */
    @Test
    void canonical_keys_areSortedByCodeUnits() {
        var tree = Json.MAPPER.readTree(
                "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}");
        assertThat(canonical(tree))
                .isEqualTo(
                        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    @Test
    void canonical_numberBeyondExactness_isRefused() {
        assertThat(canonical(Map.of("n", 1L << 53))).isEqualTo("{\"n\":9007199254740992}");
        assertThatThrownBy(() -> canonical(Map.of("n", (1L << 53) + 1))).hasMessageContaining("not exact");
        assertThatThrownBy(() -> canonical(Map.of("n", -(1L << 53) - 1))).hasMessageContaining("not exact");
        assertThatThrownBy(() -> canonical(Map.of("x", Double.NaN))).hasMessageContaining("no place in JSON");
    }

    private static String canonical(Object value) {
        return new String(CanonicalJson.bytes(value), StandardCharsets.UTF_8);
    }
}
