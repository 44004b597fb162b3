package org.plimsoll.inference;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Reason;
import org.plimsoll.scoring.Signature;
import org.plimsoll.scoring.Task;
import org.plimsoll.serving.Answer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes an answer: JSON, then the raw tensors that were asked for.
 *
 * <pre>
 *  {"model_name": "late-arrival", "model_version": "late-arrival@3", "id": …,
 *   "parameters": {"prediction_id": …, "revision": 12, "endpoint_time": …},
 *   "outputs": [{"name": "score", "datatype": "FP64", "shape": [2], "data": [0.12, 0.4]},
 *               {"name": "version", …, "data": ["late-arrival@3", "late-arrival@4"]},
 *               {"name": "arm", …, "data": ["champion", "canary"]}]}
 * </pre>
 *
 * Of several classes the output {@code label} names the most probable one, and the probabilities' parameters name all
 * ({@link ClassLabels}). A row's prediction is {@code prediction_id} and its number, counting from 0: outcomes are told under both.
 */
final class ReplyWriter {

    private static final JsonFactory JSON = JsonFactory.builder().build();

    /** An encoded answer. @param jsonBytes how many of the bytes are JSON; all, where no output is a raw tensor */
    record Reply(byte[] bytes, int jsonBytes) {

        boolean isBinary() {
            return jsonBytes < bytes.length;
        }
    }

    private final InferRequest request;
    private final Answer answer;
    private final Optional<ClassLabels> labels;
    private final List<byte[]> raw = new ArrayList<>();

    private ReplyWriter(InferRequest request, Answer answer, Optional<ClassLabels> labels) {
        this.request = request;
        this.answer = answer;
        this.labels = labels;
    }

    /** @param task what the model is asked: it names its classes */
    static Reply write(String endpoint, Task task, InferRequest request, Answer answer) {
        return new ReplyWriter(request, answer, ClassLabels.of(task, answer.outputs())).write(endpoint);
    }

    /** That every output asked for is there. @throws Problem INVALID */
    static void check(InferRequest request, Task task, Signature signature) {
        boolean hasLabels = ClassLabels.of(task, signature.outputs()).isPresent();
        for (InferRequest.WantedOutput wanted : request.outputs()) {
            boolean known = wanted.name().equals(ModelDescription.VERSION_OUTPUT)
                    || wanted.name().equals(ModelDescription.ARM_OUTPUT)
                    || hasLabels && wanted.name().equals(ClassLabels.OUTPUT)
                    || isAboutReasons(wanted.name()) && request.parameters().containsKey("reasons")
                    || signature.outputs().stream()
                            .anyMatch(output -> output.name().equals(wanted.name()));
            if (!known) {
                throw Problem.invalid(
                        "output",
                        wanted.name(),
                        "one of "
                                + String.join(
                                        ", ",
                                        signature.outputs().stream()
                                                .map(Signature.Output::name)
                                                .toList())
                                + (hasLabels ? ", " + ClassLabels.OUTPUT : "") + ", version, arm");
            }
        }
    }

