package org.plimsoll.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;

/**
 * A gRPC server whose messages are protobuf's own, after the published proto, not ours: what we write by hand must be what it
 * reads, and the other way round.
 */
class RemoteGrpcTest {

    private static final Task TASK = Json.read("{\"kind\":\"regression\",\"label\":\"label\"}", Task.class);
    private static final Schema SCHEMA = new Schema(List.of(
            Column.optional("a", ColumnType.NUMBER),
            Column.required("word", ColumnType.TEXT),
            Column.required("label", ColumnType.NUMBER)));

    @TempDir
    Path temp;

    private final FileDescriptor proto = proto();
    private final AtomicReference<UnaryOperator<DynamicMessage>> infer = new AtomicReference<>();
    private Server server;

    private static FieldDescriptorProto field(int number, String name, Type type, boolean isRepeated, String message) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setNumber(number)
                .setName(name)
                .setType(type)
                .setLabel(isRepeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
        if (!message.isEmpty()) {
            field.setTypeName(".inference." + message);
        }
        return field.build();
    }

    private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addAllField(List.of(fields))
                .build();
    }

    /** open_inference_grpc.proto, the parts that are spoken here; one message may stand for two whose fields agree. */
    private static FileDescriptor proto() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("open_inference_grpc.proto")
                .setPackage("inference")
                .setSyntax("proto3")
                .addMessageType(message(
                        "ModelMetadataRequest",
                        field(1, "name", Type.TYPE_STRING, false, ""),
                        field(2, "version", Type.TYPE_STRING, false, "")))
                .addMessageType(message(
                        "TensorMetadata",
                        field(1, "name", Type.TYPE_STRING, false, ""),
                        field(2, "datatype", Type.TYPE_STRING, false, ""),
                        field(3, "shape", Type.TYPE_INT64, true, "")))
                .addMessageType(message(
                        "ModelMetadataResponse",
                        field(1, "name", Type.TYPE_STRING, false, ""),
                        field(2, "versions", Type.TYPE_STRING, true, ""),
                        field(3, "platform", Type.TYPE_STRING, false, ""),
                        field(4, "inputs", Type.TYPE_MESSAGE, true, "TensorMetadata"),
                        field(5, "outputs", Type.TYPE_MESSAGE, true, "TensorMetadata")))
                .addMessageType(message(
                        "InferTensorContents",
                        field(1, "bool_contents", Type.TYPE_BOOL, true, ""),
                        field(2, "int_contents", Type.TYPE_INT32, true, ""),
                        field(3, "int64_contents", Type.TYPE_INT64, true, ""),
                        field(4, "uint_contents", Type.TYPE_UINT32, true, ""),
                        field(5, "uint64_contents", Type.TYPE_UINT64, true, ""),
                        field(6, "fp32_contents", Type.TYPE_FLOAT, true, ""),
                        field(7, "fp64_contents", Type.TYPE_DOUBLE, true, ""),
                        field(8, "bytes_contents", Type.TYPE_BYTES, true, "")))
                .addMessageType(message(
                        "InferTensor",
                        field(1, "name", Type.TYPE_STRING, false, ""),
                        field(2, "datatype", Type.TYPE_STRING, false, ""),
                        field(3, "shape", Type.TYPE_INT64, true, ""),
                        field(5, "contents", Type.TYPE_MESSAGE, false, "InferTensorContents")))
                .addMessageType(message("RequestedOutput", field(1, "name", Type.TYPE_STRING, false, "")))
                .addMessageType(message(
                        "ModelInferRequest",
                        field(1, "model_name", Type.TYPE_STRING, false, ""),
                        field(2, "model_version", Type.TYPE_STRING, false, ""),
                        field(3, "id", Type.TYPE_STRING, false, ""),
                        field(5, "inputs", Type.TYPE_MESSAGE, true, "InferTensor"),
                        field(6, "outputs", Type.TYPE_MESSAGE, true, "RequestedOutput"),
                        field(7, "raw_input_contents", Type.TYPE_BYTES, true, "")))
                .addMessageType(message(
                        "ModelInferResponse",
                        field(1, "model_name", Type.TYPE_STRING, false, ""),
                        field(2, "model_version", Type.TYPE_STRING, false, ""),
                        field(3, "id", Type.TYPE_STRING, false, ""),
                        field(5, "outputs", Type.TYPE_MESSAGE, true, "InferTensor"),
                        field(6, "raw_output_contents", Type.TYPE_BYTES, true, "")))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private DynamicMessage.Builder builder(String message) {
        return DynamicMessage.newBuilder(proto.findMessageTypeByName(message));
    }

    private static DynamicMessage.Builder set(DynamicMessage.Builder builder, String field, Object value) {
        return builder.setField(builder.getDescriptorForType().findFieldByName(field), value);
    }

    private static DynamicMessage.Builder add(DynamicMessage.Builder builder, String field, Object value) {
        return builder.addRepeatedField(builder.getDescriptorForType().findFieldByName(field), value);
    }

    private static Object get(DynamicMessage message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    private DynamicMessage tensor(String message, String name, String datatype, long... shape) {
        DynamicMessage.Builder tensor = set(set(builder(message), "name", name), "datatype", datatype);
        for (long length : shape) {
            add(tensor, "shape", length);
        }
        return tensor.build();
    }

    private MethodDescriptor<DynamicMessage, DynamicMessage> method(String name, String request, String response) {
        Descriptor asked = proto.findMessageTypeByName(request);
        Descriptor answered = proto.findMessageTypeByName(response);
        return MethodDescriptor.newBuilder(
                        ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(asked)),
                        ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(answered)))
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("inference.GRPCInferenceService/" + name)
                .build();
    }

    @BeforeEach
    void serve() throws IOException {
        DynamicMessage.Builder metadata = set(builder("ModelMetadataResponse"), "platform", "test");
        add(metadata, "inputs", tensor("TensorMetadata", "a", "FP64", -1));
        add(metadata, "inputs", tensor("TensorMetadata", "word", "BYTES", -1, 1));
        add(metadata, "outputs", tensor("TensorMetadata", "y", "FP32", -1));
        infer.set(asked -> answer(asked, true));
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder("inference.GRPCInferenceService")
                        .addMethod(
                                method("ModelMetadata", "ModelMetadataRequest", "ModelMetadataResponse"),
                                ServerCalls.asyncUnaryCall((asked, reply) -> {
                                    reply.onNext(metadata.build());
                                    reply.onCompleted();
                                }))
                        .addMethod(
                                method("ModelInfer", "ModelInferRequest", "ModelInferResponse"),
                                ServerCalls.asyncUnaryCall((asked, reply) -> {
                                    try {
                                        reply.onNext(infer.get().apply(asked));
                                        reply.onCompleted();
                                    } catch (RuntimeException e) {
                                        reply.onError(Status.fromThrowable(e).asRuntimeException());
                                    }
                                }))
                        .build())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    /** y = a (0 where it is missing) plus the length of the word in bytes. */
    private DynamicMessage answer(DynamicMessage asked, boolean isRaw) {
        assertThat(get(asked, "model_name")).isEqualTo("m");
        assertThat(get(asked, "model_version")).isEqualTo("7");
        List<?> raw = (List<?>) get(asked, "raw_input_contents");
        ByteBuffer a = ((ByteString) raw.get(0)).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer words = ((ByteString) raw.get(1)).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Float> y = new ArrayList<>();
        while (a.hasRemaining()) {
            double value = a.getDouble();
            int length = words.getInt();
            words.position(words.position() + length);
            y.add((float) ((Double.isNaN(value) ? 0 : value) + length));
        }
        assertThat(words.hasRemaining()).isFalse();
        List<?> shapes = ((List<?>) get(asked, "inputs"))
                .stream().map(input -> get((DynamicMessage) input, "shape")).toList();
        assertThat(shapes.toString()).isEqualTo("[[" + y.size() + "], [" + y.size() + ", 1]]");
        DynamicMessage.Builder answer = set(builder("ModelInferResponse"), "model_version", "7");
        DynamicMessage output = tensor("InferTensor", "y", "FP32", y.size());
        if (isRaw) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * y.size()).order(ByteOrder.LITTLE_ENDIAN);
            y.forEach(bytes::putFloat);
            add(answer, "outputs", output);
            add(answer, "raw_output_contents", ByteString.copyFrom(bytes.flip()));
        } else {
            DynamicMessage.Builder contents = builder("InferTensorContents");
            y.forEach(value -> add(contents, "fp32_contents", value));
            add(
                    answer,
                    "outputs",
                    set(output.toBuilder(), "contents", contents.build()).build());
        }
        return answer.build();
    }

    private RemoteEngine open() throws IOException {
        Path file = Files.writeString(temp.resolve(RemoteModel.FILE), """
                {"v":1,"url":"http://127.0.0.1:%d","protocol":"grpc","model":"m","version":"7","deadline":"60s"}
                """.formatted(server.getPort()));
        return RemoteEngine.open(
                new Engines.Asked(
                        temp,
                        MlflowFolder.of(file, Files.readAllBytes(file), List.of()),
                        TASK,
                        SCHEMA,
                        Optional.empty(),
                        true,
                        rows(),
                        Optional.empty()),
                Execution.in(temp, ScoringConfig.DEFAULT));
    }

    private static Columns rows() {
        return Columns.builder(SCHEMA, 2)
                .number(0, 2.5)
                .text(1, "Łódź")
                .number(2, 0)
                .endRow()
                .text(1, "")
                .number(2, 0)
                .endRow()
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answers_rawOrTyped_areThoseOfTheServer(boolean isRaw) throws IOException {
        infer.set(asked -> answer(asked, isRaw));
        try (RemoteEngine engine = open()) {
            assertThat(engine.score(rows())[0]).containsExactly(9.5, 0);
            assertThat(engine.describe()).contains("m version 7 at http://127.0.0.1", "gRPC");
        }
    }

    @Test
    void error_namesTheServerAndWhatItSaid() throws IOException {
        try (RemoteEngine engine = open()) {
            infer.set(asked -> {
                throw Status.INVALID_ARGUMENT.withDescription("no such word").asRuntimeException();
            });
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(rows()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
            assertThat(problem)
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining("INVALID_ARGUMENT: no such word");
            server.shutdownNow();
            problem = catchThrowableOfType(Problem.class, () -> engine.score(rows()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.UNREACHABLE);
        }
    }

    @Test
    void requiredValue_missing_isRefusedBeforeItIsSent() throws IOException {
        try (RemoteEngine engine = open()) {
            Schema open = new Schema(
                    List.of(Column.optional("a", ColumnType.NUMBER), Column.optional("word", ColumnType.TEXT)));
            Columns without = Columns.builder(open, 1).number(0, 1).endRow().build();
            Problem problem = catchThrowableOfType(Problem.class, () -> engine.score(without));
            assertThat(problem).hasMessageContaining("input word").hasMessageContaining("is missing in row 0");
        }
    }
}
