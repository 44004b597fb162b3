package org.plimsoll.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.plimsoll.core.Json;
import tools.jackson.databind.JsonNode;

/**
 * The demo, played once for all tests that ask for it as a parameter; its server stays up until the last of them has ended.
 *
 * @param command calls further commands on the demo's home
 * @param story what it printed
 * @param numbers what it wrote with {@code --json}
 */
record PlayedDemo(CommandLine command, String story, JsonNode numbers) implements AutoCloseable {

    /** Plays it when the first test asks. */
    static final class Player implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PlayedDemo.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(PlayedDemo.class))
                    .computeIfAbsent(PlayedDemo.class, _ -> play(), PlayedDemo.class);
        }
    }

    private static PlayedDemo play() {
        try {
            Path folder = Files.createTempDirectory("demo");
            Path json = folder.resolve("demo.json");
            CommandLine command = new CommandLine(folder);
            String story = command.call("demo", "--json", json.toString(), "--port", "0")
                    .done();
            return new PlayedDemo(command, story, Json.MAPPER.readTree(Files.readAllBytes(json)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A file beside the home, for what a test writes. */
    Path file(String name) {
        return command.folder().resolve(name);
    }

    /** Where the demo's server listens. */
    String address() throws IOException {
        return Json.MAPPER
                .readTree(Files.readAllBytes(command.home().resolve("server.json")))
                .path("url")
                .asString();
    }

    /** The password that the demo gave one of its people. */
    String password(String login) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + login + " .* (\\S+)$")
                .matcher(Files.readString(command.home().resolve("people.txt")));
        if (!line.find()) {
            throw new IllegalStateException("the demo has no " + login);
        }
        return line.group(1);
    }

    @Override
    public void close() throws IOException {
        command.stopServer();
        try (var all = Files.walk(command.folder())) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
