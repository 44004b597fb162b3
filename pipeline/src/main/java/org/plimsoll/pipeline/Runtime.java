package org.plimsoll.pipeline;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import org.plimsoll.evaluation.Evaluation;
import org.plimsoll.scoring.Task;
import org.plimsoll.statistics.Sum;

/**
 * What executes a step, as far as it can change what comes out.
 *
 * @param parts name to version or digest: {@code java}, {@code plimsoll} (a digest over our own code, so that no change of it
 *     can be forgotten), {@code duckdb}, {@code xgboost}; of a command its {@code program} and installed {@code packages}
 */
public record Runtime(String os, String arch, SortedMap<String, String> parts) {

    private static final List<Class<?>> OURS =
            List.of(Runtime.class, Evaluation.class, Task.class, Query.class, Sum.class, Digest.class);

    public Runtime {
        parts = new TreeMap<>(parts);
    }

    /** The runtime of this process for a kind of work. */
    static Runtime of(Work work) {
        SortedMap<String, String> parts = new TreeMap<>();
        switch (work) {
            case Work.Sql ignored -> ours(parts);
            case Work.Split ignored -> ours(parts);
            case Work.Evaluate ignored -> ours(parts);
            case Work.Train train -> {
                ours(parts);
                Trainer trainer =
                        Trainer.named(train.trainer()).orElseThrow(() -> Problem.notFound("trainer", train.trainer()));
                parts.put(trainer.name(), trainer.version());
            }
            case Work.Command command ->
                parts.putAll(Program.find(command.argv().getFirst()).identity());
        }
        return new Runtime(System.getProperty("os.name"), System.getProperty("os.arch"), parts);
    }

    /** What is another there: name to both values, digests shortened. */
    Map<String, Comparison.Pair> differing(Runtime other) {
        return Comparison.differing(words(), other.words());
    }

    private Map<String, String> words() {
        Map<String, String> words = new TreeMap<>();
        words.put("machine", os + " " + arch);
        parts.forEach((name, part) -> words.put(name, part.startsWith("sha256:") ? part.substring(7, 15) : part));
        return words;
    }

    private static void ours(Map<String, String> parts) {
        parts.put("java", java.lang.Runtime.version().toString());
        parts.put("plimsoll", Own.CODE.value());
        parts.put("duckdb", jarOf("org/duckdb/DuckDBDriver.class"));
    }

    /** The name of the jar this class is in, which carries the version. */
    private static String jarOf(String resource) {
        URL url = Runtime.class.getClassLoader().getResource(resource);
        String text = String.valueOf(url);
        int end = text.indexOf(".jar!");
        return end < 0 ? "unknown" : text.substring(text.lastIndexOf('/', end) + 1, end);
    }

    /** Computed once: our code does not change while it runs. */
    private static final class Own {
        static final Digest CODE = code();

        private static Digest code() {
            MessageDigest all = Digest.sha256();
            for (Class<?> room : OURS) {
                all.update(codeOf(room).bytes());
            }
            return Digest.of(all);
        }

        private static Digest codeOf(Class<?> room) {
            Path place = Optional.ofNullable(room.getProtectionDomain().getCodeSource())
                    .map(CodeSource::getLocation)
                    .map(Own::path)
                    .orElseThrow(() -> new IllegalStateException(room + " comes from nowhere"));
            try (Stream<Path> walk = Files.walk(place)) {
                MessageDigest digest = Digest.sha256();
                for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(place.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Digest.of(Files.readAllBytes(file)).bytes());
                }
                return Digest.of(digest);
            } catch (IOException e) {
                throw Problem.internal("cannot read our own code at " + place, e);
            }
        }

        private static Path path(URL url) {
            try {
                return Path.of(url.toURI());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(url + " is not a place in the file system", e);
            }
        }
    }
}
