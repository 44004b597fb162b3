package org.plimsoll.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.plimsoll.core.Problem;
import tools.jackson.databind.JsonNode;

/** Makes a model file from encoded rows. Deterministic: the same rows, parameters and seed give the same bytes. */
sealed interface Trainer permits XgboostTrainer {

    /** What pipeline files call it. */
    String name();

    /** The version of the library that trains; part of a step's key. */
    String version();

    /** The parameters it takes, by its own names. */
    Set<String> parameters();

    /**
     * Refuses what it would not understand, before anything runs.
     *
     * @param complaint makes the problem that points at a parameter
     */
    void check(Map<String, JsonNode> params, Complaint complaint);

    /**
     * Trains; long and native, so it is called on a platform thread. An interrupt ends it after the current round.
     *
     * @param model the file to write
     * @throws Problem where the rows or parameters do not fit
     */
    void train(EncodedRows rows, Map<String, JsonNode> params, long seed, int threads, Path model, Workbench bench);

    /** The file's suffix, by which scoring knows the format. */
    String suffix();

    /** Makes the problem that points at a parameter. */
    interface Complaint {
        Problem about(String parameter, String why);
    }

    /** All there are. */
    static List<Trainer> all() {
        return List.of(new XgboostTrainer());
    }

    static Optional<Trainer> named(String name) {
        return all().stream().filter(trainer -> trainer.name().equals(name)).findFirst();
    }

    static String names() {
        return Stream.of(all()).flatMap(List::stream).map(Trainer::name).collect(Collectors.joining(", "));
    }
}
