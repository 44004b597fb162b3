package org.plimsoll.registry;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.plimsoll.access.Content;
import org.plimsoll.access.Operation.Look;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.registry.RegistryOperations.ChangeCard;
import org.plimsoll.registry.RegistryOperations.ExportVersion;
import org.plimsoll.registry.RegistryOperations.ListVersions;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.RegistryOperations.ShowVersion;
import org.plimsoll.registry.RegistryOperations.VersionList;
import org.plimsoll.registry.RegistryOperations.VersionView;
import org.plimsoll.scoring.Execution;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Pins;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;
import org.plimsoll.tracking.Edge;
import org.plimsoll.tracking.Lineage;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;

/** Keeps versions and their cards. What a version may do is governance's; this is what it is. */
public final class Versions {

    private static final String COLUMNS = """
            model, number, artifact, run, card, parity_rows, parity_difference, state, registered_by, registered_at,
            revision""";

    /** What registering found out before its transaction: the artifact reproduces its golden rows, the card is readable. */
    record Checked(Digest artifact, Optional<String> run, Card card) {}

    private record Row(
            ModelName model,
            long number,
            Digest artifact,
            Optional<String> run,
            Digest card,
            long parityRows,
            double parityDifference,
            VersionState state,
            String registeredBy,
            Instant registeredAt,
            long revision) {

        Version version() {
            return new Version(
                    new VersionId(model, number),
                    artifact,
                    run,
                    card,
                    new GoldenParity(parityRows, parityDifference),
                    state,
                    registeredBy,
                    registeredAt,
                    revision);
        }
    }

    private final Models models;
    private final ModelFolders folders;

    /**
     * @param scratch a folder for artifacts while they are looked at
     * @param execution how their models are executed
     */
    public Versions(Models models, BlobStore blobs, Path scratch, Execution execution) {
        this.models = models;
        this.folders = new ModelFolders(blobs, scratch, execution);
    }

    Checked check(Look look, RegisterVersion request) {
        CardDraft draft = CardDraft.read("card", request.card());
        Origin origin = look.up(db -> origin(db, request));
        ModelFolders.Examined examined = folders.examine(origin.artifact);
        Card.Derived derived = new Card.Derived(
                origin.artifact,
                origin.run,
                examined.task(),
                examined.label(),
                examined.segments(),
                examined.inputs(),
                List.copyOf(origin.sources),
                examined.parity());
        return new Checked(origin.artifact, origin.run, new Card(Card.FORMAT, request.model(), draft, derived));
    }

    Version register(Transaction tx, RegisterVersion request, Checked checked) {
        withArtifact(tx, request.model(), checked.artifact).ifPresent(same -> {
            throw Problem.of(Problem.Kind.CONFLICT, "this artifact is " + same.id() + " already");
        });
        Version version = new Version(
                new VersionId(request.model(), models.nextNumber(tx, request.model())),
                checked.artifact,
                checked.run,
                checked.card.digest(),
                checked.card.derived().parity(),
                VersionState.REGISTERED,
                tx.actor().principal(),
                Instant.ofEpochMilli(tx.now()),
                1);
        insert(tx, version);
        keepCard(tx, version.id(), checked.card);
        Pins.keep(tx, version.artifact(), subject(version.id()));
        tx.append("version.registered", subject(version.id()), version);
        return version;
    }

    VersionList list(Reading db, ListVersions request) {
        models.get(db, request.model());
        return new VersionList(of(db, request.model()));
    }

    VersionView show(Reading db, ShowVersion request) {
        Version version = get(db, request.id());
        Card card = card(db, version);
        return new VersionView(version, card, completeness(db, version));
    }

    Version changeCard(Transaction tx, ChangeCard request) {
        Version before = get(tx, request.id());
        Card card = card(tx, before).declaring(CardDraft.read("card", request.card()));
        if (card.digest().equals(before.card())) {
            throw Problem.of(Problem.Kind.CONFLICT, "this is the card that " + before.id() + " has already");
        }
        update(tx, before, request.revision(), card.digest(), before.state());
        keepCard(tx, before.id(), card);
        Version after = get(tx, before.id());
        tx.append("version.card-changed", subject(after.id()), after);
        return after;
    }

    Content export(Reading db, ExportVersion request) {
        Version version = get(db, request.id());
        return new Content(
                "application/zip",
                Optional.of(request.model() + "-" + request.number() + ".zip"),
                out -> folders.zip(version.artifact(), out));
    }

