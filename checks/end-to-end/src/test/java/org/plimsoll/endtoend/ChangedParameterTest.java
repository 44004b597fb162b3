package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs again of the pipeline that {@code init} writes: nothing the second time, and only what a changed line reaches. */
class ChangedParameterTest {

    private static final Pattern STEP = Pattern.compile("\\b(split|train|evaluate)\\b");

    @TempDir
    Path folder;

    @Test
    void run_afterOneLineChanged_repeatsOnlyWhatItReaches() throws Exception {
        CommandLine outside = new CommandLine(folder);
        outside.call("init", "diabetes", "--example", "diabetes").done();
        CommandLine plimsoll = new CommandLine(folder.resolve("diabetes"), outside.home(), outside.root());

        assertThat(ran(plimsoll)).isEqualTo(Map.of("split", true, "train", true, "evaluate", true));
        assertThat(ran(plimsoll)).isEqualTo(Map.of("split", false, "train", false, "evaluate", false));

        Path file = plimsoll.folder().resolve("pipeline.yaml");
        String written = Files.readString(file);
        Files.writeString(file, written.replaceFirst("max_depth: \\d+", "max_depth: 2"));
        assertThat(Files.readString(file)).isNotEqualTo(written);
        assertThat(ran(plimsoll)).isEqualTo(Map.of("split", false, "train", true, "evaluate", true));

        Files.writeString(file, written);
        assertThat(ran(plimsoll))
                .as("as it was before")
                .isEqualTo(Map.of("split", false, "train", false, "evaluate", false));
    }

    /** Which steps were executed rather than answered from the cache. */
    private static Map<String, Boolean> ran(CommandLine plimsoll) throws Exception {
        Map<String, Boolean> steps = new TreeMap<>();
        for (String line : plimsoll.call("run").done().lines().toList()) {
            boolean isCached = line.contains(" cache");
            Matcher step = STEP.matcher(
                    line.contains("from cache (") ? line : line.strip().split(" ")[0]);
            while (line.startsWith(" ") && step.find()) {
                steps.put(step.group(1), !isCached);
            }
        }
        return steps;
    }
}
