package org.plimsoll.scoring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.YamlDocument;
import org.plimsoll.data.Column;
import org.plimsoll.data.Schema;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a Python process is told to open, as {@code MLmodel} says it, and how it fences itself in.
 *
 * @param folder the model's
 * @param work the one folder it may write to
 * @param loader {@code sklearn}: an estimator is unpickled; {@code pyfunc}: whatever {@code module} loads has {@code predict}
 * @param file the pickle, or what the loader module is given; empty for the whole folder
 * @param format of the pickle: {@code pickle}, {@code cloudpickle}, {@code joblib}, {@code skops}
 * @param trusted types that skops may make
 * @param module MLflow's {@code loader_module}
 * @param code folders of code that came with the model
 * @param matrix the dtype of the one tensor it takes; empty where it takes a table
 * @param requirements the lines of {@code requirements.txt}
 * @param task {@code binary} and {@code multiclass} ask an estimator for probabilities
 * @param inputs the columns there are, with pandas' dtypes
 * @param signature the names of the MLflow signature, in its order; none where it has none
 */
record PythonOrder(
        String folder,
        String work,
        String loader,
        String file,
        String format,
        List<String> trusted,
        String module,
        List<String> code,
        String matrix,
        List<String> requirements,
        String task,
        List<Input> inputs,
        List<String> signature,
        boolean isolated,
        int openFiles,
        long fileBytes,
        long memoryBytes,
        int frameBytes) {

    /** A column that may be asked with. @param usable whether it is taken where neither model nor signature name columns */
    record Input(String name, String dtype, boolean usable) {}

    /** A question or an answer is at most this great; more rows are asked in several. */
    static final int FRAME_BYTES = 32 << 20;

    private static final int OPEN_FILES = 256;
    private static final long FILE_BYTES = 64 << 20;

    /** The folders and limits of a process that has none yet. */
    PythonOrder in(Path workFolder, ScoringConfig config) {
        return new PythonOrder(
                folder,
                workFolder.toAbsolutePath().toString(),
                loader,
                file,
                format,
                trusted,
                module,
                code,
                matrix,
                requirements,
                task,
                inputs,
                signature,
                config.pythonIsolated(),
                OPEN_FILES,
                FILE_BYTES,
                (long) config.pythonMemoryMib() << 20,
                FRAME_BYTES);
    }

    /** Whether the folder is one that Python can open. */
    static boolean isOpenable(JsonNode mlmodel) {
        JsonNode flavours = mlmodel.path("flavors");
        return flavours.path("sklearn").isObject()
                || !flavours.path("python_function")
                        .path("loader_module")
                        .asString("")
                        .isEmpty();
    }

    /**
     * Reads {@code MLmodel} and {@code requirements.txt}.
     *
     * @param columns the raw columns there are
     * @throws Problem where MLmodel has no flavour that Python opens
     */
    static PythonOrder read(Path folder, Task task, Schema columns) {
        JsonNode tree = YamlDocument.parse("MLmodel", text(folder, "MLmodel")).tree();
        JsonNode sklearn = tree.path("flavors").path("sklearn");
        JsonNode pyfunc = tree.path("flavors").path("python_function");
        boolean isSklearn = sklearn.isObject();
        String module = pyfunc.path("loader_module").asString("");
        if (!isOpenable(tree)) {
            throw Problem.invalid(
                    "MLmodel: flavors", tree.path("flavors").propertyNames(), "sklearn or python_function");
        }
        JsonNode asked = signature(tree);
        List<String> names = new ArrayList<>();
        asked.forEach(input -> names.add(input.path("name").asString("")));
        Set<String> bookkeeping = task.bookkeeping();
        boolean isTensor =
                asked.size() == 1 && asked.get(0).path("type").asString("").equals("tensor");
        String matrix =
                isTensor ? asked.get(0).path("tensor-spec").path("dtype").asString("float64") : "";
        String file = isSklearn
                ? sklearn.path("pickled_model").asString("model.pkl")
                : pyfunc.path("data").asString(pyfunc.path("model_path").asString(""));
        return new PythonOrder(
                folder.toAbsolutePath().toString(),
                "",
                isSklearn ? "sklearn" : "pyfunc",
                file,
                sklearn.path("serialization_format").asString("pickle"),
                strings(sklearn.path("skops_trusted_types")),
                module,
                code(isSklearn ? sklearn : pyfunc),
                matrix,
                requirements(folder),
                task.kind().word(),
                columns.columns().stream()
                        .map(column ->
                                new Input(column.name(), dtype(column, asked), !bookkeeping.contains(column.name())))
                        .toList(),
                names.contains("") ? List.of() : names,
                true,
                OPEN_FILES,
                FILE_BYTES,
                0,
                FRAME_BYTES);
    }

    /** The signature's inputs; none where there is no signature. */
    static JsonNode signature(JsonNode mlmodel) {
        try {
            return Json.MAPPER.readTree(mlmodel.path("signature").path("inputs").asString("[]"));
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "MLmodel: signature.inputs: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /**
     * The column as pandas had it when the model was fitted: the signature's type where it gives one. A whole number that may be
     * missing is a float64, and a boolean that may be missing an object, whether or not one is missing in this question; but what
     * the signature requires is never missing, whatever the data allow.
     */
    private static String dtype(Column column, JsonNode signature) {
        String said = "";
        boolean isOptional = column.optional();
        for (JsonNode input : signature) {
            if (input.path("name").asString("").equals(column.name())) {
                said = input.path("type").asString("");
                isOptional &= !input.path("required").asBoolean(false);
            }
        }
        return switch (column.type()) {
            case NUMBER -> said.equals("float") ? "float32" : "float64";
            case INTEGER -> isOptional ? "float64" : said.equals("integer") ? "int32" : "int64";
            case BOOLEAN -> isOptional ? "object" : "bool";
            case TIMESTAMP -> "datetime64[ns]";
            case TEXT, CATEGORY -> "str";
        };
    }

    /** The lines of {@code requirements.txt} that name packages; none where there is no file. */
    static List<String> requirements(Path folder) {
        if (!Files.exists(folder.resolve("requirements.txt"))) {
            return List.of();
        }
        return text(folder, "requirements.txt")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static List<String> code(JsonNode flavour) {
        String code = flavour.path("code").asString("");
        return code.isEmpty() ? List.of() : List.of(code);
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(each -> strings.add(each.asString("")));
        return strings;
    }

    private static String text(Path folder, String name) {
        return new String(Engines.bytes(folder, name), java.nio.charset.StandardCharsets.UTF_8);
    }
}
