package org.plimsoll.inference;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Reads an inference request, streaming, into primitive arrays. Fields the protocol does not know are passed over. */
final class RequestReader {

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private final ByteBuffer raw;
    private Optional<String> id = Optional.empty();
    private Map<String, Object> parameters = Map.of();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<InferRequest.WantedOutput> outputs = new ArrayList<>();

    private RequestReader(ByteBuffer raw) {
        this.raw = raw;
    }

    /**
     * Reads a request.
     *
     * @param jsonBytes how many of the body's bytes are JSON; the rest are raw tensors
     * @throws Problem INVALID where it is not one, with line and column where the JSON is malformed
     */
    static InferRequest read(byte[] body, int jsonBytes) {
        if (jsonBytes < 0 || jsonBytes > body.length) {
            throw Problem.invalid(
                    "Inference-Header-Content-Length", jsonBytes, "at most the body's length, " + body.length);
        }
        RequestReader reader = new RequestReader(ByteBuffer.wrap(body, jsonBytes, body.length - jsonBytes));
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body, 0, jsonBytes)) {
            reader.request(json);
            if (json.nextToken() != null) {
                throw Problem.of(Problem.Kind.INVALID, "the request goes on after its last brace");
            }
        } catch (StreamReadException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "the request is not JSON: line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
        }
        if (reader.raw.hasRemaining()) {
            throw Problem.invalid(
                    "body",
                    reader.raw.remaining() + " bytes longer than its inputs",
                    "the JSON and the raw tensors it names by binary_data_size");
        }
        return new InferRequest(reader.id, reader.parameters, reader.inputs, reader.outputs);
    }

    private void request(JsonParser json) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw Problem.of(Problem.Kind.INVALID, "the request is not a JSON object");
        }
        boolean hasInputs = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "id" -> id = value == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(text(json, "id"));
                case "parameters" -> parameters = parameters(json);
                case "inputs" -> {
                    hasInputs = true;
                    each(json, "inputs", () -> inputs.add(input(json)));
                }
                case "outputs" -> each(json, "outputs", () -> outputs.add(output(json)));
                default -> json.skipChildren();
            }
        }
        if (!hasInputs) {
            throw Problem.of(Problem.Kind.INVALID, "`inputs` is missing: a list of tensors, one for each column");
        }
    }

    private static void each(JsonParser json, String field, Runnable element) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.invalid(field, json.getString(), "a list");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw Problem.invalid(field, json.getString(), "a list of objects");
            }
            element.run();
        }
    }

    private Tensor input(JsonParser json) {
        String name = "";
        Optional<String> datatype = Optional.empty();
        List<Long> shape = List.of();
        Map<String, Object> own = Map.of();
        @Nullable ValueReader data = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = text(json, "name of an input");
                case "datatype" -> datatype = Optional.of(text(json, "datatype"));
                case "shape" -> shape = shape(json, name);
                case "parameters" -> own = parameters(json);
                case "data" -> data = ValueReader.read(json);
                default -> json.skipChildren();
            }
        }
        if (name.isEmpty()) {
            throw Problem.invalid("name of an input", "missing", "the name of a column");
        }
        String named = name;
        Datatype type = Datatype.of(
                name,
                datatype.orElseThrow(() ->
                        Problem.invalid("datatype of input `" + named + "`", "missing", "such as FP64 or BYTES")));
        Object size = own.get("binary_data_size");
        Tensor.Values values;
        if (data != null) {
            values = data.as(type, name);
        } else if (size instanceof Long bytes && bytes >= 0 && bytes <= Integer.MAX_VALUE) {
            values = RawTensors.read(raw, bytes.intValue(), type, name);
        } else {
            throw Problem.invalid(
                    "data of input `" + name + "`", "missing", "an array, or parameter binary_data_size and raw bytes");
        }
        requireFull(name, shape, values.count());
        return new Tensor(name, type, shape, values);
    }

    private static void requireFull(String name, List<Long> shape, int count) {
        long product = 1;
        for (long dimension : shape) {
            product = dimension <= Integer.MAX_VALUE && product <= Integer.MAX_VALUE ? product * dimension : -1;
        }
        if (shape.isEmpty() || product != count) {
            throw Problem.invalid(
                    "shape of input `" + name + "`", shape, "one whose product is its " + count + " values");
        }
    }

    private static List<Long> shape(JsonParser json, String name) {
        List<Long> shape = new ArrayList<>(2);
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Problem.invalid("shape of input `" + name + "`", json.getString(), "a list of whole numbers");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || json.getLongValue() < 0) {
                throw Problem.invalid(
                        "shape of input `" + name + "`", json.getString(), "whole numbers, none of them negative");
            }
            shape.add(json.getLongValue());
        }
        return shape;
    }

    private static InferRequest.WantedOutput output(JsonParser json) {
        String name = "";
        Map<String, Object> own = Map.of();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = text(json, "name of an output");
                case "parameters" -> own = parameters(json);
                default -> json.skipChildren();
            }
        }
        Object binary = own.get("binary_data");
        return new InferRequest.WantedOutput(
                name, binary instanceof Boolean wanted ? Optional.of(wanted) : Optional.empty());
    }

    private static Map<String, Object> parameters(JsonParser json) {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.invalid("parameters", json.getString(), "an object");
        }
        Map<String, Object> parameters = new HashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            switch (json.nextToken()) {
                case VALUE_STRING -> parameters.put(name, json.getString());
                case VALUE_TRUE -> parameters.put(name, true);
                case VALUE_FALSE -> parameters.put(name, false);
                case VALUE_NUMBER_INT ->
                    parameters.put(
                            name,
                            json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                                    ? (Object) json.getDoubleValue()
                                    : (Object) json.getLongValue());
                case VALUE_NUMBER_FLOAT -> parameters.put(name, json.getDoubleValue());
                default -> json.skipChildren(); // the protocol knows no other kinds
            }
        }
        return parameters;
    }

    private static String text(JsonParser json, String field) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw Problem.invalid(field, json.getString(), "a text");
        }
        return json.getString();
    }
}
