package org.plimsoll.core;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs something a JDK does not bring. Without it the test is skipped, unless {@code PLIMSOLL_REQUIRE} names it: then
 * the missing thing is a failure, as continuous integration wants it.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Needs.Condition.class)
public @interface Needs {

    Thing value();

    /** Importing them takes seconds; being there is enough. */
    String INSTALLED = "import sys, importlib.util as installed\n"
            + "sys.exit(not all(map(installed.find_spec, ['mlflow', 'pandas', 'sklearn'])))";

    /** What a test may need. */
    enum Thing {
        PYTHON {
            @Override
            public Optional<String> find() {
                return Stream.of(System.getenv().getOrDefault("PLIMSOLL_PYTHON", ""), "python3", "python")
                        .filter(command ->
                                !command.isEmpty() && runs(command, "-c", "import duckdb, pandas, sklearn, xgboost"))
                        .findFirst();
            }
        },
        /** Python with MLflow and scikit-learn: to log models as their makers do, and to open them. */
        MLFLOW {
            @Override
            public Optional<String> find() {
                return Stream.of(System.getenv().getOrDefault("PLIMSOLL_PYTHON", ""), "python3", "python")
                        .filter(command -> !command.isEmpty() && runs(command, "-c", INSTALLED))
                        .findFirst();
            }
        },
        CHROMIUM {
            @Override
            public Optional<String> find() {
                return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                        .filter(path -> Files.isExecutable(Path.of(path)))
                        .findFirst();
            }
        };

        /** The command that runs it; empty where it is not there. */
        public abstract Optional<String> find();

        /** The command that runs it. */
        public String command() {
            return find().orElseThrow(() -> new IllegalStateException("this test must run, and " + name()
                    + " is not here; for Python, PLIMSOLL_PYTHON names the interpreter"));
        }

        private static boolean runs(String... command) {
            try {
                Process process = new ProcessBuilder(List.of(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
            } catch (IOException notThere) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Skips, or lets fail. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Thing thing = context.getElement()
                    .map(element -> element.getAnnotation(Needs.class))
                    .map(Needs::value)
                    .orElse(null);
            if (thing == null) {
                return ConditionEvaluationResult.enabled("needs nothing");
            }
            String name = thing.name().toLowerCase(java.util.Locale.ROOT);
            boolean required = List.of(
                            System.getenv().getOrDefault("PLIMSOLL_REQUIRE", "").split(","))
                    .contains(name);
            if (required || thing.find().isPresent()) {
                return ConditionEvaluationResult.enabled(name + " is there, or must be");
            }
            return ConditionEvaluationResult.disabled("needs " + name + ", which is not on this machine");
        }
    }
}