    /** The version. @throws Problem NOT_FOUND */
    public Version get(Reading db, VersionId id) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM version WHERE model = :model AND number = :number")
                .bind("model", id.model())
                .bind("number", id.number())
                .mapTo(Row.class)
                .findOne()
                .map(Row::version)
                .orElseThrow(() -> Problem.notFound("version", id));
    }

    /** The versions of a model, newest first. */
    public List<Version> of(Reading db, ModelName model) {
        return db
                .sql()
                .createQuery("SELECT " + COLUMNS + " FROM version WHERE model = :model ORDER BY number DESC")
                .bind("model", model)
                .mapTo(Row.class)
                .list()
                .stream()
                .map(Row::version)
                .toList();
    }

    /** The card that the version has now. */
    public Card card(Reading db, Version version) {
        return db.sql()
                .createQuery("""
                        SELECT body FROM card WHERE model = :model AND number = :number AND digest = :digest""")
                .bind("model", version.id().model())
                .bind("number", version.id().number())
                .bind("digest", version.card())
                .mapTo(String.class)
                .findOne()
                .map(body -> Card.read(body.getBytes(StandardCharsets.UTF_8)))
                .orElseThrow(() -> new IllegalStateException(version.id() + " has no card " + version.card()));
    }

    /** Principals who wrote any card this version ever had. */
    public Set<String> cardAuthors(Reading db, VersionId id) {
        return new TreeSet<>(db.sql()
                .createQuery("SELECT written_by FROM card WHERE model = :model AND number = :number")
                .bind("model", id.model())
                .bind("number", id.number())
                .mapTo(String.class)
                .list());
    }

    /** What the version's card and the model's people lack for the model's tier. */
    public Completeness completeness(Reading db, Version version) {
        Model model = models.get(db, version.id().model());
        return Completeness.of(model.tier(), card(db, version).declared(), model.contacts());
    }

    /** Writes how far the version came. Only governance calls this; it appends the event that says why. */
    public Version enter(Transaction tx, VersionId id, VersionState state) {
        Version before = get(tx, id);
        if (before.state() != state) {
            update(tx, before, before.revision(), before.card(), state);
        }
        return get(tx, id);
    }

    private record Origin(Digest artifact, Optional<String> run, Set<Digest> sources) {}

    /** Which bytes are meant, and what they were made from, as the server's own records say. */
    private Origin origin(Reading db, RegisterVersion request) {
        models.get(db, request.model());
        Optional<Run> run = request.run().map(id -> Runs.find(db, id));
        Digest artifact = request.artifact().orElseGet(() -> modelOf(db, run.orElseThrow()));
        run.ifPresent(it -> requireOutput(db, it, artifact));
        Set<Digest> sources = new TreeSet<>();
        for (Edge edge : Lineage.upstream(db, artifact)) {
            sources.add(edge.source());
        }
        Optional<String> maker = run.map(it -> it.parent().orElse(it.id()))
                .or(() -> Runs.producer(db, artifact).map(step -> step.parent().orElse(step.id())));
        return new Origin(artifact, maker, sources);
    }

    private static Digest modelOf(Reading db, Run run) {
        List<Digest> models = outputs(db, run).stream()
                .flatMap(it -> it.output("model").stream())
                .map(port -> port.digest())
                .distinct()
                .toList();
        if (models.size() != 1) {
            throw Problem.invalid(
                    "run",
                    run.id(),
                    "a run with one output `model`; this one has " + models.size()
                            + ", so name the artifact by its digest");
        }
        return models.getFirst();
    }

    private static void requireOutput(Reading db, Run run, Digest artifact) {
        boolean made = outputs(db, run).stream()
                .flatMap(it -> it.outputs().stream())
                .anyMatch(port -> port.digest().equals(artifact));
        if (!made) {
            throw Problem.invalid("artifact", artifact, "an output of run " + run.id());
        }
    }

    private static List<Run> outputs(Reading db, Run run) {
        List<Run> steps = Runs.steps(db, run.id());
        return steps.isEmpty() ? List.of(run) : steps;
    }

    /** The version that the model which this run made is already, byte for byte. */
    public Optional<Version> sameAs(Reading db, ModelName model, String run) {
        return withArtifact(db, model, modelOf(db, Runs.find(db, run)));
    }

    private Optional<Version> withArtifact(Reading db, ModelName model, Digest artifact) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM version WHERE model = :model AND artifact = :artifact")
                .bind("model", model)
                .bind("artifact", artifact)
                .mapTo(Row.class)
                .findOne()
                .map(Row::version);
    }

    private static void insert(Transaction tx, Version version) {
        @Nullable String run = version.run().orElse(null);
        tx.sql()
                .createUpdate("INSERT INTO version (" + COLUMNS + """
                        ) VALUES (:model, :number, :artifact, :run, :card, :parityRows, :parityDifference, :state,
                            :registeredBy, :registeredAt, :revision)""")
                .bind("model", version.id().model())
                .bind("number", version.id().number())
                .bind("artifact", version.artifact())
                .bind("run", run)
                .bind("card", version.card())
                .bind("parityRows", version.parity().rows())
                .bind("parityDifference", version.parity().greatestDifference())
                .bind("state", version.state().name())
                .bind("registeredBy", version.registeredBy())
                .bind("registeredAt", version.registeredAt())
                .bind("revision", version.revision())
                .execute();
    }

    private static void update(Transaction tx, Version before, long revision, Digest card, VersionState state) {
        int updated = tx.sql()
                .createUpdate("""
                        UPDATE version SET card = :card, state = :state, revision = revision + 1
                        WHERE model = :model AND number = :number AND revision = :revision""")
                .bind("card", card)
                .bind("state", state.name())
                .bind("model", before.id().model())
                .bind("number", before.id().number())
                .bind("revision", revision)
                .execute();
        if (updated == 0) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    before.id() + " is at revision " + before.revision() + ", not " + revision + "; look at it again");
        }
    }

    private static void keepCard(Transaction tx, VersionId id, Card card) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO card (model, number, digest, body, written_by, written_at)
                        VALUES (:model, :number, :digest, :body, :by, :now)
                        ON CONFLICT (model, number, digest) DO NOTHING""")
                .bind("model", id.model())
                .bind("number", id.number())
                .bind("digest", card.digest())
                .bind("body", new String(card.bytes(), StandardCharsets.UTF_8))
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .execute();
    }

    static String subject(VersionId id) {
        return "version/" + id;
    }
}
