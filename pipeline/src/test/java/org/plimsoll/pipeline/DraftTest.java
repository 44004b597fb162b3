package org.plimsoll.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.data.Inspector;
import org.plimsoll.data.Query;
import org.plimsoll.scoring.Task;

/** The first pipeline.yaml reads as it was meant, and each guess in it is overruled by the line that its comment names. */
class DraftTest {

    @TempDir
    Path folder;

    private int files;

    private Draft draft(String csv, String target) throws IOException {
        Path file = Files.writeString(folder.resolve("data.csv"), csv);
        return new Draft(
                new ExperimentName("own"),
                new DatasetName("own"),
                new Inspector(Query.standard(folder.resolve("queries")), folder)
                        .inspect(
                                file,
                                folder.resolve("rows-" + files++ + ".parquet"),
                                new Inspector.Asked(target, Optional.empty(), Optional.empty(), List.of())));
    }

    private Pipeline read(String yaml) throws IOException {
        return PipelineFile.read(Files.writeString(folder.resolve("pipeline.yaml"), yaml), Map.of());
    }

    private static Task task(Pipeline pipeline) {
        return pipeline.steps().stream()
                .map(PipelineStep::work)
                .filter(Work.Train.class::isInstance)
                .map(Work.Train.class::cast)
                .findFirst()
                .orElseThrow()
                .task();
    }

    private static List<String> features(Pipeline pipeline) {
        return pipeline.steps().stream()
                .map(PipelineStep::work)
                .filter(Work.Train.class::isInstance)
                .map(Work.Train.class::cast)
                .findFirst()
                .orElseThrow()
                .features()
                .stream()
                .map(Work.Feature::column)
                .toList();
    }

    /** Rows with a target of so many whole numbers. */
    private static String whole(int values, int step, int from) {
        Random random = new Random(5);
        return "a,y\n"
                + IntStream.range(0, 20 * values)
                        .mapToObj(i -> random.nextGaussian() + "," + (from + step * (i % values)))
                        .collect(Collectors.joining("\n"));
    }

    @Test
    void names_thatMeanSomethingElsewhere_areRead() throws IOException {
        Random random = new Random(6);
        String csv = "\"- a: b\",#c,${HOME},null,\"it's \"\"so\"\"\",\"line\nbreak\",\"$y\"\n"
                + IntStream.range(0, 100)
                        .mapToObj(i -> random.nextInt(9) + ",p" + random.nextInt(3) + "," + random.nextInt(7) + ","
                                + random.nextInt(5) + "," + random.nextInt(8) + "," + random.nextInt(6) + ","
                                + (random.nextInt(3) == 0 ? "$1" : "no"))
                        .collect(Collectors.joining("\n"));
        Pipeline pipeline = read(draft(csv, "$y").yaml());
        assertThat(features(pipeline)).containsExactly("- a: b", "#c", "${HOME}", "null", "it's \"so\"", "line\nbreak");
        assertThat(task(pipeline).label()).isEqualTo("$y");
        assertThat(task(pipeline).positive()).contains("$1");
    }

    @Test
    void wholeNumbers_takenAsClasses_becomeANumberByOneLine() throws IOException {
        String yaml = draft(whole(26, 1, 0), "y").yaml();
        assertThat(task(read(yaml)).kind()).isEqualTo(Task.Kind.MULTICLASS);
        assertThat(yaml).contains("26 whole numbers from 0 to 25; as a number: regression");
        String overruled = yaml.replace("kind: multiclass", "kind: regression");
        assertThat(task(read(overruled)).kind()).isEqualTo(Task.Kind.REGRESSION);
    }

