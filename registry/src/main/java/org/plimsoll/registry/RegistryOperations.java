package org.plimsoll.registry;

import static org.plimsoll.access.Role.BUILDERS;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Role.VALIDATOR;
import static org.plimsoll.access.Room.room;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Content;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Room;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;

/** What anyone can ask of the registry. */
public final class RegistryOperations {

    private RegistryOperations() {}

    private interface OnModel<R> extends Request<R> {
        ModelName model();

        @Override
        default Resource on() {
            return Resource.model(model());
        }
    }

    private interface OnVersion<R> extends OnModel<R> {
        long number();

        default VersionId id() {
            return new VersionId(model(), number());
        }
    }

    /** Enters a model in the inventory, with the people who answer for it (logins or principal ids). */
    public record CreateModel(
            ModelName name,
            Tier tier,
            String purpose,
            Optional<String> owner,
            Optional<String> deputy,
            List<String> onCall)
            implements Request<Model> {

        public CreateModel {
            onCall = List.copyOf(onCall);
            if (purpose.isBlank()) {
                throw Problem.invalid("purpose", "empty", "one sentence that says what the model is for");
            }
        }

        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** All models. */
    public record ListModels() implements Request<ModelList> {
        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** One model. */
    public record ShowModel(ModelName model) implements OnModel<Model> {}

    /**
     * Changes what is given and leaves the rest. Lowering the tier needs a validator.
     *
     * @param revision the revision that the caller saw; another one is a conflict
     * @param onCall the people on call, in the order in which they are called; absent leaves them
     */
    public record ChangeModel(
            ModelName model,
            long revision,
            Optional<Tier> tier,
            Optional<String> purpose,
            Optional<String> owner,
            Optional<String> deputy,
            Optional<List<String>> onCall)
            implements OnModel<Model> {}

    /**
     * Makes an artifact a version of the model.
     *
     * @param artifact digest of the model folder; may be left out where the run has one output that is a model
     * @param run the run that made it
     * @param card the card's draft, YAML or JSON
     */
    public record RegisterVersion(ModelName model, Optional<Digest> artifact, Optional<String> run, String card)
            implements OnModel<Version> {

        public RegisterVersion {
            if (artifact.isEmpty() && run.isEmpty()) {
                throw Problem.invalid("artifact", "absent", "an artifact's digest or the run that made it");
            }
        }
    }

    /** The versions of a model, newest first. */
    public record ListVersions(ModelName model) implements OnModel<VersionList> {}

    /** One version with its card and what the card lacks. */
    public record ShowVersion(ModelName model, long number) implements OnVersion<VersionView> {}

    /**
     * Gives a version another card. Candidates made with the old one go stale.
     *
     * @param revision the version's revision that the caller saw
     */
    public record ChangeCard(ModelName model, long number, long revision, String card) implements OnVersion<Version> {}

    /** The folder as registered, as a zip file. */
    public record ExportVersion(ModelName model, long number) implements OnVersion<Content> {}

    /** Models by name. */
    public record ModelList(List<Model> models) {}

    /** Versions, newest first. */
    public record VersionList(List<Version> versions) {}

    /** A version as people look at it. */
    public record VersionView(Version version, Card card, Completeness completeness) {}

    public static final Room<Models> MODELS = room("registry", Models.class)
            .change("model.create", "POST /models", BUILDERS, CreateModel.class, Models::create)
            .read("model.list", "GET /models", READERS, ListModels.class, Models::list)
            .read("model.show", "GET /models/{model}", READERS, ShowModel.class, Models::show)
            .change(
                    "model.change",
                    "POST /models/{model}",
                    Set.of(OWNER, VALIDATOR),
                    ChangeModel.class,
                    Models::change);

    public static final Room<Versions> VERSIONS = room("registry", Versions.class)
            .change(
                    "version.register",
                    "POST /models/{model}/versions",
                    BUILDERS,
                    RegisterVersion.class,
                    Versions::check,
                    Versions::register)
            .read("version.list", "GET /models/{model}/versions", READERS, ListVersions.class, Versions::list)
            .read("version.show", "GET /models/{model}/versions/{number}", READERS, ShowVersion.class, Versions::show)
            .change(
                    "version.card",
                    "POST /models/{model}/versions/{number}/card",
                    BUILDERS,
                    ChangeCard.class,
                    Versions::changeCard)
            .read(
                    "version.export",
                    "GET /models/{model}/versions/{number}/artifact.zip",
                    READERS,
                    ExportVersion.class,
                    Versions::export);
}
