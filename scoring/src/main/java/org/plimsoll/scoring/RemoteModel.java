package org.plimsoll.scoring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.scoring.Signature.Datatype;
import tools.jackson.core.JacksonException;

/**
 * A model that another server answers, by the Open Inference Protocol v2: what {@code remote.json} in a model folder says. The
 * folder's digest covers this file, not the model, whose bytes are elsewhere: golden rows are judged at every load.
 *
 * <pre>
 *  {"v":1, "url":"http://host:8080", "protocol":"rest", "model":"late", "version":"3", "deadline":"2s",
 *   "inputs":  [{"name":"x","datatype":"FP32","columns":["distance","hour"]}],     one row has one value a column
 *   "outputs": [{"name":"predict_proba","datatype":"FP64","width":2,"classes":["0","1"]}],
 *   "headers": {"Authorization":"env:PLIMSOLL_REMOTE_TOKEN"},
 *   "missing": "null", "idempotent": true}
 * </pre>
 *
 * @param url where the server listens; for gRPC {@code http} is without, {@code https} with TLS
 * @param version of the model at the server; empty for the server's own choice
 * @param deadline for one question, repetitions and all
 * @param inputs the tensors asked with; where none are given, the server's metadata says them, one column each
 * @param outputs the tensors answered; where none are given, the server's metadata says them
 * @param headers sent with each request: the values are references, never secrets
 * @param missing how a missing value is written where the datatype has no NaN
 * @param idempotent whether asking twice does no harm: then a question whose connection broke before the answer is repeated
 */
record RemoteModel(
        int v,
        URI url,
        Protocol protocol,
        String model,
        Optional<String> version,
        Optional<Duration> deadline,
        List<Input> inputs,
        List<Output> outputs,
        Map<String, String> headers,
        Optional<Missing> missing,
        Optional<Boolean> idempotent) {

    static final String FILE = "remote.json";

    private static final int V = 1;
    private static final Duration USUAL_DEADLINE = Duration.ofSeconds(5);
    private static final String VARIABLES = "PLIMSOLL_REMOTE_";

    /** How it is spoken. */
    enum Protocol {
        /** HTTP; tensors in binary where the server says that it takes them, else JSON. */
        REST,
        /** HTTP; JSON alone. */
        REST_JSON,
        GRPC;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        @JsonCreator
        static Protocol of(String word) {
            return named(word, values(), "protocol");
        }
    }

    /** What stands for a missing value where the datatype, or JSON, has none. */
    enum Missing {
        /** Rows with missing values are refused. */
        REFUSE,
        /** JSON's null. */
        NULL,
        /** The word NaN, which is not JSON, and which Python's servers take. */
        NAN;

        @JsonValue
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        static Missing of(String word) {
            return named(word, values(), "missing");
        }
    }

    private static <E extends Enum<E>> E named(String word, E[] values, String field) {
        for (E each : values) {
            if (each.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word)) {
                return each;
            }
        }
        throw Problem.invalid(
                FILE + ": " + field,
                word,
                Arrays.stream(values)
                        .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.joining(", ")));
    }

    /**
     * A tensor of the question.
     *
     * @param columns in the order of a row's values
     * @param flat whether a tensor of one column has the shape [rows] rather than [rows, 1]; the server's metadata says it
     *     where it is not given
     */
    record Input(String name, Datatype datatype, List<String> columns, Optional<Boolean> flat) {}

    /** A tensor of the answer. @param classes whose probability each value is */
    record Output(String name, Datatype datatype, int width, List<String> classes) {

        Output {
            if (width < 1) {
                throw Problem.invalid(FILE + ": width of output " + name, width, "at least 1");
            }
        }
    }

    RemoteModel {
        String scheme = String.valueOf(url.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https") || url.getHost() == null) {
            throw Problem.invalid(FILE + ": url", url, "http://HOST:PORT or https://HOST:PORT");
        }
        if (url.getUserInfo() != null) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    FILE + ": the url holds a user or a password; write headers: {\"Authorization\":\"env:" + VARIABLES
                            + "…\"}");
        }
        if (model.isBlank()) {
            throw Problem.invalid(FILE + ": model", "''", "the model's name at the server");
        }
        Duration limit = deadline.orElse(USUAL_DEADLINE);
        if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofMinutes(10)) > 0) {
            throw Problem.invalid(FILE + ": deadline", limit, "more than nothing, at most 10m");
        }
        headers.forEach((name, value) -> {
            if (!value.startsWith("env:") && !value.startsWith("file:")) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        FILE + ": header " + name + " holds its value; a model folder is copied and read by many: "
                                + "write env:" + VARIABLES + "… or file:NAME");
            }
        });
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        headers = Map.copyOf(headers);
    }

    /** Reads the file. @throws Problem where it is not one, or of a later version */
    static RemoteModel read(byte[] json) {
        RemoteModel read;
        try {
            read = Json.read(json, RemoteModel.class);
        } catch (JacksonException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw Problem.of(
                    Problem.Kind.INVALID,
                    FILE + ": " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (read.v > V) {
            throw Problem.invalid(FILE + " v", read.v, "at most " + V + "; a newer Plimsoll wrote it");
        }
        return read;
    }

    Duration deadlineOrUsual() {
        return deadline.orElse(USUAL_DEADLINE);
    }

    /** The model at its server, for people: {@code late version 3 at http://host:8080}. */
    String where() {
        return model + version.map(number -> " version " + number).orElse("") + " at " + url;
    }

    /**
     * The headers with what their references stand for. A model folder comes from many hands, so it may name only what was put
     * there for it: variables that begin with PLIMSOLL_REMOTE_, and files of one folder.
     *
     * @param secrets the folder that {@code file:} names files of
     * @throws Problem naming the reference, where it is not allowed or not there
     */
    Map<String, String> resolved(Map<String, String> environment, Path secrets) {
        return headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> resolved(each.getValue(), environment, secrets)));
    }

    private static String resolved(String reference, Map<String, String> environment, Path secrets) {
        if (reference.startsWith("env:")) {
            String name = reference.substring(4);
            if (!name.startsWith(VARIABLES)) {
                throw Problem.invalid(FILE + ": headers", reference, "a variable whose name begins with " + VARIABLES);
            }
            return Optional.ofNullable(environment.get(name))
                    .orElseThrow(
                            () -> Problem.refused("the variable " + name + " that " + FILE + " refers to is not set"));
        }
        Path file = secrets.resolve(reference.substring(5)).normalize();
        if (!file.startsWith(secrets.normalize())) {
            throw Problem.invalid(FILE + ": headers", reference, "a file in " + secrets);
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Problem.refused("the file " + file + " that " + FILE + " refers to cannot be read");
        }
    }
}
