package org.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Verdict;
import org.plimsoll.monitoring.Crossing.Kind;
import org.plimsoll.monitoring.Crossing.Severity;
import org.plimsoll.monitoring.Harbour.Sea;
import org.plimsoll.monitoring.WindowJob.JudgeWindows;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.JobKind;
import org.plimsoll.store.Worker;

/** Windows of a real log and a real database, judged by the real worker. */
@EachDatabase
class WindowJobTest {

    private static final int ROWS = 1_000;

    @Parameter
    private Databases databases;

    @TempDir
    private Path folder;

    @AutoClose
    private Harbour harbour;

    @BeforeEach
    void open() {
        harbour = new Harbour(databases, folder, 7);
    }

    private static LocalDate day(int n) {
        return Harbour.FIRST.plusDays(n);
    }

    /** Sails some days, tells the truth of each before the next. */
    private void days(int from, int until, Sea sea) {
        for (int n = from; n < until; n++) {
            harbour.sail(day(n), ROWS, sea);
            harbour.tell();
            harbour.look();
        }
    }

    private List<Crossing> crossings(int n, Kind kind) {
        return harbour.window(day(n)).crossings().stream()
                .filter(it -> it.kind() == kind)
                .toList();
    }

    @Test
    void calmDays_areJudgedOnceOnColumnsAndOnceOnTruths() {
        days(0, 12, Sea.CALM);
        List<Window> all = harbour.all();
        assertThat(all)
                .extracting(Window::day)
                .containsExactlyElementsOf(day(0).datesUntil(day(11)).toList());
        assertThat(all).allSatisfy(window -> {
            assertThat(window.rows()).isEqualTo(ROWS);
            assertThat(window.state()).isEqualTo(Window.State.MATURE);
            assertThat(window.revision()).as(window.day() + "").isEqualTo(2);
            assertThat(window.alarms()).as(window.day() + "").isEmpty();
            assertThat(window.verdict()).isIn(Verdict.PASS, Verdict.INCONCLUSIVE);
        });
        assertThat(harbour.events("window.judged")).isEqualTo(22);
        Window last = all.getLast();
        assertThat(last.verdict()).isEqualTo(Verdict.PASS);
        assertThat(last.performance())
                .filteredOn(it -> it.origin() == WatchedClaim.Origin.APPROVAL
                        && it.segment().isEmpty())
                .singleElement()
                .satisfies(claim -> {
                    assertThat(claim.from()).isEqualTo(day(0));
                    assertThat(claim.lower().orElseThrow())
                            .isLessThan(claim.measured().orElseThrow());
                    assertThat(claim.estimated().orElseThrow()).isBetween(0.7, 0.9);
                });
        assertThat(harbour.list().missed()).isEmpty();
    }

    @Test
    void aColumnInOtherUnits_isAnAlarmInItsFirstWindow() {
        days(0, 5, Sea.CALM);
        days(5, 7, Sea.scaled(1.6 * 4));
        assertThat(crossings(5, Kind.DATA)).extracting(Crossing::what).contains("out_of_range");
        assertThat(crossings(5, Kind.DATA)).anyMatch(Crossing::isAlarm);
        assertThat(harbour.window(day(5)).verdict()).isEqualTo(Verdict.HARM);
        assertThat(crossings(5, Kind.INPUT_DRIFT).getFirst().since()).isEqualTo(day(5));
    }

