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
        return draft(csv, new Inspector.Asked(target, Optional.empty(), Optional.empty(), List.of()));
    }

    private Draft draft(String csv, Inspector.Asked asked) throws IOException {
        Path file = Files.writeString(folder.resolve("data.csv"), csv);
        return new Draft(
                new ExperimentName("own"),
                new DatasetName("own"),
                new Inspector(Query.standard(folder.resolve("queries")), folder)
                        .inspect(file, folder.resolve("rows-" + files++ + ".parquet"), asked));
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

    private static SplitRule rule(Pipeline pipeline) {
        return pipeline.steps().stream()
                .map(PipelineStep::work)
                .filter(Work.Split.class::isInstance)
                .map(work -> ((Work.Split) work).rule())
                .findFirst()
                .orElseThrow();
    }

    /** Of days and customers, 400 rows. */
    private static String visits() {
        Random random = new Random(9);
        return "day,customer,a,y\n"
                + IntStream.range(0, 400)
                        .mapToObj(i -> "2024-%02d-%02d,c%d,%s,%s"
                                .formatted(
                                        1 + i / 40,
                                        1 + i % 28,
                                        random.nextInt(50),
                                        random.nextGaussian(),
                                        random.nextBoolean() ? "yes" : "no"))
                        .collect(Collectors.joining("\n"));
    }

    @Test
    void rowsSplit_becomesOneByTimeOrEntity_byOneLine() throws IOException {
        String yaml = draft(visits(), "y").yaml();
        assertThat(rule(read(yaml))).isEqualTo(new SplitRule.Rows(0.3));

        Pipeline timed = read(yaml.replace("  # event_time: day ", "  event_time: day "));
        assertThat(task(timed).eventTime()).contains("day");
        assertThat(rule(timed)).isEqualTo(new SplitRule.Latest(0.3));
        Pipeline entities = read(yaml.replace("  # entity: A_CUSTOMER ", "  entity: customer "));
        assertThat(task(entities).entity()).contains("customer");
        assertThat(rule(entities)).isEqualTo(new SplitRule.Entities(0.3));
    }

    @Test
    void timeAndEntity_areTakenBack_byOneLine() throws IOException {
        String yaml = draft(visits(), new Inspector.Asked("y", Optional.of("day"), Optional.of("customer"), List.of()))
                .yaml();
        assertThat(rule(read(yaml))).isEqualTo(new SplitRule.Latest(0.2));
        assertThat(features(read(yaml))).containsExactly("a");

        Pipeline entities = read(yaml.replace("  event_time: day ", "  # event_time: day "));
        assertThat(rule(entities)).isEqualTo(new SplitRule.Entities(0.2));
        Pipeline timed = read(yaml.replace("  entity: customer ", "  # entity: customer "));
        assertThat(rule(timed)).isEqualTo(new SplitRule.Latest(0.2));
        assertThat(task(timed).entity()).isEmpty();
        Pipeline rows = read(yaml.replace("split: {test: 0.2,", "split: {by: row, test: 0.2,"));
        assertThat(rule(rows)).isEqualTo(new SplitRule.Rows(0.2));
        Pipeline days = read(yaml.replace("split: {test: 0.2,", "split: {test: last 30 days,"));
        assertThat(rule(days)).isEqualTo(new SplitRule.LastDays(30));
        Pipeline looking =
                read(yaml.replace("      # day: ", "      day: ").replace("      # customer: ", "      customer: "));
        assertThat(features(looking)).containsExactly("day", "customer", "a");
    }

    @Test
    void unitOfIntervals_isAnotherByOneLine() throws IOException {
        String yaml = draft(visits(), new Inspector.Asked("y", Optional.of("day"), Optional.empty(), List.of()))
                .yaml();
        assertThat(task(read(yaml)).clusterOrDefault()).contains(Task.DAY);
        assertThat(task(read(yaml.replace("  # cluster: row ", "  cluster: row ")))
                        .clusterOrDefault())
                .contains(Task.ROW);
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
