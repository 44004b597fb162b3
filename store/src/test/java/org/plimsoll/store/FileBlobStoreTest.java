package org.plimsoll.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

class FileBlobStoreTest extends BlobStoreContract {

    private static final byte[] DATA = "the bytes of a model".repeat(10_000).getBytes(StandardCharsets.UTF_8);

    @Override
    protected FileBlobStore blobs() {
        return new FileBlobStore(folder.resolve("blobs"));
    }

    private Path kept(Digest digest) {
        return folder.resolve("blobs/sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex());
    }

    @Test
    void open_bytesChangedCutOrGrown_neverHandsOutAllOfThem() throws Exception {
        Digest digest = blobs().add(new ByteArrayInputStream(DATA));
        byte[] changed = DATA.clone();
        changed[70_000] ^= 1;
        for (byte[] damaged :
                new byte[][] {changed, Arrays.copyOf(DATA, DATA.length - 1), Arrays.copyOf(DATA, DATA.length + 1), {}
                }) {
            Files.write(kept(digest), damaged);
            assertThatThrownBy(() -> blobs().read(digest))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("damaged");
            assertThatThrownBy(() -> blobs().fetch(digest)).isInstanceOf(Problem.class);
            try (InputStream read = blobs().open(digest)) {
                assertThatThrownBy(() -> read.readNBytes(damaged.length == 0 ? 1 : damaged.length))
                        .isInstanceOf(Problem.class);
            }
        }
        blobs().add(new ByteArrayInputStream(DATA)); // adding them again mends
        assertThat(blobs().read(digest)).isEqualTo(DATA);
    }

    @Test
    void open_readInPiecesAndSkipped_isVerifiedToo() throws Exception {
        Digest digest = blobs().add(new ByteArrayInputStream(DATA));
        try (InputStream read = blobs().open(digest)) {
            assertThat(read.skip(100)).isEqualTo(100);
            assertThat(read.read()).isEqualTo(DATA[100]);
            assertThat(read.readAllBytes()).hasSize(DATA.length - 101);
            assertThat(read.read()).isEqualTo(-1);
        }
    }

    @Test
    void add_done_leavesNothingIncoming() throws Exception {
        blobs().add(new ByteArrayInputStream(DATA));
        try (var left = Files.list(folder.resolve("blobs/incoming"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void sweep_deletesOnlyWhatDeadWritersLeft() throws Exception {
        Digest digest = blobs().add(new ByteArrayInputStream(DATA));
        Instant now = Instant.parse("2026-03-03T00:00:00Z");
        Path old = Files.writeString(folder.resolve("blobs/incoming/old"), "x");
        Path fresh = Files.writeString(folder.resolve("blobs/incoming/fresh"), "x");
        Files.setLastModifiedTime(old, FileTime.from(now.minusSeconds(90_000)));
        Files.setLastModifiedTime(fresh, FileTime.from(now.minusSeconds(60)));
        blobs().sweep(now);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        assertThat(blobs().has(digest)).isTrue();
    }

    @Test
    void replaceAll_manyFiles_areThereAndNothingElse() throws Exception {
        var files = new LinkedHashMap<Path, byte[]>();
        for (int i = 0; i < 40; i++) {
            files.put(
                    folder.resolve("deep/" + i % 3 + "/file-" + i), ("content " + i).getBytes(StandardCharsets.UTF_8));
        }
        Disk.replaceAll(files);
        Disk.replaceAll(files);
        for (var file : files.entrySet()) {
            assertThat(file.getKey()).hasBinaryContent(file.getValue());
        }
        try (var all = Files.walk(folder.resolve("deep"))) {
            assertThat(all.filter(Files::isRegularFile)).hasSize(40);
        }
    }
}
