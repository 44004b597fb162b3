package org.plimsoll.inference;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An inference request as the protocol has it.
 *
 * @param id the caller's, echoed
 * @param parameters text, whole number, number or boolean
 * @param outputs those asked for; empty means all
 */
record InferRequest(
        Optional<String> id, Map<String, Object> parameters, List<Tensor> inputs, List<WantedOutput> outputs) {

    /** An output asked for. @param binary as a raw tensor behind the JSON; empty where the request does not say */
    record WantedOutput(String name, Optional<Boolean> binary) {}

    /** Whether outputs that do not say otherwise are wanted as raw tensors. */
    boolean isBinaryByDefault() {
        return Boolean.TRUE.equals(parameters.get("binary_data_output"));
    }
}
