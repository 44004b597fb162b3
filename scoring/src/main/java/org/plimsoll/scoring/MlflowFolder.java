package org.plimsoll.scoring;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;
import tools.jackson.databind.JsonNode;

/**
 * The file {@code MLmodel} of an MLflow model folder: which flavours it has and where their files are.
 *
 * <p>What we write loads in Python as {@code mlflow.xgboost.load_model} and {@code mlflow.pyfunc.load_model}; its signature is
 * that of x, since Python's side of the flavour sees the encoded columns. Neither time nor random id stands in it, so that a
 * rerun gives the same bytes.
 */
record MlflowFolder(Flavour flavour, String modelFile, Optional<String> modelClass) {

    /** The flavours we execute ourselves. */
    enum Flavour {
        XGBOOST("xgboost");

        private final String key;

        Flavour(String key) {
            this.key = key;
        }
    }

    static MlflowFolder read(String text) {
        JsonNode tree = YamlDocument.parse("MLmodel", text).tree();
        JsonNode flavours = tree.path("flavors");
        for (Flavour flavour : Flavour.values()) {
            JsonNode found = flavours.path(flavour.key);
            if (found.isObject()) {
                String data = found.path("data").asString("");
                if (data.isEmpty() || data.contains("..") || data.startsWith("/")) {
                    throw Problem.invalid("MLmodel: flavors." + flavour.key + ".data", data, "a file of the folder");
                }
                String type = found.path("model_class").asString("");
                return new MlflowFolder(flavour, data, type.isEmpty() ? Optional.empty() : Optional.of(type));
            }
        }
        throw Problem.of(
                Problem.Kind.INVALID,
                "MLmodel has the flavours " + List.copyOf(flavours.propertyNames()) + "; one of xgboost is needed");
    }

    /** The text of {@code MLmodel} for a model of XGBoost. */
    static String xgboost(String modelFile, byte[] model, String version, List<String> features) {
        String inputs = features.stream()
                .map(name -> "{\"type\": \"float\", \"name\": " + Json.text(name) + ", \"required\": false}")
                .toList()
                .toString();
        return """
                flavors:
                  python_function:
                    data: %1$s
                    env:
                      conda: conda.yaml
                      virtualenv: python_env.yaml
                    loader_module: mlflow.xgboost
                    python_version: %2$s
                  xgboost:
                    code: null
                    data: %1$s
                    model_class: xgboost.core.Booster
                    model_format: %3$s
                    xgb_version: %4$s
                metadata:
                  plimsoll: task.json
                mlflow_version: %5$s
                model_size_bytes: %6$d
                model_uuid: %7$s
                signature:
                  inputs: '%8$s'
                  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]'
                  params: null
                """.formatted(
                        modelFile,
                        PYTHON,
                        modelFile.substring(modelFile.lastIndexOf('.') + 1),
                        version,
                        MLFLOW,
                        model.length,
                        Digest.of(model).hex().substring(0, 32),
                        inputs.replace("'", "''"));
    }

    /** The Python whose MLflow is known to load what we write. */
    private static final String PYTHON = "3.11.7";

    private static final String MLFLOW = "3.17.2";

    static String requirements(String xgboost) {
        return "mlflow==" + MLFLOW + "\nxgboost==" + xgboost;
    }

    static String pythonEnvironment() {
        return """
                python: %s
                build_dependencies:
                - pip
                - setuptools
                - wheel
                dependencies:
                - -r requirements.txt
                """.formatted(PYTHON);
    }

    static String condaEnvironment(String xgboost) {
        return """
                channels:
                - conda-forge
                dependencies:
                - python=%s
                - pip
                - pip:
                  - mlflow==%s
                  - xgboost==%s
                name: mlflow-env
                """.formatted(PYTHON, MLFLOW, xgboost);
    }
}
