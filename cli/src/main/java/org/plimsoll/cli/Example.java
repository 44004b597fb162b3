package org.plimsoll.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import org.plimsoll.core.YamlDocument;

/**
 * A data set that comes with Plimsoll, as its {@code example.yaml} describes it.
 *
 * @param name also that of its folder in {@code examples/}
 * @param task {@code binary}, {@code multiclass} or {@code regression}
 * @param source where the data come from; beside them lies the licence
 */
record Example(
        String name,
        String title,
        String data,
        String task,
        String target,
        Optional<String> time,
        Optional<String> entity,
        List<String> segments,
        long rows,
        String source,
        String licence) {

    private static final String FILE = "example.yaml";

    Example {
        segments = List.copyOf(segments);
    }

    private static Path folder() {
        return Path.of(System.getProperty("plimsoll.root", "")).resolve("examples");
    }

    /** All there are, by name. */
    static List<Example> all() {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        List<Example> all = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder())) {
            for (Path each : folders.sorted().toList()) {
                if (Files.isRegularFile(each.resolve(FILE))) {
                    all.add(YamlDocument.parse(each.resolve(FILE).toString(), Files.readString(each.resolve(FILE)))
                            .read(Example.class));
                }
            }
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, folder() + " cannot be read: " + e.getMessage());
        }
        return List.copyOf(all);
    }

    /** The one of this name. @throws Problem with the likely one where there is none */
    static Example named(List<Example> all, String name) {
        List<String> names = all.stream().map(Example::name).toList();
        return all.stream()
                .filter(example -> example.name.equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.NOT_FOUND,
                        "there is no example " + name
                                + Spelling.nearest(name, names)
                                        .map(likely -> "; did you mean " + likely + "?")
                                        .orElse("; there are " + String.join(", ", names))));
    }

    /** Its file. */
    @JsonIgnore
    Path file() {
        return folder().resolve(name).resolve(data);
    }
}
