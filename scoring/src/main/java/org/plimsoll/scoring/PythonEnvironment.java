package org.plimsoll.scoring;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * Which Python opens a model: an interpreter with the packages it needs.
 *
 * <pre>
 *  1  the interpreter that the configuration names (scoring.python)
 *  2  the environment made for exactly these requirements, once, by a person:
 *         environments/&lt;digest of the requirements&gt;/   a venv; complete where it has the file `made`
 *  3  python3 on the path; python3.11 first where the model was made by 3.11
 * </pre>
 *
 * Whether the packages suffice is said by the process that opens the model. An environment is never made while a model loads:
 * installing runs code from elsewhere, with the network, so somebody asks for it and sees what it does.
 */
public final class PythonEnvironment {

    private static final String MADE = "made";

    /** A requirement as one may install it: a name, extras, versions, a marker; no option, no address, no path. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(\\[[A-Za-z0-9,._ -]*])?\\s*([~<>=!]=?=?[^;@/]*)?(;.*)?");

    private static final Pattern PYTHON = Pattern.compile("(?m)^python:\\s*['\"]?(\\d+\\.\\d+)");

    /** MLflow's own package is large, and a pickle of scikit-learn does without it. */
    private static final Pattern MLFLOW = Pattern.compile("mlflow(-skinny)?\\b.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern PANDAS = Pattern.compile("pandas\\b.*", Pattern.CASE_INSENSITIVE);

    private PythonEnvironment() {}

    /** An interpreter, and why it was chosen, for people. */
    record Interpreter(Path path, String chosen) {}

    /**
     * The interpreter for the model in this folder.
     *
     * @throws Problem REFUSED where Python is not allowed, or none is found: says what to do
     */
    static Interpreter find(Path folder, ScoringConfig config, Path environments) {
        if (!config.pythonAllowed()) {
            throw Problem.refused("this model is opened by Python, which runs whatever its file says; this server is "
                    + "configured not to (scoring.python_allowed: false)");
        }
        if (config.python().isPresent()) {
            Path named = onPath(config.python().get())
                    .orElseThrow(() -> Problem.refused("scoring.python names "
                            + config.python().get() + ", which cannot be executed; name an interpreter"));
            return new Interpreter(named, "named by scoring.python");
        }
        return made(folder, environments)
                .map(path -> new Interpreter(path, "made for these requirements"))
                .or(() -> any(folder).map(path -> new Interpreter(path, "found on the path")))
                .orElseThrow(
                        () -> Problem.refused("this model is opened by Python, and there is none on the path; install "
                                + "Python 3, or name an interpreter (PLIMSOLL_SCORING_PYTHON)"));
    }

    /** The environment's interpreter, where it is made; requirements that may not be installed have none. */
    private static Optional<Path> made(Path folder, Path environments) {
        boolean isPlain = PythonOrder.requirements(folder).stream()
                .allMatch(line -> PLAIN.matcher(line).matches());
        return isPlain
                ? Optional.of(place(folder, environments))
                        .filter(place -> Files.exists(place.resolve(MADE)))
                        .map(PythonEnvironment::executable)
                : Optional.empty();
    }

    /** What to do where an interpreter lacks what the model needs. */
    static Problem lacking(Path folder, Interpreter interpreter, String what) {
        return Problem.refused(what + "; the interpreter is " + interpreter.path + ", " + interpreter.chosen
                + ". Name another (PLIMSOLL_SCORING_PYTHON), or make an environment for this model: "
                + "plimsoll model environment " + folder);
    }

    /** Python on the path: first of the version that made the model. */
    private static Optional<Path> any(Path folder) {
        return Stream.concat(madeBy(folder).map(version -> "python" + version).stream(), Stream.of("python3", "python"))
                .flatMap(command -> onPath(command).stream())
                .findFirst();
    }

    /** The version in {@code python_env.yaml}: {@code 3.11}. */
    private static Optional<String> madeBy(Path folder) {
        Path file = folder.resolve("python_env.yaml");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher found = PYTHON.matcher(new String(Engines.bytes(folder, "python_env.yaml"), StandardCharsets.UTF_8));
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private static Optional<Path> onPath(String command) {
        if (command.contains("/")) {
            return Optional.of(Path.of(command).toAbsolutePath()).filter(Files::isExecutable);
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(command).toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path executable(Path environment) {
        return environment.resolve("bin").resolve("python");
    }

    /** What is installed: the model's requirements, without MLflow where it is not needed. */
    private static List<String> packages(Path folder) {
        List<String> lines = PythonOrder.requirements(folder);
        for (String line : lines) {
            if (!PLAIN.matcher(line).matches()) {
                throw Problem.invalid(
                        "requirements.txt",
                        "`" + line + "`",
                        "names and versions of packages only; options, addresses and paths are not installed for a model");
            }
        }
        boolean isSklearn = new String(Engines.bytes(folder, "MLmodel"), StandardCharsets.UTF_8)
                .lines()
                .anyMatch(line -> line.matches("\\s+sklearn:\\s*"));
        List<String> packages = new ArrayList<>(lines.stream()
                .filter(line -> !(isSklearn && MLFLOW.matcher(line).matches()))
                .toList());
        if (packages.stream().noneMatch(line -> PANDAS.matcher(line).matches())) {
            packages.add("pandas");
        }
        packages.sort(Comparator.naturalOrder());
        return packages;
    }

    private static Path place(Path folder, Path environments) {
        String named = madeBy(folder).orElse("any") + "\n" + String.join("\n", packages(folder));
        return environments.resolve(
                Digest.of(named.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16));
    }

    /**
     * Makes the environment for the model in this folder, with the interpreter's own venv and pip; where it is made already,
     * nothing happens.
     *
     * @param lines is told every line that they write
     * @return the environment's interpreter
     * @throws Problem where they fail, with their last lines
     */
    public static Path make(Path folder, ScoringConfig config, Path environments, Consumer<String> lines) {
        List<String> packages = packages(folder);
        Path place = place(folder, environments);
        Path base = config.python()
                .map(command -> onPath(command).orElseThrow(() -> Problem.notFound("interpreter", command)))
                .or(() -> any(folder))
                .orElseThrow(() ->
                        Problem.refused("there is no Python on the path; install Python 3, or name an interpreter"));
        try {
            Files.createDirectories(environments);
            try (FileChannel channel = FileChannel.open(
                            environments.resolve(place.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock ignored = channel.lock()) {
                if (!Files.exists(place.resolve(MADE))) {
                    lines.accept("making " + place + " with " + base + " for " + String.join(", ", packages));
                    run(lines, List.of(base.toString(), "-m", "venv", "--clear", place.toString()));
                    List<String> install = new ArrayList<>(List.of(
                            executable(place).toString(),
                            "-m",
                            "pip",
                            "install",
                            "--no-input",
                            "--disable-pip-version-check",
                            "--progress-bar=off"));
                    install.addAll(packages);
                    run(lines, install);
                    Files.writeString(place.resolve(MADE), String.join("\n", packages) + "\n");
                }
                return executable(place);
            }
        } catch (IOException e) {
            throw Problem.internal("cannot make the environment " + place, e);
        }
    }

    private static void run(Consumer<String> lines, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> last = new ArrayList<>();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                lines.accept(line);
                last.add(line);
                if (last.size() > 6) {
                    last.removeFirst();
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw Problem.refused(String.format(
                        Locale.ROOT,
                        "%s ended with status %d: %s",
                        String.join(" ", command.subList(0, Math.min(4, command.size()))),
                        status,
                        String.join(" | ", last)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(Problem.Kind.BUSY, "interrupted while making an environment");
        } finally {
            process.destroyForcibly();
        }
    }
}
