package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/** What every blob store holds to; one test class for each store extends this. */
public abstract class BlobStoreContract {

    @TempDir
    protected Path folder;

    protected abstract BlobStore blobs();

    private static InputStream bytes(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @Test
    void add_bytesOfManySizes_comeBackUnderTheirDigest() throws Exception {
        var random = new Random(7);
        for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 300_000}) {
            byte[] data = new byte[size];
            random.nextBytes(data);
            Digest digest = blobs().add(bytes(data));
            assertThat(digest).isEqualTo(Digest.of(data));
            assertThat(blobs().has(digest)).isTrue();
            assertThat(blobs().size(digest)).isEqualTo(size);
            assertThat(blobs().read(digest)).isEqualTo(data);
            assertThat(Files.readAllBytes(blobs().fetch(digest))).isEqualTo(data);
            try (InputStream read = blobs().open(digest)) {
                assertThat(read.readAllBytes()).isEqualTo(data);
            }
        }
    }

    @Test
    void add_aFile_keepsACopy() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "one");
        Digest digest = blobs().add(file);
        Files.writeString(file, "two");
        assertThat(blobs().read(digest)).asString(StandardCharsets.UTF_8).isEqualTo("one");
    }

    @Test
    void addAll_manyFiles_digestsInTheirOrder() throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            files.add(Files.writeString(folder.resolve("file-" + i), "content " + i % 250));
        }
        List<Digest> digests = blobs().addAll(files);
        for (int i = 0; i < files.size(); i++) {
            assertThat(digests.get(i)).isEqualTo(Digest.of("content " + i % 250));
        }
        assertThat(blobs().read(digests.get(299)))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("content 49");
        assertThat(blobs().addAll(List.of())).isEmpty();
    }

    @Test
    void add_sameBytesAtOnce_allAreFine() throws Exception {
        byte[] data = new byte[200_000];
        List<Callable<Digest>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            writers.add(() -> blobs().add(bytes(data)));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var digest : threads.invokeAll(writers)) {
                assertThat(blobs().read(digest.get())).isEqualTo(data);
            }
        }
    }

    @Test
    void missing_anything_isNotFound() {
        Digest missing = Digest.of("missing");
        assertThat(blobs().has(missing)).isFalse();
        for (Callable<?> ask : List.<Callable<?>>of(
                () -> blobs().open(missing),
                () -> blobs().read(missing),
                () -> blobs().fetch(missing),
                () -> blobs().size(missing))) {
            assertThatThrownBy(ask::call)
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.NOT_FOUND));
        }
    }

    @Test
    void add_sourceFails_keepsNothing() {
        var failing = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("connection reset");
                }
                return 'x';
            }
        };
        assertThatThrownBy(() -> blobs().add(failing)).hasMessageContaining("connection reset");
        assertThatThrownBy(() -> blobs().add(folder.resolve("none"))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> blobs().addAll(List.of(folder.resolve("none"))))
                .isInstanceOf(Problem.class);
    }

    @Test
    void folder_addedAndRestored_isTheSameAndSoIsItsDigest() throws Exception {
        Path model = Files.createDirectories(folder.resolve("model/data/deep"));
        Files.writeString(folder.resolve("model/MLmodel"), "flavors: {}");
        Files.writeString(model.resolve("model.xgb"), "trees");
        Files.writeString(folder.resolve("model/data.txt"), "");
        Digest digest = Folders.add(blobs(), folder.resolve("model"));

        Folder manifest = Folders.read(blobs(), digest);
        assertThat(manifest.files())
                .extracting(Folder.File::name)
                .containsExactly("MLmodel", "data.txt", "data/deep/model.xgb");
        assertThat(manifest.bytes()).isEqualTo(16);
        Folders.restore(blobs(), digest, folder.resolve("restored"));
        assertThat(folder.resolve("restored/data/deep/model.xgb")).hasContent("trees");
        assertThat(Folders.add(blobs(), folder.resolve("restored"))).isEqualTo(digest);
        assertThat(new String(blobs().read(digest), StandardCharsets.UTF_8))
                .startsWith("{\"files\":[{\"bytes\":11,\"digest\":\"sha256:")
                .endsWith("\"name\":\"data/deep/model.xgb\"}],\"v\":1}");

        assertThatThrownBy(() -> Folders.restore(blobs(), digest, folder.resolve("model")))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.CONFLICT));
    }

    @Test
    void folder_whatIsNoFolder_isRefused() throws Exception {
        Files.createDirectories(folder.resolve("linked"));
        Files.createSymbolicLink(folder.resolve("linked/link"), Path.of("/etc/passwd"));
        assertThatThrownBy(() -> Folders.add(blobs(), folder.resolve("linked"))).hasMessageContaining("links");
        assertThatThrownBy(() -> Folders.add(blobs(), folder.resolve("none"))).isInstanceOf(Problem.class);
        for (String name : List.of("../up", "/root", "a//b", "a/./b", "", "a\\b")) {
            assertThatThrownBy(() -> new Folder.File(name, Digest.of("x"), 1))
                    .as(name)
                    .isInstanceOf(Problem.class);
        }
        for (String manifest : List.of(
                "not json",
                "{}",
                "{\"files\":[],\"v\":2}",
                "{\"files\":[{\"bytes\":1,\"digest\":\"" + Digest.of("x") + "\",\"name\":\"../../etc/x\"}],\"v\":1}")) {
            Digest digest = blobs().add(bytes(manifest.getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> Folders.restore(blobs(), digest, folder.resolve("out")))
                    .as(manifest)
                    .isInstanceOf(Problem.class);
        }
    }
}
