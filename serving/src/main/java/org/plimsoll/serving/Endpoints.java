package org.plimsoll.serving;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.SealedSegments;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.serving.ServingOperations.CreateEnvironment;
import org.plimsoll.serving.ServingOperations.ListEndpoints;
import org.plimsoll.serving.ServingOperations.ListEnvironments;
import org.plimsoll.serving.ServingOperations.ListTables;
import org.plimsoll.serving.ServingOperations.ReopenEndpoint;
import org.plimsoll.serving.ServingOperations.ShowEndpoint;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/**
 * Keeps endpoints and all tables ever published. A table's row never changes but in one column: whether a rollback may return
 * to it.
 */
public final class Endpoints {

    /** Names that mean something else in the folder of local tables. */
    private static final Set<String> RESERVED = Set.of("unrecorded", "quarantined", "artifacts");

    private static final String TABLE_COLUMNS = """
            endpoint, revision, champion, canary, canary_share, shadows, salt, digest, why, stable, drained,
            published_by, published_at, note""";

    private final SecureRandom salts = new SecureRandom();

    Environment createEnvironment(Transaction tx, CreateEnvironment request) {
        return Environments.create(tx, request.name(), request.position());
    }

    List<Environment> environments(Reading db, ListEnvironments request) {
        return Environments.all(db);
    }

    Endpoint create(Transaction tx, CreateEndpoint request) {
        Environments.get(tx, request.environment());
        if (RESERVED.contains(request.name().value())) {
            throw Problem.invalid("name", request.name(), "a name other than " + String.join(", ", RESERVED));
        }
        if (find(tx, request.name()).isPresent()) {
            throw Problem.of(Problem.Kind.CONFLICT, "there is an endpoint " + request.name() + " already");
        }
        Endpoint endpoint = new Endpoint(
                request.name(),
                request.environment(),
                request.model(),
                request.time().orElse(EndpointTime.CLOCK),
                request.synced().orElse(false),
                Instant.ofEpochMilli(tx.now()));
        tx.sql().createUpdate("""
                        INSERT INTO endpoint (name, environment, model, time, synced, created_at, revision, edition)
                        VALUES (:name, :environment, :model, :time, :synced, :createdAt, 0, 0)""").bindMethods(endpoint).execute();
        Resources.add(tx, resource(endpoint.name()), Resource.model(endpoint.model()));
        tx.append("endpoint.created", subject(endpoint.name()), endpoint);
        SealedSegments.schedule(tx);
        return endpoint;
    }

    List<EndpointView> list(Reading db, ListEndpoints request) {
        return views(db);
    }

    EndpointView show(Reading db, ShowEndpoint request) {
        return view(db, request.endpoint());
    }

    List<PublishedTable> tables(Reading db, ListTables request) {
        get(db, request.endpoint());
        return history(db, request.endpoint());
    }

