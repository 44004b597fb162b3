package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The file {@code MLmodel} of an MLflow model folder: which flavours it has and where their files are.
 *
 * <p>What we write loads in Python as {@code mlflow.xgboost.load_model} or {@code mlflow.lightgbm.load_model}, and as
 * {@code mlflow.pyfunc.load_model}; its signature is that of x, since Python's side of the flavour sees the encoded columns. Neither time nor random id stands in it, so that a
 * rerun gives the same bytes.
 *
 * @param modelClass the class in Python that the model was; empty where the file does not say
 * @param columns the names of the signature's inputs; empty where it has none
 */
record MlflowFolder(Flavour flavour, String modelFile, String modelClass, List<String> columns) {

    /** The flavours we execute ourselves. */
    enum Flavour {
        XGBOOST("xgboost"),
        LIGHTGBM("lightgbm");

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
                return new MlflowFolder(flavour, data, type, columns(tree.path("signature")));
            }
        }
        throw Problem.of(
                Problem.Kind.INVALID,
                "MLmodel has the flavours " + List.copyOf(flavours.propertyNames())
                        + "; xgboost or lightgbm is needed");
    }

    /** The signature is JSON inside YAML; one of tensors has no names, and neither has an absent one. */
    private static List<String> columns(JsonNode signature) {
        List<String> names = new ArrayList<>();
        try {
            for (JsonNode column : Json.MAPPER.readTree(signature.path("inputs").asString("[]"))) {
                names.add(column.path("name").asString(""));
            }
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "MLmodel: signature.inputs: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        return names.contains("") ? List.of() : names;
    }

    /** The files for Python, by name, of a model made with this version of its library; x's columns have these names. */
    static Map<String, String> files(
            Flavour flavour, String modelFile, byte[] model, String version, List<String> features) {
        String library = flavour.key + (version.isEmpty() ? "" : "==" + version);
        return Map.of(
                "MLmodel", mlmodel(flavour, modelFile, model, version, features),
                "requirements.txt", "mlflow==" + MLFLOW + "\n" + library,
                "python_env.yaml", pythonEnvironment(),
                "conda.yaml", condaEnvironment(library));
    }

    private static String mlmodel(
            Flavour flavour, String modelFile, byte[] model, String version, List<String> features) {
        String inputs = features.stream()
                .map(name -> "{\"type\": \"float\", \"name\": " + Json.text(name) + ", \"required\": false}")
                .toList()
                .toString();
        String dtype = flavour == Flavour.XGBOOST ? "float32" : "float64";
        return """
                flavors:
                %1$s
                  python_function:
                    data: %2$s
                    env:
                      conda: conda.yaml
                      virtualenv: python_env.yaml
                    loader_module: mlflow.%3$s
                    python_version: %4$s
                metadata:
                  plimsoll: task.json
                mlflow_version: %5$s
                model_size_bytes: %6$d
                model_uuid: %7$s
                signature:
                  inputs: '%8$s'
                  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "%9$s", "shape": [-1]}}]'
                  params: null
                """.formatted(
                        flavour(flavour, modelFile, version).indent(2).stripTrailing(),
                        modelFile,
                        flavour.key,
                        PYTHON,
                        MLFLOW,
                        model.length,
                        Digest.of(model).hex().substring(0, 32),
                        inputs.replace("'", "''"),
                        dtype);
    }

    private static String flavour(Flavour flavour, String modelFile, String version) {
        return switch (flavour) {
            case XGBOOST -> """
                xgboost:
                  code: null
                  data: %s
                  model_class: xgboost.core.Booster
                  model_format: %s
                  xgb_version: %s
                """.formatted(modelFile, modelFile.substring(modelFile.lastIndexOf('.') + 1), version);
            case LIGHTGBM -> """
                lightgbm:
                  code: null
                  data: %s
                  model_class: lightgbm.basic.Booster
                """.formatted(modelFile);
        };
    }

    /** The Python whose MLflow is known to load what we write. */
    private static final String PYTHON = "3.11.7";

    private static final String MLFLOW = "3.17.2";

    private static String pythonEnvironment() {
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

    private static String condaEnvironment(String library) {
        return """
                channels:
                - conda-forge
                dependencies:
                - python=%s
                - pip
                - pip:
                  - mlflow==%s
                  - %s
                name: mlflow-env
                """.formatted(PYTHON, MLFLOW, library);
    }
}
