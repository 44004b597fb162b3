package org.plimsoll.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The server of the demo: `plimsoll up --team` in a process of its own, which goes on when the demo has ended. */
record DemoServer(Process process, URI address, String setupToken) {

    private static final int USUAL_PORT = 8080;
    private static final long PATIENCE_MILLIS = 60_000;
    private static final long PAUSE_MILLIS = 50;
    private static final long DRAIN_SECONDS = 30;

    /** For a server whose heaviest minutes are its first, optimising costs more than it gains. */
    private static final String QUICKLY_COMPILED = "-XX:TieredStopAtLevel=1";

    static DemoServer start(Path home, Optional<Integer> wantedPort) throws IOException, InterruptedException {
        int port = wantedPort.orElseGet(() -> isFree(USUAL_PORT) ? USUAL_PORT : 0);
        Path answer = home.resolve("tmp").resolve("up.json");
        File log = home.resolve("server.log").toFile();
        List<String> command = new ArrayList<>(ownCommand());
        command.addAll(List.of("up", "--team", "--json", "--home", home.toString(), "--port", String.valueOf(port)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(answer.toFile()).redirectError(log);
        builder.environment().merge("PLIMSOLL_JAVA_OPTIONS", QUICKLY_COMPILED, (given, ours) -> ours + " " + given);
        Process process = builder.start();
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (System.nanoTime() < deadline && process.isAlive()) {
            Optional<JsonNode> said = read(answer);
            if (said.isPresent()) {
                return new DemoServer(
                        process,
                        URI.create(said.get().path("url").asString()),
                        said.get().path("setup_token").asString());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        process.destroy();
        throw Problem.of(
                Problem.Kind.UNREACHABLE,
                "the demo's server did not start: " + lastLine(log.toPath()) + " (all of it: " + log + ")");
    }

    /** Drains and ends it. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(DRAIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** This program as it was started: by the launcher, else by the same Java with the same class path. */
    private static List<String> ownCommand() {
        String launcher = System.getProperty("plimsoll.launcher", "");
        if (!launcher.isEmpty()) {
            return List.of(launcher);
        }
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Plimsoll.class.getName());
    }

    private static Optional<JsonNode> read(Path answer) {
        try {
            JsonNode said = Json.MAPPER.readTree(Files.readAllBytes(answer));
            return said.has("url") ? Optional.of(said) : Optional.empty();
        } catch (IOException | JacksonException notYet) {
            return Optional.empty();
        }
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines =
                Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
