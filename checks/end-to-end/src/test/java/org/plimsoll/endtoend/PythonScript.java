package org.plimsoll.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.plimsoll.core.Json;
import org.plimsoll.core.Needs;
import tools.jackson.databind.JsonNode;

/** A few lines of Python, with the packages a data scientist has, that answer in JSON. */
final class PythonScript {

    private PythonScript() {}

    /** Runs the script and reads what it prints. */
    static JsonNode answer(Path folder, String script, Path... arguments) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile(folder, "script", ".py"), script);
        Path output = Files.createTempFile(folder, "answer", ".json");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        List<String> command = new ArrayList<>(List.of(Needs.Thing.PYTHON.command(), file.toString()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        Process python = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(python.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(python.exitValue()).as(Files.readString(errors)).isZero();
        return Json.MAPPER.readTree(Files.readAllBytes(output));
    }
}
