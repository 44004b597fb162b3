package org.plimsoll.pipeline;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.tracking.Port;
import tools.jackson.core.JacksonException;

/**
 * Everything that determines what a step makes. Its digest is the step's key: the same key, the same outputs, or the step is not
 * deterministic and a rerun says so.
 *
 * <pre>
 *  {"v":1,
 *   "work":    {"work":"train","trainer":"xgboost","features":{…},"params":{"max_depth":6},"task":{…}},
 *   "inputs":  [{"name":"split.train","digest":"sha256:…","form":"FILE"}, {"name":"code",…}],
 *   "outputs": ["model"],
 *   "runtime": {"os":"Linux","arch":"amd64","parts":{"java":"25.0.3+9","plimsoll":"sha256:…","xgboost":"3.0.4"}},
 *   "seed":42,
 *   "threads":2}
 * </pre>
 *
 * The canonical JSON is kept as a blob, whose digest is the key. So the key of any run leads to all that is needed to execute
 * the step again. Names of steps and pipelines are not in it: they determine nothing.
 *
 * @param v the format's version
 * @param inputs in the order of the file; what a person wrote (SQL, scripts) is the last, called {@link Port#CODE}
 * @param seed of everything random, written as text because seeds may be beyond what JSON numbers hold
 */
public record StepKey(
        int v, Work work, List<Port> inputs, List<String> outputs, Runtime runtime, String seed, int threads) {

    private static final int VERSION = 1;

    public StepKey {
        if (v != VERSION) {
            throw Problem.invalid(
                    "v", v, "a step's key of version " + VERSION + "; a newer Plimsoll may have written it");
        }
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    static StepKey of(PipelineStep step, List<Port> inputs, Runtime runtime) {
        return new StepKey(
                VERSION, step.work(), inputs, step.outputs(), runtime, Long.toString(step.seed()), step.threads());
    }

    /** Reads the document of a key. */
    static StepKey read(byte[] json) {
        try {
            return Json.read(json, StepKey.class);
        } catch (JacksonException e) {
            throw Problem.of(Problem.Kind.INVALID, "not the key of a step: " + e.getOriginalMessage());
        }
    }

    byte[] bytes() {
        return CanonicalJson.bytes(this);
    }

    /** The key. */
    public Digest digest() {
        return Digest.of(bytes());
    }

    /** The same work on other inputs and in another runtime. */
    StepKey with(List<Port> inputs, Runtime runtime) {
        return new StepKey(v, work, inputs, outputs, runtime, seed, threads);
    }

    Optional<Port> code() {
        return inputs.stream().filter(port -> port.name().equals(Port.CODE)).findFirst();
    }

    List<Port> data() {
        return inputs.stream().filter(port -> !port.name().equals(Port.CODE)).toList();
    }
}
