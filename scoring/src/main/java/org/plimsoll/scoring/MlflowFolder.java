package org.plimsoll.scoring;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;
import org.plimsoll.data.Column;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The file {@code MLmodel} of an MLflow model folder: which flavours it has and where their files are.
 *
 * <p>What we write loads in Python as {@code mlflow.xgboost.load_model} or as its flavour says, and as
 * {@code mlflow.pyfunc.load_model}; its signature is that of what Python's side of the flavour sees: the encoded columns where
 * there are features. Neither time nor random id stands in it, so that a rerun gives the same bytes.
 *
 * @param modelFile the model's file or folder inside
 * @param modelClass the class in Python that the model was; empty where the file does not say
 * @param columns the names of the signature's inputs; empty where it has none
 */
record MlflowFolder(Flavour flavour, String modelFile, String modelClass, List<String> columns) {

    /** The flavours we execute, the one of more meaning first: a folder of any of them is one of python_function too. */
    enum Flavour {
        XGBOOST("xgboost"),
        LIGHTGBM("lightgbm"),
        LINEAR("plimsoll_linear"),
        ONNX("onnx"),
        SKLEARN("sklearn"),
        REMOTE("plimsoll_remote"),
        PYFUNC("python_function");

        private final String key;

        Flavour(String key) {
            this.key = key;
        }

        /** The word in {@code MLmodel}. */
        String key() {
            return key;
        }
    }

    /** How names of files end that hold an object of Python, whatever the flavour. */
    private static final List<String> PICKLED = List.of(".pkl", ".skops", ".joblib");

    static MlflowFolder read(String text) {
        JsonNode tree = YamlDocument.parse("MLmodel", text).tree();
        JsonNode flavours = tree.path("flavors");
        for (Flavour flavour : Flavour.values()) {
            JsonNode found = flavours.path(flavour.key);
            if (!found.isObject()) {
                continue;
            }
            String key = flavour == Flavour.SKLEARN ? "pickled_model" : "data";
            String data = found.path(key).asString(found.path("model_path").asString(""));
            boolean isPickled = PICKLED.stream().anyMatch(data::endsWith);
            if (isPickled && (flavour == Flavour.XGBOOST || flavour == Flavour.LIGHTGBM)) {
                continue; // scikit-learn's interface of LightGBM is kept as an object: for Python to open
            }
            if (data.isEmpty() && flavour != Flavour.PYFUNC || data.contains("..") || data.startsWith("/")) {
                throw Problem.invalid("MLmodel: flavors." + flavour.key + "." + key, data, "a file of the folder");
            }
            String type = found.path("model_class").asString("");
            return new MlflowFolder(flavour, data, type, columns(tree.path("signature")));
        }
        throw Problem.of(
                Problem.Kind.INVALID,
                "MLmodel has the flavours " + List.copyOf(flavours.propertyNames()) + "; one of "
                        + String.join(
                                ", ",
                                Stream.of(Flavour.values()).map(Flavour::key).toList())
                        + " is needed");
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

    /**
     * What a bare model file would be in a folder.
     *
     * @param columns the names of its inputs, where they are known
     * @throws Problem where it is no model file we know
     */
    static MlflowFolder of(Path file, byte[] model, List<String> columns) {
        String name = String.valueOf(file.getFileName());
        Flavour flavour;
        if (LinearFile.is(model)) {
            flavour = Flavour.LINEAR;
        } else if (LightgbmFile.is(model)) {
            flavour = Flavour.LIGHTGBM;
        } else if (name.equals(RemoteModel.FILE)) {
            flavour = Flavour.REMOTE;
        } else if (name.endsWith(".onnx")) {
            flavour = Flavour.ONNX;
        } else if (model.length > 0 && model[0] == '{') {
            flavour = Flavour.XGBOOST;
        } else {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    name
                            + " is no model file that is known here: .json and .ubj of XGBoost, text of LightGBM, .onnx, or"
                            + " a folder as MLflow writes it");
        }
        return new MlflowFolder(flavour, name, "", columns);
    }

    /** The files of a folder around a bare model file. */
    static Map<String, byte[]> bare(MlflowFolder bare, byte[] model, String version, List<Column> inputs) {
        if (bare.flavour == Flavour.REMOTE) {
            return Map.of(RemoteModel.FILE, model, "MLmodel", REMOTE.getBytes(StandardCharsets.UTF_8));
        }
        String file = "model"
                + switch (bare.flavour) {
                    case LIGHTGBM -> ".lgb";
                    case LINEAR -> ".linear.json";
                    case ONNX -> ".onnx";
                    default -> bare.modelFile.endsWith(".json") ? ".json" : ".ubj";
                };
        Map<String, byte[]> files = new HashMap<>();
        files.put(file, model);
        files(bare.flavour, file, model, version, inputs)
                .forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return files;
    }

    /**
     * The files for Python, by name, of a model made with this version of its library.
     *
     * @param inputs what Python's side of the flavour sees
     */
    private static Map<String, String> files(
            Flavour flavour, String modelFile, byte[] model, String version, List<Column> inputs) {
        if (flavour == Flavour.LINEAR) { // nothing of Python loads it
            return Map.of(
                    "MLmodel",
                    "flavors:\n" + flavour(flavour, modelFile, version).indent(2));
        }
        List<String> libraries = flavour == Flavour.ONNX
                ? List.of("onnx", "onnxruntime")
                : List.of(flavour.key + (version.isEmpty() ? "" : "==" + version));
        return Map.of(
                "MLmodel", mlmodel(flavour, modelFile, model, version, inputs),
                "requirements.txt", "mlflow==" + MLFLOW + "\n" + String.join("\n", libraries),
                "python_env.yaml", pythonEnvironment(),
                "conda.yaml", condaEnvironment(libraries));
    }

    private static String type(Flavour flavour, Column column) {
        return switch (column.type()) {
            case BOOLEAN -> "boolean";
            case INTEGER -> "long";
            case NUMBER -> flavour == Flavour.XGBOOST ? "float" : "double";
            case TEXT, CATEGORY -> "string";
            case TIMESTAMP -> "datetime";
        };
    }

    private static String mlmodel(
            Flavour flavour, String modelFile, byte[] model, String version, List<Column> columns) {
        String inputs = columns.stream()
                .map(column -> "{\"type\": \"" + type(flavour, column) + "\", \"name\": " + Json.text(column.name())
                        + ", \"required\": " + !column.optional() + "}")
                .toList()
                .toString();
        String dtype = flavour == Flavour.LIGHTGBM ? "float64" : "float32";
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
            case ONNX -> """
                onnx:
                  code: null
                  data: %s
                  onnx_session_options: null
                  providers:
                  - CPUExecutionProvider
                """.formatted(modelFile);
            case LINEAR -> """
                plimsoll_linear:
                  data: %s
                """.formatted(modelFile);
            case SKLEARN, PYFUNC, REMOTE -> throw new IllegalStateException(flavour + " is no library of ours");
        };
    }

    /** There is nothing for Python to load. */
    private static final String REMOTE = """
            flavors:
              plimsoll_remote:
                data: remote.json
            metadata:
              plimsoll: task.json
            """;

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

    private static String condaEnvironment(List<String> libraries) {
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
                """.formatted(PYTHON, MLFLOW, String.join("\n  - ", libraries));
    }
}
