package org.plimsoll.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/** How a model's file becomes an engine: the one place that knows every flavour. */
final class Engines {

    /**
     * What is known of a model before it is loaded. Loading the same model twice for the same task and columns gives the same
     * engine with the same outputs, when the artifact is made and ever after.
     *
     * @param folder that holds the model's files
     * @param mlflow which flavour, which file
     * @param columns what the model may be asked with: those of a sample, or those of the signature
     * @param output which of the model's own outputs answers the task, where somebody said so: {@code variable}, or one of
     *     several values {@code variable[2]}
     * @param own whether our own engine may execute a graph of ONNX that it recognises
     * @param sample rows to try a model with that does not say what it answers
     * @param execution for models that this process does not execute itself; without it they are refused
     */
    record Asked(
            Path folder,
            MlflowFolder mlflow,
            Task task,
            Schema columns,
            Optional<String> output,
            boolean own,
            Columns sample,
            Optional<Execution> execution) {}

    private Engines() {}

    /**
     * Loads the model.
     *
     * @throws Problem where a file is broken, holds what no engine of ours is proved for, or does not answer the task
     */
    static Engine open(Asked asked) {
        String file = asked.mlflow.modelFile();
        return switch (asked.mlflow.flavour()) {
            case XGBOOST -> XgboostFile.read(file, bytes(asked.folder, file));
            case LIGHTGBM -> LightgbmFile.read(file, bytes(asked.folder, file));
            case LINEAR -> LinearFile.read(file, bytes(asked.folder, file));
            case ONNX -> OnnxFile.open(asked, bytes(asked.folder, file));
            case SKLEARN, PYFUNC -> PythonEngine.open(asked, execution(asked, "by Python"));
            case REMOTE -> RemoteEngine.open(asked, execution(asked, "at another server"));
        };
    }

    /**
     * Loads what explains the model's scores.
     *
     * @throws Problem where its file does not hold what that needs
     */
    static Attribution attribution(Path folder, MlflowFolder mlflow) {
        String file = mlflow.modelFile();
        return switch (mlflow.flavour()) {
            case XGBOOST -> XgboostFile.explainer(file, bytes(folder, file));
            case LIGHTGBM -> LightgbmFile.explainer(file, bytes(folder, file));
            case LINEAR -> LinearFile.read(file, bytes(folder, file)).attribution();
            case ONNX, SKLEARN, PYFUNC, REMOTE ->
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "this model gives no reasons: the flavour "
                                + mlflow.flavour().key()
                                + " does not tell how its training rows went through it; models of XGBoost and"
                                + " LightGBM and linear ones do");
        };
    }

    private static Execution execution(Asked asked, String where) {
        return asked.execution.orElseThrow(() -> Problem.of(
                Problem.Kind.INVALID,
                "the flavour " + asked.mlflow.flavour().key() + " is executed " + where
                        + ", which is not set up here"));
    }

    /** The bytes of one of the folder's files. @throws Problem where it has none of this name */
    static byte[] bytes(Path folder, String name) {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder.normalize()) || !Files.isRegularFile(file)) {
            throw Problem.of(
                    Problem.Kind.INVALID, "the folder " + folder + " is no model artifact: it has no file " + name);
        }
        return bytes(file);
    }

    /** The bytes of this file. */
    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, "cannot read " + file + ": " + e.getMessage());
        }
    }
}
