package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each target of {@link LoaderFuzz} over its seeds and over mutations of them, the same ones every time. The seeds are the models
 * in the repository, and in {@code fuzz/TARGET} what fuzzing once found.
 */
class LoaderFuzzTest {

    private static final int MUTATIONS = 200;
    private static final int LONGEST_SEED = 16_384;

    /** What breaks readers: limits of the types, words for no number, brackets without an end. */
    private static final List<String> TOKENS = List.of(
            "-1",
            "0",
            "2147483647",
            "-2147483648",
            "4294967295",
            "9223372036854775807",
            "1e999",
            "-1e-999",
            "NaN",
            "nan",
            "inf",
            "null",
            "true",
            "\"\"",
            "[",
            "]",
            "{",
            "}",
            "[]",
            "{}",
            ":",
            ",",
            "=",
            "\n\n",
            "\u0000",
            "&a",
            "*a",
            "!!x");

    @ParameterizedTest
    @CsvSource({
        "XgboostJson,  model.json",
        "XgboostUbj,   model.ubj",
        "LightgbmText, model.txt",
        "Onnx,         model.onnx",
        "Mlmodel,      MLmodel",
        "FeaturesJson, features.json",
        "Parts,        task.json"
    })
    void loader_overSeedsAndMutations_answersOrRefuses(String target, String file) throws Exception {
        Method harness = Class.forName(LoaderFuzz.class.getName() + "$" + target)
                .getDeclaredMethod("fuzzerTestOneInput", byte[].class);
        List<byte[]> seeds = seeds(target, file);
        assertThat(seeds).as("seeds of %s", target).isNotEmpty();
        for (byte[] seed : seeds) {
            harness.invoke(null, (Object) seed);
        }
        long seed = 77;
        Random random = new Random(seed);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutated(seeds, random);
            try {
                harness.invoke(null, (Object) mutated);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError("mutation " + i + " of seed " + seed + ", " + mutated.length + " bytes", e);
            }
        }
    }

    private static List<byte[]> seeds(String target, String file) throws IOException, URISyntaxException {
        List<byte[]> seeds = new ArrayList<>();
        Path resources = Path.of(Objects.requireNonNull(LoaderFuzzTest.class.getResource("models"))
                        .toURI())
                .resolveSibling("");
        try (Stream<Path> all = Files.walk(resources)) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                boolean isFound = path.getParent().endsWith(Path.of("fuzz", target));
                if (isFound || path.getFileName().toString().equals(file) && Files.size(path) <= LONGEST_SEED) {
                    seeds.add(Files.readAllBytes(path));
                }
            }
        }
        return seeds;
    }

    /** A seed with some bytes changed, left out, doubled, replaced by a token, or continued as another seed. */
    private static byte[] mutated(List<byte[]> seeds, Random random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int change = 0; change <= random.nextInt(5) && bytes.length > 0; change++) {
            int at = random.nextInt(bytes.length);
            int end = Math.min(bytes.length, at + 1 + random.nextInt(24));
            byte[] head = Arrays.copyOf(bytes, at);
            byte[] tail = Arrays.copyOfRange(bytes, end, bytes.length);
            bytes = switch (random.nextInt(6)) {
                case 0 -> {
                    byte[] changed = bytes.clone();
                    changed[at] = (byte) random.nextInt(256);
                    yield changed;
                }
                case 1 -> joined(head, tail);
                case 2 -> joined(Arrays.copyOf(bytes, end), Arrays.copyOfRange(bytes, at, bytes.length));
                case 3 -> joined(joined(head, token(random)), tail);
                case 4 -> joined(joined(head, token(random)), Arrays.copyOfRange(bytes, at, bytes.length));
                default -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    yield joined(head, Arrays.copyOfRange(other, Math.min(at, other.length), other.length));
                }
            };
        }
        return bytes;
    }

    private static byte[] token(Random random) {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
