package org.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.Crossing.Kind;
import org.plimsoll.monitoring.Harbour.Sea;
import org.plimsoll.scoring.Task;
import org.plimsoll.store.Databases;

/** Windows of an endpoint that answers the chances of three classes. */
class MulticlassWindowsTest {

    private static final int ROWS = 1_000;

    @TempDir
    private Path folder;

    @AutoClose
    private Harbour harbour;

    @BeforeEach
    void open() {
        harbour = new Harbour(Databases.SQLITE, folder, 11, Task.Kind.MULTICLASS);
    }

    private static LocalDate day(int n) {
        return Harbour.FIRST.plusDays(n);
    }

    private void days(int from, int until, Sea sea) {
        for (int n = from; n < until; n++) {
            harbour.sail(day(n), ROWS, sea);
            harbour.tell();
            harbour.look();
        }
    }

    @Test
    void calmDays_passOnEachClassAndOnTheAccuracy() {
        days(0, 12, Sea.CALM);
        Window last = harbour.window(day(10));
        assertThat(last.state()).isEqualTo(Window.State.MATURE);
        assertThat(last.alarms()).isEmpty();
        assertThat(last.verdict()).isEqualTo(Verdict.PASS);
        assertThat(last.columns()).extracting(WatchedColumn::name).contains("score.0", "score.1", "score.2");
        assertThat(last.performance())
                .filteredOn(it -> it.origin() == WatchedClaim.Origin.APPROVAL
                        && it.segment().isEmpty())
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.metric()).hasToString("accuracy");
                    assertThat(it.measured().orElseThrow()).isBetween(0.6, 0.8);
                });
    }

    @Test
    void truthsOfAnyClass_areAnAlarmOfTheAccuracy() {
        days(0, 8, Sea.CALM);
        days(8, 13, Sea.wrong(0.9));
        assertThat(harbour.window(day(7)).alarms()).isEmpty();
        assertThat(harbour.window(day(11)).alarms())
                .isNotEmpty()
                .allMatch(it -> it.kind() == Kind.PERFORMANCE && it.what().equals("accuracy"));
    }

    @Test
    void answersOfOtherRows_areADriftOfEachClass() {
        days(0, 4, Sea.CALM);
        days(4, 14, Sea.shifted(0.5));
        List<String> columns = harbour.window(day(12)).crossings().stream()
                .flatMap(it -> it.column().stream())
                .toList();
        assertThat(columns).contains("score.0", "score.1", "score.2");
    }
}
