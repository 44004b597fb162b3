package org.plimsoll.scoring;

import java.time.Duration;
import java.util.List;
import org.plimsoll.data.Columns;
import org.plimsoll.scoring.Signature.Tensor;

/** How a remote model is asked. Safe for any number of threads; connections are kept and used again. */
sealed interface RemoteProtocol extends AutoCloseable permits RemoteRest, RemoteGrpc {

    /**
     * What the server says of its model.
     *
     * @param platform the server's word for what executes it
     * @param inputs may be empty: not every server says them
     */
    record Metadata(String platform, List<Described> inputs, List<Described> outputs) {}

    /** A tensor as the server describes it. @param shape -1 is any number */
    record Described(String name, String datatype, List<Long> shape) {

        @Override
        public String toString() {
            return name + " " + datatype + shape;
        }
    }

    /** What the server says of its model. @throws org.plimsoll.core.Problem naming the server, where it does not answer */
    Metadata metadata();

    /**
     * Asks about these rows.
     *
     * @param wanted the outputs that must be answered
     * @return in the order of {@code wanted}
     * @throws org.plimsoll.core.Problem naming the server and what it said; BUSY or UNREACHABLE where asking later may help
     */
    List<RemoteTensors.Answer> infer(
            List<Tensor> tensors, List<TaskOutputs.Own> wanted, Columns rows, Duration deadline);

    /** How it is spoken, for people: {@code REST, binary tensors}. */
    String describe();

    @Override
    void close();
}
