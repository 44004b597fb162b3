package org.plimsoll.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Problem;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations.GetRun;
import org.plimsoll.tracking.TrackingOperations.ListArtifacts;
import org.plimsoll.tracking.Verification;

/** The contract of a program of the user's: it sees files and variables, nothing else; here it is a shell script. */
class CommandExecutionTest {

    private static final String PIPELINE = """
            pipeline: own
            data: {raw: rows@latest}
            steps:
              make:
                run: [sh, lib/make.sh, "two words"]
                in: [raw]
                code: [lib]
                params: {depth: 6, eta: 0.1}
                seed: 7
                threads: 3
                out: [table, folder]
              next: {run: [sh, lib/next.sh], in: [make.table, make.folder], code: [lib/next.sh], out: [end]}
            """;

    private static final String MAKE = """
            set -e
            ls "$IN_RAW" > "$OUT_TABLE"
            echo "$1 $SEED $OMP_NUM_THREADS $TZ $PYTHONHASHSEED $(cat $PARAMS_FILE)" >> "$OUT_TABLE"
            env | cut -d= -f1 | sort | tr '\\n' ' ' >> "$OUT_TABLE"
            mkdir "$OUT_FOLDER"; echo a > "$OUT_FOLDER/a.txt"
            echo '{"auc": 0.75, "nothing": null}' > "$METRICS_FILE"
            echo this goes to the log
            """;

    @TempDir
    Path folder;

    @AutoClose
    Laboratory lab;

    @BeforeEach
    void open() {
        lab = new Laboratory(folder);
        lab.data("rows", "SELECT i FROM range(10) AS t(i)");
        lab.write("pipeline.yaml", PIPELINE);
        lab.write("lib/make.sh", MAKE);
        lab.write("lib/.hidden", "not code");
        lab.write("lib/next.sh", "cat $IN_TABLE $IN_FOLDER/a.txt > $OUT_END; ls >> $OUT_END");
    }

    private String output(RunReport report, int step, int output) {
        return new String(
                lab.blobs.read(report.steps().get(step).outputs().get(output).digest()));
    }

    @Test
    void program_seesItsContractAndNothingElse() {
        RunReport report = lab.run();
        List<String> lines = output(report, 0, 0).lines().toList();
        assertThat(lines.get(0)).isEqualTo("00000.parquet");
        assertThat(lines.get(1)).isEqualTo("two words 7 3 UTC 0 {\"depth\":6,\"eta\":0.1}");
        assertThat(List.of(lines.get(2).split(" ")))
                .contains("IN_RAW", "OUT_TABLE", "OUT_FOLDER", "PARAMS_FILE", "METRICS_FILE", "SEED", "PATH", "HOME")
                .doesNotContain("JAVA_HOME", "USER", "MAVEN_OPTS", "PLIMSOLL_HOME");
        assertThat(output(report, 1, 0)).endsWith("a\nlib\n"); // its folder holds its code and nothing else
        Run run = lab.recorded(report);
        assertThat(run.metric("make/auc").orElseThrow().value()).isEqualTo(0.75);
        assertThat(run.metric("make/nothing").orElseThrow().value()).isNaN();
        assertThat(lab.ana.perform(new ListArtifacts(run.id())).artifacts())
                .extracting(it -> it.path())
                .containsExactly("logs/make.txt", "logs/next.txt", "pipeline.yaml");
    }

    @Test
    void program_runAgain_isAnsweredFromTheCacheUntilItsCodeChanges() {
        lab.run();
        assertThat(lab.run().isRestored()).isTrue();
        lab.write("lib/.hidden", "changed");
        assertThat(lab.run().isRestored()).isTrue();
        lab.write("lib/other.sh", "");
        assertThat(lab.run().steps())
                .extracting(step -> step.restoredFrom().isPresent())
                .containsExactly(false, true);
    }

    /** The same key made other bytes: said at once in a fresh run, and by a rerun. */
    @Test
    void program_thatIsNotDeterministic_isReported() {
        lab.write("lib/make.sh", MAKE + "date +%s%N >> $OUT_TABLE\n");
        RunReport first = lab.run();
        Pipeline pipeline = PipelineFile.read(folder.resolve("pipeline.yaml"), Map.of());
        RunReport fresh = lab.runner().run(pipeline, Optional.empty(), true, Watch.nobody());
        assertThat(fresh.steps().getFirst().differsFrom())
                .contains(first.steps().getFirst().run());
        RunReport again = lab.runner().rerun(first.run(), Watch.nobody());
        assertThat(again.isRepeated()).isFalse();
        assertThat(again.steps())
                .flatExtracting(StepReport::verifications)
                .extracting(Verification::level)
                .containsExactly(Verification.Level.DIFFERENT, Verification.Level.BYTES, Verification.Level.DIFFERENT);
        assertThat(lab.recorded(again).verifications()).hasSize(3);
    }

