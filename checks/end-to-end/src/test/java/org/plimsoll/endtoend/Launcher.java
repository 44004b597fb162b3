package org.plimsoll.endtoend;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.plimsoll.core.Checkout;

/**
 * A launcher like the one in the clone, which builds nothing: it starts what these tests were built with. Where that lies in jars, as in
 * {@code verify}, it makes an AOT cache first, once for all tests, and each of their many processes starts in half the time.
 */
final class Launcher {

    private static final long PATIENCE_SECONDS = 120;

    /** What ends within minutes is not worth optimising. */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));

    private static final Path SCRIPT = write();

    private Launcher() {}

    /** The script, to be called with a command's arguments. */
    static Path script() {
        return SCRIPT;
    }

    private static Path write() {
        try {
            Path folder = Files.createTempDirectory("launcher");
            List<String> java = new ArrayList<>();
            java.add(ProcessHandle.current().info().command().orElse("java"));
            java.addAll(OPTIONS);
            List<String> classPath = new ArrayList<>();
            for (String part : classPath()) {
                classPath.add(
                        Path.of(part).getFileName().toString().startsWith("duckdb_jdbc")
                                ? unpacked(part, folder)
                                : part);
            }
            java.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
            Path cache = folder.resolve("serve.aot");
            if (classPath.stream().allMatch(part -> part.endsWith(".jar")) && makes(java, folder, cache)) {
                java.addAll(
                        1,
                        List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTReplayTraining", "-XX:AOTCache=" + cache));
            }
            Path script = folder.resolve("plimsoll");
            Files.writeString(script, """
                    #!/bin/sh
                    exec %s $PLIMSOLL_JAVA_OPTIONS "-Dplimsoll.root=${PLIMSOLL_ROOT:-%s}" "-Dplimsoll.launcher=$0" org.plimsoll.cli.Plimsoll "$@"
                    """.formatted(quoted(java), Checkout.resolve("")));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The product and what it stands on; not the tests. */
    private static List<String> classPath() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .filter(part -> Files.exists(Path.of(part))
                        && !Path.of(part).startsWith(Path.of("").toAbsolutePath()))
                .toList();
    }

    /** DuckDB's driver with its library beside it, as the launcher puts them: else each process unpacks 70 MB. */
    private static String unpacked(String jar, Path folder) throws IOException {
        String system = System.getProperty("os.name").startsWith("Mac") ? "macos" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String library = "libduckdb_java.so_" + system + "_" + machine;
        Path driver = folder.resolve(Path.of(jar).getFileName());
        try (ZipFile from = new ZipFile(jar);
                ZipOutputStream into = new ZipOutputStream(Files.newOutputStream(driver))) {
            if (from.getEntry(library) == null) {
                return jar;
            }
            for (ZipEntry entry : Collections.list(from.entries())) {
                try (InputStream content = from.getInputStream(entry)) {
                    if (entry.getName().equals(library)) {
                        Files.copy(content, folder.resolve(library));
                    } else if (!entry.getName().startsWith("libduckdb_java.so")) {
                        into.putNextEntry(new ZipEntry(entry.getName()));
                        content.transferTo(into);
                        into.closeEntry();
                    }
                }
            }
        }
        return driver.toString();
    }

    private static boolean makes(List<String> java, Path folder, Path cache) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(
                "-XX:AOTCacheOutput=" + cache,
                "org.plimsoll.cli.Training",
                "serve",
                folder.resolve("home").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("training.txt").toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return Files.exists(cache);
    }

    private static String quoted(List<String> words) {
        return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
    }
}
