package org.plimsoll.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.store.Folder;
import tools.jackson.core.JacksonException;

/** The files of a {@link ModelArtifact} beside the model's own: written last, read first, and named by one digest with all others. */
final class ArtifactFiles {

    static final String MLMODEL = "MLmodel";
    static final String FEATURES = "features.json";
    static final String GOLDEN = "golden.json";

    private static final int V = 1;

    /**
     * {@code task.json}.
     *
     * @param output which of the model's own outputs answers the task, where somebody said so
     * @param engine {@code onnxruntime} where the golden rows of a graph that our own engine knows were not equal
     */
    record Declared(int v, Task task, Signature signature, Optional<String> output, Optional<String> engine) {

        Declared(Task task, Signature signature, Optional<String> output, Optional<String> engine) {
            this(V, task, signature, output, engine);
        }
    }

    private ArtifactFiles() {}

    /** Writes files into a folder that is empty or not there yet. */
    static void fill(Path folder, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw Problem.of(Problem.Kind.CONFLICT, folder + " is not empty; name a folder that is not there yet");
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(parent(target));
            Files.write(target, file.getValue());
        }
    }

    /** Adds what makes a model folder an artifact. */
    static void complete(Path folder, Declared declared, Optional<Features> features, GoldenRows golden, Columns rows)
            throws IOException {
        if (features.isPresent()) {
            Files.write(folder.resolve(FEATURES), features.get().write());
        }
        Files.write(folder.resolve(ModelArtifact.TASK), CanonicalJson.bytes(declared));
        Files.write(
                folder.resolve(ModelArtifact.PROFILE),
                TrainingProfile.of(
                                declared.task(), declared.signature().inputs().names(), rows)
                        .write());
        Files.write(folder.resolve(GOLDEN), golden.write());
    }

    /** The files of a folder as they are; links are not followed, since they could lead anywhere. */
    static Map<String, byte[]> of(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                if (Files.isSymbolicLink(file)) {
                    throw Problem.of(
                            Problem.Kind.INVALID, file + " is a link; a model folder holds its files themselves");
                }
                String name = folder.relativize(file).toString().replace('\\', '/');
                boolean ours = name.equals(FEATURES)
                        || name.equals(ModelArtifact.TASK)
                        || name.equals(GOLDEN)
                        || name.equals(ModelArtifact.PROFILE);
                if (Files.isRegularFile(file) && !ours) {
                    files.put(name, Engines.bytes(file));
                }
            }
        }
        return files;
    }

    /** The folder that a file is in. */
    static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** The bytes of {@code task.json}. @throws Problem where they are not, or of a later version */
    static Declared declared(byte[] json) {
        Declared declared;
        try {
            declared = Json.read(json, Declared.class);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "task.json: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (declared.v > V) {
            throw Problem.invalid("task.json v", declared.v, "at most " + V + "; a newer Plimsoll wrote it");
        }
        return declared;
    }

    /** The digest of a folder's manifest. */
    static Digest digestOf(Path folder) {
        List<Folder.File> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                files.add(new Folder.File(name, digest(file), Files.size(file)));
            }
        } catch (IOException e) {
            throw Problem.internal("cannot read the folder " + folder, e);
        }
        return CanonicalJson.digest(Folder.of(files));
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        }
        return Digest.of(sha256);
    }
}
