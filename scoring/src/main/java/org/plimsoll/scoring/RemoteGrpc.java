package org.plimsoll.scoring;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata.Key;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Signature.Datatype;
import org.plimsoll.scoring.Signature.Tensor;

/**
 * The Open Inference Protocol over gRPC: one connection that is kept and made again when it breaks. Tensors go raw.
 *
 * <p>Nothing is repeated here but by gRPC itself, which sends a question again only where the server cannot have begun with it.
 */
final class RemoteGrpc implements RemoteProtocol {

    private static final int MOST_BYTES = 64 << 20;
    private static final String SERVICE = "inference.GRPCInferenceService/";

    private static final MethodDescriptor<byte[], byte[]> METADATA = method("ModelMetadata");
    private static final MethodDescriptor<byte[], byte[]> INFER = method("ModelInfer");

    private final RemoteModel model;
    private final ManagedChannel connection;
    private final Channel channel;

    RemoteGrpc(RemoteModel model, Map<String, String> headers) {
        this.model = model;
        boolean isSecure = model.url().getScheme().equals("https");
        ChannelCredentials credentials =
                isSecure ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
        int port =
                model.url().getPort() < 0 ? (isSecure ? 443 : 80) : model.url().getPort();
        this.connection = Grpc.newChannelBuilderForAddress(model.url().getHost(), port, credentials)
                .maxInboundMessageSize(MOST_BYTES)
                .build();
        io.grpc.Metadata sent = new io.grpc.Metadata();
        headers.forEach((name, value) -> sent.put(Key.of(name, io.grpc.Metadata.ASCII_STRING_MARSHALLER), value));
        this.channel = ClientInterceptors.intercept(connection, MetadataUtils.newAttachHeadersInterceptor(sent));
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(SERVICE + name)
                .build();
    }

    /** Messages are written and read by {@link RemoteMessages}. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private byte[] call(MethodDescriptor<byte[], byte[]> method, byte[] request, Duration deadline) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
        try {
            return ClientCalls.blockingUnaryCall(channel, method, options, request);
        } catch (StatusRuntimeException e) {
            throw said(e.getStatus(), deadline);
        }
    }

    private Problem said(Status status, Duration deadline) {
        String words = Optional.ofNullable(status.getDescription()).orElse("");
        Problem.Kind kind = switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> Problem.Kind.INVALID;
            case NOT_FOUND -> Problem.Kind.NOT_FOUND;
            case DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> Problem.Kind.BUSY;
            default -> Problem.Kind.UNREACHABLE;
        };
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return Problem.of(
                    kind, "the server of " + model.where() + " did not answer within " + deadline.toMillis() + " ms");
        }
        return Problem.of(
                kind,
                "the server of " + model.where() + " answers " + status.getCode()
                        + (words.isEmpty() ? "" : ": " + words.substring(0, Math.min(words.length(), 500))));
    }

    @Override
    public Metadata metadata() {
        byte[] answer = call(
                METADATA, RemoteMessages.metadata(model.model(), model.version().orElse("")), model.deadlineOrUsual());
        try {
            return RemoteMessages.metadata(answer);
        } catch (IOException e) {
            throw broken("its metadata cannot be read: " + e.getMessage());
        }
    }

    @Override
    public List<RemoteTensors.Answer> infer(
            List<Tensor> tensors, List<TaskOutputs.Own> wanted, Columns rows, Duration deadline) {
        byte[] answer = call(INFER, RemoteMessages.infer(model, tensors, wanted, rows), deadline);
        int widest = wanted.stream().mapToInt(TaskOutputs.Own::width).max().orElse(1);
        RemoteMessages.Answered answered;
        try {
            answered = RemoteMessages.answered(answer, Math.multiplyExact(rows.rows(), Math.max(widest, 64)));
        } catch (IOException e) {
            throw broken("its answer cannot be read: " + e.getMessage());
        }
        Optional<String> version = model.version();
        if (version.isPresent()
                && !answered.version().isEmpty()
                && !answered.version().equals(version.get())) {
            throw broken("version " + answered.version() + " answered instead of " + version.get());
        }
        List<RemoteTensors.Answer> found = new ArrayList<>();
        for (TaskOutputs.Own own : wanted) {
            RemoteMessages.Output output = answered.outputs().stream()
                    .filter(each -> each.name().equals(own.name()))
                    .findFirst()
                    .orElseThrow(() -> broken("its answer has no output " + own.name()));
            found.add(answer(own, output, rows.rows()));
        }
        return found;
    }

    private RemoteTensors.Answer answer(TaskOutputs.Own own, RemoteMessages.Output output, int rows) {
        Datatype type = own.datatype();
        if (!output.datatype().equals(type.name())) {
            throw broken("output " + own.name() + " is answered as " + output.datatype() + "; it was " + type);
        }
        int count = rows * own.width();
        Optional<double[]> values = output.raw().isPresent()
                ? RemoteTensors.numbers(type, ByteBuffer.wrap(output.raw().get().toByteArray()), count)
                : Optional.of(output.typed()).filter(typed -> typed.length == count);
        return new RemoteTensors.Answer(
                own.name(),
                type,
                values.orElseThrow(
                        () -> broken("output " + own.name() + " has not " + count + " numbers for " + rows + " rows")));
    }

    private Problem broken(String what) {
        return Problem.of(Problem.Kind.UNREACHABLE, "the server of " + model.where() + ": " + what);
    }

    @Override
    public String describe() {
        return "gRPC";
    }

    @Override
    public void close() {
        connection.shutdownNow();
    }
}