    @Test
    void inputDriftAlone_isAWarning_andSaysSinceWhen() {
        days(0, 4, Sea.CALM);
        days(4, 14, Sea.shifted(0.3));
        Window last = harbour.window(day(12));
        assertThat(last.crossings())
                .filteredOn(it -> it.kind() == Kind.INPUT_DRIFT)
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.severity()).isEqualTo(Severity.WARNING);
                    assertThat(it.column()).contains("x");
                    assertThat(it.since()).isAfterOrEqualTo(day(4)).isBefore(day(12));
                });
        assertThat(last.alarms()).isEmpty();
    }

    @Test
    void worsePerformance_isAnAlarm_forThePageOfTheObligation() {
        days(0, 8, Sea.CALM);
        days(8, 13, Sea.wrong(0.9));
        assertThat(harbour.window(day(7)).alarms()).isEmpty();
        Window last = harbour.window(day(11));
        assertThat(last.verdict()).isEqualTo(Verdict.HARM);
        assertThat(last.alarms())
                .filteredOn(it -> it.page().isPresent())
                .isNotEmpty()
                .allMatch(it -> it.kind() == Kind.PERFORMANCE && it.what().equals("auc"));
        assertThat(harbour.events("incident.opened")).isPositive();
    }

    @Test
    void aDayWithoutData_andTruthsThatDoNotCome_areFindings() {
        days(0, 3, Sea.CALM);
        days(4, 6, Sea.CALM);
        assertThat(harbour.window(day(3)).verdict()).isEqualTo(Verdict.ERROR);
        assertThat(crossings(3, Kind.NO_DATA))
                .singleElement()
                .satisfies(it -> assertThat(it.isAlarm()).isTrue());
        harbour.sail(day(6), ROWS, Sea.CALM);
        harbour.sail(day(7), ROWS, Sea.CALM);
        harbour.look();
        assertThat(crossings(6, Kind.NO_OUTCOMES)).singleElement().satisfies(it -> {
            assertThat(it.isAlarm()).isTrue();
            assertThat(it.share()).isEqualTo(1);
        });
        assertThat(harbour.window(day(6)).verdict()).isIn(Verdict.ERROR, Verdict.HARM);
    }

    @Test
    void truthsThatComeLate_areJudgedAgain_asANewRevision() {
        harbour.sail(day(0), ROWS, Sea.CALM);
        harbour.tell(0.5);
        harbour.sail(day(1), ROWS, Sea.CALM);
        harbour.look();
        Window before = harbour.window(day(0));
        assertThat(before.state()).isEqualTo(Window.State.MATURE);
        assertThat(crossings(0, Kind.NO_OUTCOMES)).hasSize(1);
        harbour.tell();
        harbour.look();
        Window after = harbour.window(day(0));
        assertThat(after.revision()).isEqualTo(before.revision() + 1);
        assertThat(crossings(0, Kind.NO_OUTCOMES)).isEmpty();
        harbour.tell(); // nothing more to tell
        harbour.look();
        assertThat(harbour.window(day(0)).revision()).isEqualTo(after.revision());
    }

    @Test
    void brokenColumns_areFindings() {
        days(0, 2, Sea.CALM);
        days(2, 3, Sea.missing(1));
        days(3, 4, Sea.infinite(0.2));
        days(4, 5, Sea.flat());
        days(5, 6, Sea.strange("HNL"));
        days(6, 7, Sea.missing(0.3));
        days(7, 8, Sea.withoutPort());
        days(8, 10, Sea.CALM);
        assertThat(what(2)).contains("missing x ALARM");
        assertThat(what(3)).contains("infinite x ALARM");
        assertThat(what(4)).contains("constant x ALARM");
        assertThat(what(5)).contains("unseen port ALARM");
        assertThat(what(6)).contains("missing x ALARM");
        assertThat(what(7)).contains("missing port ALARM");
        assertThat(what(8)).isEmpty();
    }

    private List<String> what(int n) {
        return crossings(n, Kind.DATA).stream()
                .map(it -> it.what() + " " + it.column().orElse("") + " " + it.severity())
                .toList();
    }

    @Test
    void timeThatJumps_isOneFinding_andNoThousandWindows() {
        days(0, 3, Sea.CALM);
        harbour.sail(day(400), 10, Sea.CALM);
        harbour.look();
        harbour.sail(day(401), ROWS, Sea.CALM);
        harbour.look();
        assertThat(harbour.all()).hasSize(5);
        assertThat(crossings(3, Kind.NO_DATA)).singleElement().satisfies(it -> {
            assertThat(it.what()).isEqualTo("clock");
            assertThat(it.text()).contains("397 days");
        });
        harbour.now = Harbour.at(day(10));
        harbour.look();
        assertThat(harbour.all()).hasSize(5);
        assertThat(harbour.list().note().orElseThrow()).contains("clock went back");
    }

    @Test
    void rowsForAJudgedDay_areCountedAsLate() {
        days(0, 3, Sea.CALM);
        harbour.sail(day(0), 50, Sea.CALM);
        days(3, 5, Sea.CALM);
        assertThat(harbour.all().stream().flatMap(it -> it.crossings().stream()).map(Crossing::what))
                .containsOnlyOnce("late");
    }

    @Test
    void daysMissedWhileNoNodeRan_areCaughtUpInOrder() {
        for (int n = 0; n < 45; n++) {
            harbour.sail(day(n), 100, Sea.CALM);
        }
        harbour.tell();
        assertThat(harbour.list().missed()).isEmpty(); // nobody has looked: there is no first day yet
        harbour.look();
        assertThat(harbour.all()).hasSize(44);
        assertThat(harbour.all()).allMatch(it -> it.state() == Window.State.MATURE);
    }

    /** The same days with a new node each day, and with one node for all. */
    @Test
    void aNodeThatStartsAnew_findsTheSame() throws Exception {
        try (Harbour other = new Harbour(databases, folder.resolve("other"), 7)) {
            for (int n = 0; n < 6; n++) {
                Sea sea = n < 3 ? Sea.CALM : Sea.shifted(0.5);
                for (Harbour each : List.of(harbour, other)) {
                    each.sail(day(n), ROWS / 2, sea);
                    each.look();
                    each.restart();
                    each.tell();
                    each.look();
                }
                other.restart();
            }
            assertThat(found(other)).isEqualTo(found(harbour)).hasSize(5);
        }
    }

    private static List<String> found(Harbour harbour) {
        return harbour.all().stream()
                .map(it -> it.day() + " " + it.verdict() + " " + it.columns() + " " + it.performance() + " "
                        + it.crossings())
                .toList();
    }

    /** Node A has done the work when node B takes its job over and closes it: what A brings is dropped. */
    @Test
    void aNodeThatFallsSilentBeforeItCloses_takesNoEffect() {
        harbour.sail(day(0), ROWS, Sea.CALM);
        harbour.sail(day(1), ROWS, Sea.CALM);
        AtomicBoolean isSilent = new AtomicBoolean(true);
        WindowJob slow = new WindowJob(
                harbour.database, harbour.endpoints, _ -> harbour.now, harbour.log, harbour.approvals, harbour.windows);
        @SuppressWarnings("unchecked")
        JobKind<JudgeWindows> kind = (JobKind<JudgeWindows>) slow.kind();
        JobKind<JudgeWindows> stalling = new JobKind<>(WindowJob.KIND, JudgeWindows.class, (job, request) -> {
            JobKind.Closing closing = kind.work().run(job, request);
            if (isSilent.getAndSet(false)) {
                harbour.clock.advance(Duration.ofMinutes(5));
                harbour.look();
                assertThat(harbour.all()).hasSize(1);
            }
            return closing;
        });
        Worker a = new Worker(harbour.database, Ids.next(), List.of(stalling), 1);
        harbour.clock.advance(Duration.ofSeconds(10));
        assertThat(a.runOne()).isTrue();
        assertThat(harbour.window(day(0)).revision()).isEqualTo(2); // B's two judgements, and none of A's
        long events = harbour.events("window.judged");
        harbour.look();
        assertThat(harbour.events("window.judged")).isEqualTo(events).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(harbour.now)).isAfter(Instant.EPOCH);
    }
}