    PublishedTable reopen(Transaction tx, ReopenEndpoint request) {
        PublishedTable now = table(tx, request.endpoint())
                .filter(PublishedTable::drained)
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.CONFLICT,
                        "endpoint " + request.endpoint() + " is not drained; nothing to reopen"));
        Digest artifact = championArtifact(tx, request.endpoint(), now.table().revision());
        return publish(
                tx,
                now.table().championOnly(now.table().revision() + 1),
                artifact,
                PublishedTable.Reason.REOPEN,
                now.stable(),
                request.reason());
    }

    /** The endpoint. @throws Problem NOT_FOUND */
    public Endpoint get(Reading db, EndpointName name) {
        return find(db, name).orElseThrow(() -> Problem.notFound("endpoint", name));
    }

    /** The endpoint, if there is one. */
    public Optional<Endpoint> find(Reading db, EndpointName name) {
        return db.sql()
                .createQuery("""
                        SELECT name, environment, model, time, synced, created_at FROM endpoint WHERE name = :name""")
                .bind("name", name)
                .mapTo(Endpoint.class)
                .findOne();
    }

    /** All endpoints by name. */
    public List<Endpoint> all(Reading db) {
        return db.sql().createQuery("""
                        SELECT name, environment, model, time, synced, created_at FROM endpoint ORDER BY name""").mapTo(Endpoint.class).list();
    }

    /** What the newest table says; empty until a first champion is promoted. */
    public Optional<PublishedTable> table(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("SELECT " + TABLE_COLUMNS + """

                        FROM routing_table WHERE endpoint = :endpoint ORDER BY revision DESC LIMIT 1""")
                .bind("endpoint", endpoint)
                .map(new TableMapper())
                .findOne();
    }

    /** The version that answers unless a canary does: what serves, not what was blessed last. */
    public Optional<VersionId> champion(Reading db, EndpointName endpoint) {
        return table(db, endpoint).map(published -> published.table().champion());
    }

    /** All tables of the endpoint, newest first. */
    public List<PublishedTable> history(Reading db, EndpointName endpoint) {
        return db.sql()
                .createQuery("SELECT " + TABLE_COLUMNS + """

                        FROM routing_table WHERE endpoint = :endpoint ORDER BY revision DESC""")
                .bind("endpoint", endpoint)
                .map(new TableMapper())
                .list();
    }

    /** Whether this artifact was ever champion of an endpoint in this environment. */
    public boolean wasChampion(Reading db, EnvironmentName environment, Digest artifact) {
        return db.sql()
                        .createQuery("""
                                SELECT count(*) FROM routing_table
                                JOIN endpoint ON endpoint.name = routing_table.endpoint
                                WHERE endpoint.environment = :environment AND champion_artifact = :artifact""")
                        .bind("environment", environment)
                        .bind("artifact", artifact)
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    /** The endpoints of a model, with what they serve: for whoever asks where versions are. */
    public List<EndpointView> of(Reading db, ModelName model) {
        return views(db).stream()
                .filter(view -> view.endpoint().model().equals(model))
                .toList();
    }

    /** The endpoint as people look at it. */
    public EndpointView view(Reading db, EndpointName name) {
        return view(db, get(db, name));
    }

    /** All endpoints as people look at them. */
    public List<EndpointView> views(Reading db) {
        return all(db).stream().map(endpoint -> view(db, endpoint)).toList();
    }

    private EndpointView view(Reading db, Endpoint endpoint) {
        List<PublishedTable> history = history(db, endpoint.name());
        Optional<Instant> since = Optional.empty();
        for (PublishedTable published : history) {
            if (!published.table().champion().equals(history.getFirst().table().champion())) {
                break;
            }
            since = Optional.of(published.at());
        }
        return new EndpointView(endpoint, history.stream().findFirst(), since, RolloutRows.open(db, endpoint.name()));
    }

    /** A salt for a new rollout. */
    long newSalt() {
        return salts.nextLong(RoutingTable.SALTS);
    }

    /**
     * Publishes the next table of its endpoint.
     *
     * @param artifact of the champion
     * @throws Problem CONFLICT where somebody else published first
     */
    PublishedTable publish(
            Transaction tx,
            RoutingTable table,
            Digest artifact,
            PublishedTable.Reason why,
            boolean stable,
            String note) {
        PublishedTable published = PublishedTable.of(
                table,
                why,
                stable,
                why == PublishedTable.Reason.DRAIN,
                tx.actor().principal(),
                Instant.ofEpochMilli(tx.now()),
                note);
        insert(tx, published, artifact);
        tx.append("endpoint.published", subject(table.endpoint()), published);
        return published;
    }

    /** Writes the row and moves the head, if the table is just the next one. */
    private void insert(Transaction tx, PublishedTable published, Digest artifact) {
        int moved = tx.sql()
                .createUpdate("""
                        UPDATE endpoint SET revision = :revision, edition = edition + 1
                        WHERE name = :endpoint AND revision = :revision - 1""")
                .bind("endpoint", published.table().endpoint())
                .bind("revision", published.table().revision())
                .execute();
        if (moved == 0) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "endpoint " + published.table().endpoint()
                            + " changed meanwhile; its next table is not revision "
                            + published.table().revision());
        }
        insertRow(tx, published, artifact);
    }

    /** Writes the row of a table that is in force already, and moves the head to it. */
    void insertUrgent(Transaction tx, PublishedTable published, Digest artifact) {
        tx.sql()
                .createUpdate("""
                        UPDATE endpoint SET revision = :revision, edition = edition + 1 WHERE name = :endpoint""")
                .bind("endpoint", published.table().endpoint())
                .bind("revision", published.table().revision())
                .execute();
        insertRow(tx, published, artifact);
    }

    private static void insertRow(Transaction tx, PublishedTable published, Digest artifact) {
        RoutingTable table = published.table();
        tx.sql()
                .createUpdate("""
                        INSERT INTO routing_table (endpoint, revision, champion, champion_artifact, canary, canary_share,
                            shadows, salt, digest, why, stable, drained, published_by, published_at, note)
                        VALUES (:endpoint, :revision, :champion, :artifact, :canary, :canaryShare,
                            :shadows, :salt, :digest, :why, :stable, :drained, :by, :at, :note)""")
                .bind("artifact", artifact)
                .bind("endpoint", table.endpoint())
                .bind("revision", table.revision())
                .bind("champion", table.champion())
                .bind("canary", table.canary().map(VersionId::toString).orElse(null))
                .bind("canaryShare", table.canaryShare())
                .bind("shadows", Json.text(table.shadows()))
                .bind("salt", table.salt())
                .bind("digest", published.digest())
                .bind("why", published.why().name())
                .bind("stable", published.stable())
                .bind("drained", published.drained())
                .bind("by", published.by())
                .bind("at", published.at())
                .bind("note", published.note())
                .execute();
    }

    /** A rollback may return to this champion from now on. */
    void markStable(Transaction tx, EndpointName endpoint, long revision) {
        tx.sql()
                .createUpdate("""
                        UPDATE routing_table SET stable = TRUE WHERE endpoint = :endpoint AND revision = :revision""")
                .bind("endpoint", endpoint)
                .bind("revision", revision)
                .execute();
        changed(tx, endpoint);
    }

    /** No rollback returns to this champion until it is promoted and stable again. */
    void unmarkStable(Transaction tx, EndpointName endpoint, VersionId champion) {
        tx.sql()
                .createUpdate("""
                        UPDATE routing_table SET stable = FALSE WHERE endpoint = :endpoint AND champion = :champion""")
                .bind("endpoint", endpoint)
                .bind("champion", champion)
                .execute();
        changed(tx, endpoint);
    }

    private static void changed(Transaction tx, EndpointName endpoint) {
        tx.sql()
                .createUpdate("UPDATE endpoint SET edition = edition + 1 WHERE name = :endpoint")
                .bind("endpoint", endpoint)
                .execute();
    }

    /** The artifact of the champion of one table. */
    Digest championArtifact(Reading db, EndpointName endpoint, long revision) {
        return db.sql()
                .createQuery("""
                        SELECT champion_artifact FROM routing_table
                        WHERE endpoint = :endpoint AND revision = :revision""")
                .bind("endpoint", endpoint)
                .bind("revision", revision)
                .mapTo(Digest.class)
                .one();
    }

    static Resource resource(EndpointName endpoint) {
        return Resource.endpoint(endpoint);
    }

    static String subject(EndpointName endpoint) {
        return "endpoint/" + endpoint;
    }

    private static final class TableMapper implements RowMapper<PublishedTable> {

        @Override
        public PublishedTable map(java.sql.ResultSet row, StatementContext context) throws java.sql.SQLException {
            RoutingTable table = new RoutingTable(
                    new EndpointName(row.getString("endpoint")),
                    row.getLong("revision"),
                    VersionId.parse(row.getString("champion")),
                    Optional.ofNullable(row.getString("canary")).map(VersionId::parse),
                    row.getDouble("canary_share"),
                    List.of(Json.read(row.getString("shadows"), VersionId[].class)),
                    row.getLong("salt"));
            return new PublishedTable(
                    table,
                    new Digest(row.getString("digest")),
                    PublishedTable.Reason.valueOf(row.getString("why")),
                    row.getBoolean("stable"),
                    row.getBoolean("drained"),
                    row.getString("published_by"),
                    Instant.ofEpochMilli(row.getLong("published_at")),
                    row.getString("note"));
        }
    }
}
