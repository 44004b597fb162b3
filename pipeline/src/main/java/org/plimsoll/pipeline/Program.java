package org.plimsoll.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * The program that a command starts, as it is installed here.
 *
 * @param asked as the pipeline names it
 * @param path found on the {@code PATH}
 */
record Program(String asked, Path path) {

    /** Finds a program as a shell would. A name with a {@code /} is a path. */
    static Program find(String name) {
        if (name.contains("/")) {
            return found(name, Stream.of(Path.of(name)));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        return found(
                name, Stream.of(path.split(":", -1)).filter(it -> !it.isEmpty()).map(it -> Path.of(it, name)));
    }

    private static Program found(String name, Stream<Path> places) {
        return places.filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst()
                .map(path -> new Program(name, path.toAbsolutePath()))
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.NOT_FOUND,
                        "there is no program " + name + " on this machine's PATH",
                        Map.of("program", name)));
    }

    /**
     * What tells one installation from another: the digest of the program's own bytes, and for Python one over the file lists
     * ({@code RECORD}, with the hashes of all files) of the packages beside it.
     */
    Map<String, String> identity() {
        Map<String, String> parts = new TreeMap<>();
        try {
            Path real = path.toRealPath();
            parts.put("program", asked);
            parts.put("program_digest", digest(real).value());
            Optional<Digest> packages = packages();
            packages.ifPresent(digest -> parts.put("packages", digest.value()));
            return parts;
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "the program " + path + " cannot be read: " + e);
        }
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest digest = Digest.sha256();
        try (var in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return Digest.of(digest);
    }

    /** {@code <prefix>/lib/python3.x/site-packages/*.dist-info/RECORD} of the environment that the program belongs to. */
    private Optional<Digest> packages() throws IOException {
        Optional<Path> prefix = Optional.ofNullable(path.getParent()).map(Path::getParent);
        if (prefix.isEmpty() || !String.valueOf(path.getFileName()).startsWith("python")) {
            return Optional.empty();
        }
        List<Path> records;
        Path lib = prefix.get().resolve("lib");
        if (!Files.isDirectory(lib)) {
            return Optional.empty();
        }
        try (Stream<Path> walk = Files.find(
                lib,
                4,
                (file, about) -> file.endsWith("RECORD") && file.toString().contains(".dist-info"))) {
            records = walk.sorted().toList();
        }
        MessageDigest all = Digest.sha256();
        for (Path record : records) {
            all.update(prefix.get().relativize(record).toString().getBytes(StandardCharsets.UTF_8));
            all.update(digest(record).bytes());
        }
        return Optional.of(Digest.of(all));
    }
}