    /** White space of JSON carries no meaning: L2. */
    @Test
    void program_whoseJsonDiffersInWhiteSpace_repeatsInMeaning() {
        lab.write("lib/make.sh", MAKE + "n=$(($(date +%s%N) % 1000)); printf '{%*s\"a\": 1}' $n '' > $OUT_TABLE\n");
        lab.run();
        RunReport again = lab.runner().rerun("latest", Watch.nobody());
        assertThat(again.steps().getFirst().verifications().getFirst().level())
                .isIn(Verification.Level.MEANING, Verification.Level.BYTES); // one in a thousand has as many spaces
        assertThat(again.steps().getFirst().verifications().getFirst().level())
                .isNotEqualTo(Verification.Level.DIFFERENT);
    }

    @Test
    void program_thatFails_showsItsLastLines() {
        lab.write("lib/make.sh", "echo first; echo no such column >&2; exit 3");
        assertThatThrownBy(lab::run)
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("step make: the command sh lib/make.sh two words ended with exit code 3")
                .hasMessageContaining("  no such column");
        Run failed = lab.ana.perform(new GetRun("latest"));
        assertThat(failed.status()).isEqualTo(Run.Status.FAILED);
        assertThat(lab.ana.perform(new ListArtifacts(failed.id())).artifacts()).hasSize(2); // its log is kept too
    }

    @Test
    void program_thatForgetsAnOutput_isTold() {
        lab.write("lib/make.sh", MAKE.replace("mkdir", "true #"));
        assertThatThrownBy(lab::run).hasMessageContaining("wrote no output folder: it belongs where OUT_FOLDER says");
    }

    @Test
    void program_thatIsNotThere_isNamedBeforeAnythingRuns() {
        lab.write("pipeline.yaml", PIPELINE.replace("[sh, lib/make.sh", "[no-such-program, lib/make.sh"));
        assertThatThrownBy(lab::run).hasMessage("there is no program no-such-program on this machine's PATH");
        assertThatThrownBy(() -> lab.ana.perform(new GetRun("latest"))).isInstanceOf(Problem.class);
    }

    /** Ctrl-C: the program and what it started end, the run is KILLED, and the next run goes on from the cache. */
    @Test
    void run_interrupted_endsItsProgramAndCanGoOn() throws Exception {
        lab.write("lib/next.sh", "sleep 600 & echo $! > $HOME/../../../pid; wait");
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread runner = Thread.ofPlatform().start(() -> {
            try {
                lab.run();
            } catch (RuntimeException e) {
                ended.set(e);
            }
        });
        Path pid = folder.resolve("pid");
        while (runner.isAlive() && (!Files.exists(pid) || Files.size(pid) == 0)) {
            Thread.sleep(20);
        }
        assertThat(ended.get()).isNull();
        long child = Long.parseLong(Files.readString(pid).strip());
        runner.interrupt();
        runner.join();
        assertThat(ended.get()).hasMessageContaining("was interrupted; run again to go on where it was");
        for (int i = 0; i < 500 && isRunning(child); i++) {
            Thread.sleep(20);
        }
        assertThat(isRunning(child)).isFalse();
        Run killed = lab.ana.perform(new GetRun("latest"));
        assertThat(killed.status()).isEqualTo(Run.Status.KILLED);

        List<String> began = new ArrayList<>();
        lab.write("lib/next.sh", "cp $IN_TABLE $OUT_END");
        RunReport after = lab.run();
        after.steps().stream().filter(it -> it.restoredFrom().isEmpty()).forEach(it -> began.add(it.name()));
        assertThat(began).containsExactly("make", "next"); // the script is in the code of both
    }

    /** A killed process that nobody has waited for yet is no longer running, though the system still lists it. */
    private static boolean isRunning(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
                && !(Files.exists(stat) && Files.readString(stat).contains(") Z "));
    }

    /** What another step or the home holds cannot be changed through an input. */
    @Test
    void program_thatWritesToItsInput_changesOnlyItsCopy() {
        lab.write("lib/next.sh", "echo spoiled > $IN_TABLE; echo spoiled > $IN_FOLDER/a.txt; echo x > $OUT_END");
        RunReport report = lab.run();
        assertThat(output(report, 0, 0)).doesNotContain("spoiled");
    }
}
