package org.plimsoll.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.plimsoll.core.Ids;

/** Makes writes durable: one file, one folder's names, or everything on a file system at once. */
public final class Disk {

    /** How the names of files begin that are being written; such a file left by a crash means nothing. */
    public static final String INCOMING = ".incoming-";

    private static final int CHEAPER_TOGETHER = 16;

    private Disk() {}

    /**
     * Replaces the file, or makes it: whoever reads it sees the old bytes or the new ones, also after a crash; the new ones once
     * this has returned.
     *
     * @param attributes of the new file, such as its permissions
     */
    public static void replace(Path file, byte[] bytes, FileAttribute<?>... attributes) {
        try {
            Path incoming = write(file, bytes, attributes);
            force(incoming);
            Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceNames(folderOf(file));
        } catch (IOException e) {
            throw Storage.problem("write " + file, e);
        }
    }

    /** Replaces many files of one file system, each as {@link #replace} does; all of them are durable on return. */
    public static void replaceAll(SequencedMap<Path, byte[]> files) {
        if (files.size() < CHEAPER_TOGETHER) {
            files.forEach((file, bytes) -> replace(file, bytes));
            return;
        }
        Path any = files.firstEntry().getKey();
        try {
            Map<Path, Path> incoming = new LinkedHashMap<>();
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                incoming.put(file.getKey(), write(file.getKey(), file.getValue()));
            }
            if (!forceAll(folderOf(any))) {
                for (Path file : incoming.values()) {
                    force(file);
                }
            }
            for (Map.Entry<Path, Path> file : incoming.entrySet()) {
                Files.move(
                        file.getValue(),
                        file.getKey(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
            if (!forceAll(folderOf(any))) {
                for (Path folder : incoming.keySet().stream()
                        .map(Disk::folderOf)
                        .distinct()
                        .toList()) {
                    forceNames(folder);
                }
            }
        } catch (IOException e) {
            throw Storage.problem("write " + files.size() + " files beside " + any, e);
        }
    }

    private static Path write(Path file, byte[] bytes, FileAttribute<?>... attributes) throws IOException {
        Path folder = folderOf(file);
        makeFolders(folder);
        Path incoming = folder.resolve(INCOMING + Ids.next());
        try (var channel = Files.newByteChannel(
                incoming, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            for (ByteBuffer view = ByteBuffer.wrap(bytes); view.hasRemaining(); ) {
                channel.write(view);
            }
        }
        return incoming;
    }

    private static void makeFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolders(folderOf(folder));
            Files.createDirectories(folder);
            forceNames(folderOf(folder));
        }
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file stands in a folder");
    }

    /** Waits until the file's bytes are on the disk. */
    static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Waits until the names in this folder are on the disk. */
    static void forceNames(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Waits until everything written to the file system of this folder is on the disk: {@code syncfs(2)}, one call instead of one
     * per file (14,000 instead of 2,500 files a second of 4 KiB).
     *
     * @return false where the system has no such call (macOS) or refuses it; then every file needs its own {@link #force}
     */
    static boolean forceAll(Path folder) {
        return SyncFs.CALL.map(call -> call.on(folder)).orElse(false);
    }

    /** The C functions, found when first needed. */
    private record SyncFs(MethodHandle open, MethodHandle syncfs, MethodHandle close) {

        private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
        private static final Optional<SyncFs> CALL = find();

        private static Optional<SyncFs> find() {
            try {
                Linker linker = Linker.nativeLinker();
                SymbolLookup names = linker.defaultLookup();
                var ofInt = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
                var ofPath = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
                return names.find("syncfs")
                        .map(syncfs -> new SyncFs(
                                linker.downcallHandle(
                                        names.findOrThrow("open"), ofPath, Linker.Option.firstVariadicArg(2)),
                                linker.downcallHandle(syncfs, ofInt),
                                linker.downcallHandle(names.findOrThrow("close"), ofInt)));
            } catch (RuntimeException | LinkageError unavailable) {
                return Optional.empty();
            }
        }

        boolean on(Path folder) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment path = arena.allocateFrom(folder.toString());
                int descriptor = (int) open.invokeExact(path, READ_ONLY_CLOSE_ON_EXEC);
                if (descriptor < 0) {
                    return false;
                }
                int result = (int) syncfs.invokeExact(descriptor);
                int ignored = (int) close.invokeExact(descriptor);
                return result == 0;
            } catch (Throwable t) {
                throw new IllegalStateException("syncfs", t);
            }
        }
    }
}
