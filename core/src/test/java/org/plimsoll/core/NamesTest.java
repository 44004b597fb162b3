package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "late-arrival", "late-arrival-staging", "m2.v_3", "0"})
    void name_plain_isTaken(String name) {
        assertThat(new ModelName(name).toString()).isEqualTo(name);
    }

    /** These end up in addresses and in file names: each would reach somewhere it must not, or look like another name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "a/b",
                "a\\b",
                "../../etc/passwd",
                "a..b",
                "-a",
                "a-",
                "A",
                "ä",
                "a\nb",
                "a%2fb",
                "a\u0000",
                "a\u202eb",
                "／"
            })
    void name_thatCouldReachElsewhere_isRefused(String name) {
        assertThatThrownBy(() -> new EndpointName(name))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("endpoint is");
    }

    @Test
    void name_refused_saysTheLikelyOne() {
        assertThatThrownBy(() -> new ModelName("Late Arrival!")).hasMessageContaining("for example late-arrival");
    }

    @Test
    void name_lengthLimit_isExact() {
        assertThat(new DatasetName("a".repeat(100)).value()).hasSize(100);
        assertThatThrownBy(() -> new DatasetName("a".repeat(101))).isInstanceOf(Problem.class);
    }

    @Test
    void versionId_writtenAndRead_isTheSame() {
        var version = VersionId.parse("late-arrival@3");
        assertThat(version).isEqualTo(new VersionId(new ModelName("late-arrival"), 3));
        assertThat(Json.text(version)).isEqualTo("\"late-arrival@3\"");
        assertThat(Json.read("\"late-arrival@3\"", VersionId.class)).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"late-arrival", "@3", "late-arrival@", "late-arrival@0", "late-arrival@-1", "a@b", "a@1e3"})
    void versionId_ofAnotherForm_isRefused(String text) {
        assertThatThrownBy(() -> VersionId.parse(text)).isInstanceOf(Problem.class);
    }
}
