package org.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.plimsoll.core.Verdict.ERROR;
import static org.plimsoll.core.Verdict.HARM;
import static org.plimsoll.core.Verdict.INCONCLUSIVE;
import static org.plimsoll.core.Verdict.PASS;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void worst_hasTheHousesPrecedence() {
        assertThat(Verdict.worst(List.of(PASS, PASS))).isEqualTo(PASS);
        assertThat(Verdict.worst(List.of(PASS, INCONCLUSIVE))).isEqualTo(INCONCLUSIVE);
        assertThat(Verdict.worst(List.of(ERROR, INCONCLUSIVE, PASS))).isEqualTo(ERROR);
        assertThat(Verdict.worst(List.of(ERROR, HARM, PASS))).isEqualTo(HARM);
    }

    @Test
    void worst_ofNothing_isNeverSuccess() {
        assertThat(Verdict.worst(List.of())).isEqualTo(ERROR);
    }
}