    @Test
    void wholeNumbers_takenAsANumber_becomeClassesByOneLine() throws IOException {
        String yaml = draft(whole(12, 10, 10), "y").yaml();
        assertThat(task(read(yaml)).kind()).isEqualTo(Task.Kind.REGRESSION);
        assertThat(yaml).contains("12 whole numbers from 10 to 120; as classes: multiclass");
        String overruled = yaml.replace("kind: regression", "kind: multiclass");
        Task task = task(read(overruled));
        assertThat(task.kind()).isEqualTo(Task.Kind.MULTICLASS);
        assertThat(task.classes()).hasSize(12).startsWith("10", "20");
    }

    @Test
    void words_takenAsClasses_becomeThisOrAnyOtherByOneLine() throws IOException {
        String yaml = draft(
                        whole(3, 1, 0)
                                .replace(",0", ",low")
                                .replace(",1", ",mid")
                                .replace(",2", ",high"),
                        "y")
                .yaml();
        Task many = task(read(yaml));
        assertThat(many.kind()).isEqualTo(Task.Kind.MULTICLASS);
        Task one = task(read(yaml.replace("kind: multiclass", "kind: binary")));
        assertThat(one.kind()).isEqualTo(Task.Kind.BINARY);
        assertThat(many.classes()).contains(one.positive().orElseThrow());
    }

    @Test
    void twoClasses_becomeProbabilitiesOfBothByOneLine() throws IOException {
        String yaml = draft(whole(2, 1, 0).replace(",0", ",no").replace(",1", ",yes"), "y")
                .yaml();
        assertThat(task(read(yaml)).positive()).contains("yes");
        assertThat(task(read(yaml.replace("kind: binary", "kind: multiclass"))).classes())
                .containsExactly("no", "yes");
        String numbers = draft(whole(2, 1, 0), "y").yaml();
        assertThat(task(read(numbers.replace("kind: binary", "kind: multiclass")))
                        .classes())
                .containsExactly("0", "1");
        assertThat(task(read(numbers.replace("kind: binary", "kind: regression")))
                        .kind())
                .isEqualTo(Task.Kind.REGRESSION);
    }

    /** What stands beside the split as another way is put in its place. */
    @Test
    void split_isAnotherByOneLine() throws IOException {
        Random random = new Random(9);
        String csv = "day,customer,a,y\n"
                + IntStream.range(0, 400)
                        .mapToObj(i -> "2024-%02d-%02d,c%d,%s,%s"
                                .formatted(
                                        1 + i / 40,
                                        1 + i % 28,
                                        random.nextInt(50),
                                        random.nextGaussian(),
                                        random.nextBoolean() ? "yes" : "no"))
                        .collect(Collectors.joining("\n"));
        String yaml = draft(csv, "y").yaml();
        assertThat(yaml)
                .contains("split: {by: row, test: 0.3}")
                .contains("# or {by: time, column: day, test: last 30 days}")
                .contains("# or {by: entity, column: A_CUSTOMER, test: 0.3}");
        Task timed = task(read(yaml.replace("{by: row, test: 0.3}", "{by: time, column: day, test: last 30 days}")));
        assertThat(timed.eventTime()).contains("day");
        Task entities = task(read(yaml.replace("{by: row, test: 0.3}", "{by: entity, column: customer, test: 0.3}")));
        assertThat(entities.entity()).contains("customer");
    }

    @Test
    void columns_leftOut_areUsedOnceTheirLineIsUncommented() throws IOException {
        Random random = new Random(8);
        String csv = "id,a,y\n"
                + IntStream.range(0, 200)
                        .mapToObj(i -> i + "," + random.nextGaussian() + "," + (random.nextInt(3) == 0 ? "yes" : "no"))
                        .collect(Collectors.joining("\n"));
        String yaml = draft(csv, "y").yaml();
        assertThat(features(read(yaml))).containsExactly("a");
        assertThat(features(read(yaml.replace("      # id:", "      id:")))).containsExactly("id", "a");
        assertThat(task(read(yaml.replace("positive: \"yes\"", "positive: \"no\"")))
                        .positive())
                .contains("no");
    }
}
