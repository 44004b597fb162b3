package org.plimsoll.scoring;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Signature.Tensor;

/**
 * The messages of the Open Inference Protocol over gRPC that we send and read [1]. They are few and stay as they are, so they are
 * written field by field; the numbers stand here once.
 *
 * <pre>
 *  service inference.GRPCInferenceService
 *    ModelMetadata   {name=1, version=2}                             → {name=1, versions=2, platform=3, inputs=4, outputs=5}
 *                                                                       tensor: {name=1, datatype=2, shape=3}
 *    ModelInfer      {model_name=1, model_version=2, inputs=5, outputs=6, raw_input_contents=7}
 *                     input:  {name=1, datatype=2, shape=3}
 *                     output: {name=1}
 *                                                                    → {model_name=1, model_version=2, outputs=5,
 *                                                                       raw_output_contents=6}
 *                                                                       output: {name=1, datatype=2, shape=3, contents=5}
 *                                                                       contents: {bool=1, int=2, int64=3, uint=4, uint64=5,
 *                                                                                  fp32=6, fp64=7, bytes=8}
 * </pre>
 *
 * All inputs are raw: little endian, a text with its length before it. Answers may be raw or typed, as the server likes.
 *
 * <p>[1] open-inference-protocol, specification/protocol/open_inference_grpc.proto, 2025-05.
 */
final class RemoteMessages {

    private RemoteMessages() {}

    /** What the server answers: one output, raw or typed. */
    record Output(String name, String datatype, Optional<ByteString> raw, double[] typed) {}

    /** {@code ModelMetadataRequest}. */
    static byte[] metadata(String model, String version) {
        return message(out -> {
            out.writeString(1, model);
            if (!version.isEmpty()) {
                out.writeString(2, version);
            }
        });
    }

    /** {@code ModelMetadataResponse}. */
    static RemoteProtocol.Metadata metadata(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        String platform = "";
        List<RemoteProtocol.Described> inputs = new ArrayList<>();
        List<RemoteProtocol.Described> outputs = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 3 -> platform = in.readString();
                case 4 -> inputs.add(described(in.readBytes().newCodedInput()));
                case 5 -> outputs.add(described(in.readBytes().newCodedInput()));
                default -> in.skipField(tag);
            }
        }
        return new RemoteProtocol.Metadata(platform, inputs, outputs);
    }

    private static RemoteProtocol.Described described(CodedInputStream in) throws IOException {
        String name = "";
        String datatype = "";
        List<Long> shape = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readString();
                case 2 -> datatype = in.readString();
                case 3 -> each(in, tag, numbers -> shape.add(numbers.readInt64()));
                default -> in.skipField(tag);
            }
        }
        return new RemoteProtocol.Described(name, datatype, List.copyOf(shape));
    }

    /** {@code ModelInferRequest}. */
    static byte[] infer(RemoteModel model, List<Tensor> tensors, List<TaskOutputs.Own> wanted, Columns rows) {
        return message(out -> {
            out.writeString(1, model.model());
            if (model.version().isPresent()) {
                out.writeString(2, model.version().get());
            }
            for (Tensor tensor : tensors) {
                out.writeByteArray(5, message(input -> {
                    input.writeString(1, tensor.name());
                    input.writeString(2, tensor.datatype().name());
                    for (long length : tensor.shape()) {
                        input.writeInt64(3, length < 0 ? rows.rows() : length);
                    }
                }));
            }
            for (TaskOutputs.Own output : wanted) {
                out.writeByteArray(6, message(named -> named.writeString(1, output.name())));
            }
            for (Tensor tensor : tensors) {
                out.writeByteArray(7, RemoteTensors.bytes(tensor, rows));
            }
        });
    }

    /** {@code ModelInferResponse}: the version, and the outputs. */
    record Answered(String version, List<Output> outputs) {}

    /** {@code ModelInferResponse}. @param most values of one typed output */
    static Answered answered(byte[] bytes, int most) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        String version = "";
        List<Output> outputs = new ArrayList<>();
        List<ByteString> raw = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 2 -> version = in.readString();
                case 5 -> outputs.add(output(in.readBytes().newCodedInput(), most));
                case 6 -> raw.add(in.readBytes());
                default -> in.skipField(tag);
            }
        }
        if (raw.isEmpty()) {
            return new Answered(version, outputs);
        }
        if (raw.size() != outputs.size()) {
            throw new IOException(raw.size() + " raw contents for " + outputs.size() + " outputs");
        }
        List<Output> all = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            Output output = outputs.get(i);
            all.add(new Output(output.name, output.datatype, Optional.of(raw.get(i)), output.typed));
        }
        return new Answered(version, all);
    }

    private static Output output(CodedInputStream in, int most) throws IOException {
        String name = "";
        String datatype = "";
        double[] typed = new double[0];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readString();
                case 2 -> datatype = in.readString();
                case 5 -> typed = contents(in.readBytes().newCodedInput(), most);
                default -> in.skipField(tag);
            }
        }
        return new Output(name, datatype, Optional.empty(), typed);
    }

    /** {@code InferTensorContents}, of whatever type, as numbers. */
    private static double[] contents(CodedInputStream in, int most) throws IOException {
        double[] values = new double[most];
        int[] count = {0};
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Element element = switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> numbers -> numbers.readBool() ? 1 : 0;
                case 2 -> CodedInputStream::readInt32;
                case 3 -> CodedInputStream::readInt64;
                case 4 -> numbers -> Integer.toUnsignedLong(numbers.readUInt32());
                case 5 ->
                    numbers -> {
                        long value = numbers.readUInt64();
                        return value >= 0 ? value : value * 1.0 + 0x1p64;
                    };
                case 6 -> CodedInputStream::readFloat;
                case 7 -> CodedInputStream::readDouble;
                default -> throw new IOException("an output of words, which are no numbers");
            };
            each(in, tag, numbers -> {
                if (count[0] == most) {
                    throw new IOException("more than " + most + " numbers in an output");
                }
                values[count[0]++] = element.read(numbers);
            });
        }
        return java.util.Arrays.copyOf(values, count[0]);
    }

    private interface Element {
        double read(CodedInputStream in) throws IOException;
    }

    private interface Reading {
        void one(CodedInputStream in) throws IOException;
    }

    /** A repeated field of numbers comes packed, or one by one. */
    private static void each(CodedInputStream in, int tag, Reading reading) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            reading.one(in);
            return;
        }
        CodedInputStream packed = in.readBytes().newCodedInput();
        while (!packed.isAtEnd()) {
            reading.one(packed);
        }
    }

    private interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.to(out);
            out.flush();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e); // nothing can fail in memory
        }
        return bytes.toByteArray();
    }
}