    private Reply write(String endpoint) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 + 24 * answer.rows());
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", endpoint);
            json.writeStringProperty("model_version", answer.champion().toString());
            json.writeStringProperty("id", request.id().orElse(answer.prediction()));
            json.writeName("parameters");
            json.writeStartObject();
            json.writeStringProperty("prediction_id", answer.prediction());
            json.writeNumberProperty("revision", answer.revision());
            json.writeNumberProperty("endpoint_time", answer.now());
            json.writeEndObject();
            json.writeName("outputs");
            json.writeStartArray();
            outputs(json);
            json.writeEndArray();
            json.writeEndObject();
        }
        int jsonBytes = out.size();
        raw.forEach(out::writeBytes);
        return new Reply(out.toByteArray(), jsonBytes);
    }

    private void outputs(JsonGenerator json) {
        Map<String, Boolean> wanted = wanted();
        for (int i = 0; i < answer.outputs().size(); i++) {
            Signature.Output output = answer.outputs().get(i);
            if (wanted.isEmpty() || wanted.containsKey(output.name())) {
                scores(json, output, answer.values()[i], isBinary(wanted, output.name()));
            }
        }
        labels.filter(_ -> wanted.isEmpty() || wanted.containsKey(ClassLabels.OUTPUT))
                .ifPresent(each -> words(
                        json,
                        ClassLabels.OUTPUT,
                        List.of((long) answer.rows()),
                        each.mostProbable(answer.values()[0]),
                        isBinary(wanted, ClassLabels.OUTPUT)));
        if (wanted.isEmpty() || wanted.containsKey(ModelDescription.VERSION_OUTPUT)) {
            String champion = answer.champion().toString();
            String canary = answer.canary().toString();
            texts(json, wanted, ModelDescription.VERSION_OUTPUT, champion, canary);
        }
        if (wanted.isEmpty() || wanted.containsKey(ModelDescription.ARM_OUTPUT)) {
            texts(json, wanted, ModelDescription.ARM_OUTPUT, "champion", "canary");
        }
        if (!answer.reasons().isEmpty()) {
            reasons(json, wanted);
        }
    }

    private static boolean isAboutReasons(String output) {
        return output.equals(ModelDescription.REASONS_OUTPUT) || output.equals(ModelDescription.CONTRIBUTIONS_OUTPUT);
    }

    /** As many for each row as were asked for; empty text and 0 where a row has fewer. */
    private void reasons(JsonGenerator json, Map<String, Boolean> wanted) {
        int most = ((Number) request.parameters().getOrDefault("reasons", 0L)).intValue();
        Signature.Output output =
                new Signature.Output(ModelDescription.CONTRIBUTIONS_OUTPUT, Signature.Datatype.FP64, most);
        double[] contributions = new double[answer.rows() * most];
        String[] columns = new String[answer.rows() * most];
        Arrays.fill(columns, "");
        for (int row = 0; row < answer.rows(); row++) {
            List<Reason> reasons = answer.reasons().get(row);
            for (int k = 0; k < reasons.size(); k++) {
                columns[row * most + k] = reasons.get(k).column();
                contributions[row * most + k] = reasons.get(k).contribution();
            }
        }
        words(
                json,
                ModelDescription.REASONS_OUTPUT,
                ModelDescription.shape(answer.rows(), output),
                columns,
                isBinary(wanted, ModelDescription.REASONS_OUTPUT));
        scores(json, output, contributions, isBinary(wanted, output.name()));
    }

    private void words(JsonGenerator json, String name, List<Long> shape, String[] words, boolean binary) {
        start(json, name, Datatype.BYTES.name(), shape);
        if (binary) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (String word : words) {
                all.writeBytes(element(word));
            }
            binary(json, all.toByteArray());
        } else {
            json.writeName("data");
            json.writeStartArray();
            for (String word : words) {
                json.writeString(word);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private Map<String, Boolean> wanted() {
        if (request.outputs().isEmpty()) {
            return Map.of();
        }
        Map<String, Boolean> wanted = new HashMap<>();
        for (InferRequest.WantedOutput output : request.outputs()) {
            wanted.put(output.name(), output.binary().orElse(request.isBinaryByDefault()));
        }
        return wanted;
    }

    private boolean isBinary(Map<String, Boolean> wanted, String output) {
        return wanted.getOrDefault(output, request.isBinaryByDefault());
    }

    private void scores(JsonGenerator json, Signature.Output output, double[] values, boolean binary) {
        start(json, output.name(), output.datatype().name(), ModelDescription.shape(answer.rows(), output));
        List<String> classes = labels.filter(each -> each.probabilities().equals(output.name()))
                .map(ClassLabels::names)
                .orElse(List.of());
        if (binary) {
            binary(json, encoded(output, values), classes);
        } else {
            if (!classes.isEmpty()) {
                json.writeName("parameters");
                json.writeStartObject();
                names(json, classes);
                json.writeEndObject();
            }
            json.writeName("data");
            json.writeStartArray();
            for (double value : values) {
                switch (output.datatype()) {
                    case FP16, FP32 -> json.writeNumber((float) value);
                    case FP64 -> json.writeNumber(value);
                    case BOOL -> json.writeBoolean(value != 0);
                    case BYTES -> json.writeString(word(output, value));
                    case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> json.writeNumber((long) value);
                }
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    /** A label is the place of its word among the output's classes; empty where the model answered a word it never named. */
    private static String word(Signature.Output output, double value) {
        int place = (int) value;
        return place >= 0 && place < output.classes().size() ? output.classes().get(place) : "";
    }

    private static byte[] encoded(Signature.Output output, double[] values) {
        if (output.datatype() == Signature.Datatype.BYTES) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (double value : values) {
                all.writeBytes(element(word(output, value)));
            }
            return all.toByteArray();
        }
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (output.datatype()) {
                case FP16 -> bytes.putShort(Float.floatToFloat16((float) value));
                case FP32 -> bytes.putFloat((float) value);
                case FP64 -> bytes.putDouble(value);
                case INT64, UINT64 -> bytes.putLong((long) value);
                case INT32, UINT32 -> bytes.putInt((int) (long) value);
                case INT16, UINT16 -> bytes.putShort((short) value);
                case INT8, UINT8 -> bytes.put((byte) value);
                case BOOL -> bytes.put((byte) (value != 0 ? 1 : 0));
                case BYTES -> throw new IllegalStateException("words are written above");
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private void texts(
            JsonGenerator json, Map<String, Boolean> wanted, String name, String byChampion, String byCanary) {
        start(json, name, Datatype.BYTES.name(), List.of((long) answer.rows()));
        if (isBinary(wanted, name)) {
            byte[] champion = element(byChampion);
            byte[] canary = element(byCanary);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int row = 0; row < answer.rows(); row++) {
                all.writeBytes(answer.isCanary(row) ? canary : champion);
            }
            binary(json, all.toByteArray());
        } else {
            json.writeName("data");
            json.writeStartArray();
            for (int row = 0; row < answer.rows(); row++) {
                json.writeString(answer.isCanary(row) ? byCanary : byChampion);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static byte[] element(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static void start(JsonGenerator json, String name, String datatype, List<Long> shape) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("datatype", datatype);
        json.writeName("shape");
        json.writeStartArray();
        for (long dimension : shape) {
            json.writeNumber(dimension);
        }
        json.writeEndArray();
    }

    private void binary(JsonGenerator json, byte[] bytes) {
        binary(json, bytes, List.of());
    }

    private void binary(JsonGenerator json, byte[] bytes, List<String> classes) {
        raw.add(bytes);
        json.writeName("parameters");
        json.writeStartObject();
        json.writeNumberProperty("binary_data_size", bytes.length);
        names(json, classes);
        json.writeEndObject();
    }

    private static void names(JsonGenerator json, List<String> classes) {
        for (int place = 0; place < classes.size(); place++) {
            json.writeStringProperty(ClassLabels.PARAMETER + place, classes.get(place));
        }
    }
}
