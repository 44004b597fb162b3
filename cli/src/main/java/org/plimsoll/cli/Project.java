package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.gates.GatesOperations.GetPolicy;
import org.plimsoll.gates.GatesOperations.PublishPolicy;
import org.plimsoll.gates.Policy;
import org.plimsoll.gates.PolicyVersion;
import org.plimsoll.pipeline.Pipeline;
import org.plimsoll.pipeline.PipelineFile;
import org.plimsoll.registry.Tier;
import org.plimsoll.serving.EndpointTime;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.serving.ServingOperations.ShowEndpoint;

/**
 * The folder a person works on a model in, as {@code init} writes it: {@code pipeline.yaml}, {@code card.yaml} and {@code
 * policy.yaml}. Commands in it know which model is meant.
 *
 * @param folder where the three lie
 * @param name of the pipeline, which is the model's
 */
record Project(Path folder, ExperimentName name) {

    static final String CARD = "card.yaml";
    static final String POLICY = "policy.yaml";

    /** The project of the folder one is in, if it is one. */
    static Optional<Project> here() {
        Path pipeline = Path.of(PipelineFile.NAME);
        if (!Files.isRegularFile(pipeline)) {
            return ofPolicy();
        }
        Pipeline read = PipelineFile.read(pipeline, Map.of());
        return Optional.of(new Project(read.folder(), read.name()));
    }

    /** Of a model that was trained elsewhere there is no pipeline, but a policy that names it. */
    private static Optional<Project> ofPolicy() {
        Project folder = new Project(Path.of("").toAbsolutePath(), new ExperimentName("model"));
        return folder.policy()
                .map(policy -> policy.appliesTo().models())
                .filter(models -> models.size() == 1)
                .map(models -> new Project(
                        folder.folder, new ExperimentName(models.getFirst().value())));
    }

    /** The project of this folder. @throws Problem that says where to go */
    static Project needed(String what) {
        return here().orElseThrow(() -> Problem.of(
                Problem.Kind.INVALID,
                "say " + what + ", or go to a folder with a " + PipelineFile.NAME
                        + " (plimsoll init makes one); here is none"));
    }

    ModelName model() {
        return new ModelName(name.value());
    }

    Path card() {
        return folder.resolve(CARD);
    }

    /** The policy of this folder, where it has one. */
    Optional<Policy> policy() {
        return policyText().map(text -> Policy.read(text, POLICY));
    }

    private Optional<String> policyText() {
        Path file = folder.resolve(POLICY);
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, file + " cannot be read: " + e.getMessage());
        }
    }

    /** The tier its policy is for; the one given where it does not say. */
    Tier tier(Tier otherwise) {
        return policy().map(policy -> policy.appliesTo().tiers())
                .filter(tiers -> tiers.size() == 1)
                .map(tiers -> tiers.getFirst())
                .orElse(otherwise);
    }

    /** Publishes the policy where the one in force is another, and says so. */
    void publishPolicy(Operations operations, Output out) {
        Optional<String> text = policyText();
        if (text.isEmpty()) {
            return;
        }
        Policy policy = Policy.read(text.get(), POLICY);
        if (inForce(operations, policy).filter(Digest.of(text.get())::equals).isPresent()) {
            return;
        }
        PolicyVersion published = operations.perform(new PublishPolicy(text.get(), Optional.of(POLICY)));
        out.say("Published policy " + published + " for " + policy.appliesTo() + ".");
    }

    private static Optional<Digest> inForce(Operations operations, Policy policy) {
        try {
            return Optional.of(operations
                    .perform(new GetPolicy(policy.policy(), Optional.empty()))
                    .digest());
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    /** The endpoint its policy names, made where it is not there yet. */
    Optional<EndpointName> endpoint(Operations operations, Output out) {
        Optional<Policy> policy = policy().filter(it -> it.endpoint().isPresent());
        policy.ifPresent(it -> make(operations, it, out));
        return policy.flatMap(Policy::endpoint);
    }

    private void make(Operations operations, Policy policy, Output out) {
        EndpointName name = policy.endpoint().orElseThrow();
        try {
            operations.perform(new ShowEndpoint(name));
        } catch (Problem problem) {
            if (problem.kind() != Problem.Kind.NOT_FOUND) {
                throw problem;
            }
            operations.perform(new CreateEndpoint(
                    name,
                    policy.appliesTo().environments().getFirst(),
                    policy.appliesTo().models().getFirst(),
                    Optional.of(EndpointTime.CLOCK),
                    Optional.of(false)));
            out.say("Made endpoint " + name + " in "
                    + policy.appliesTo().environments().getFirst() + ", as " + POLICY
                    + " names it; it answers once a version is promoted.");
        }
    }
}
