package org.plimsoll.data;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.plimsoll.access.Operation.Look;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.DataOperations.DatasetList;
import org.plimsoll.data.DataOperations.GetProfile;
import org.plimsoll.data.DataOperations.GetSnapshot;
import org.plimsoll.data.DataOperations.ListDatasets;
import org.plimsoll.data.DataOperations.ListSnapshots;
import org.plimsoll.data.DataOperations.SnapshotAdded;
import org.plimsoll.data.DataOperations.SnapshotAddition;
import org.plimsoll.data.DataOperations.SnapshotList;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Pins;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps snapshots and finds them. Manifests, files and profiles are blobs; rows say who added which when. */
public final class Snapshots {

    /** So many hex digits of a digest at least, so that a number is never taken for one. */
    private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{4,64}");

    private final BlobStore blobs;
    private final Query query;

    public Snapshots(BlobStore blobs, Query query) {
        this.blobs = blobs;
        this.query = query;
    }

    /**
     * What the client says of its files is a claim: the files must be here, with these sizes, rows and columns. The manifest
     * becomes a blob.
     */
    Digest verify(Look look, AddSnapshot asked) {
        Snapshot snapshot = asked.snapshot();
        for (Snapshot.File file : snapshot.files()) {
            if (!blobs.has(file.digest())) {
                throw Problem.of(
                        Problem.Kind.INVALID,
                        "file " + file.path() + " (" + file.digest().brief() + ") is not here; upload the files first",
                        Map.of("digest", file.digest().value()));
            }
            if (blobs.size(file.digest()) != file.bytes()) {
                throw Problem.invalid(
                        "bytes of " + file.path(), file.bytes(), String.valueOf(blobs.size(file.digest())));
            }
            Query.Table found = query.outline(blobs.fetch(file.digest()));
            if (found.rows() != file.rows()) {
                throw Problem.invalid("rows of " + file.path(), file.rows(), String.valueOf(found.rows()));
            }
            SnapshotFiles.sameColumns(file.path(), found.schema(), snapshot.schema());
        }
        Optional<Digest> profile = snapshot.profile();
        if (profile.isPresent()) {
            if (!blobs.has(profile.get())) {
                throw Problem.of(Problem.Kind.INVALID, "the profile is not here; upload it first");
            }
            Profile.read(blobs.read(profile.get()));
        }
        return blobs.add(new ByteArrayInputStream(snapshot.manifest()));
    }

    SnapshotAdded add(Transaction tx, AddSnapshot asked, Digest digest) {
        Snapshot snapshot = asked.snapshot();
        DatasetName dataset = asked.dataset();
        boolean created = tx.sql()
                        .createUpdate("""
                        INSERT INTO dataset (name, created_by, created_at) VALUES (:name, :by, :at)
                        ON CONFLICT DO NOTHING""")
                        .bind("name", dataset)
                        .bind("by", tx.actor().principal())
                        .bind("at", tx.now())
                        .execute()
                == 1;
        if (created) {
            Resources.add(tx, Resource.dataset(dataset), Resource.ORGANISATION);
        }
        Optional<SnapshotAddition> before = latest(tx, dataset);
        long number = before.map(SnapshotAddition::number).orElse(0L) + 1;
        tx.sql()
                .createUpdate("""
                        INSERT INTO snapshot_addition (dataset, number, digest, row_count, bytes, files, added_by, added_at)
                        VALUES (:dataset, :number, :digest, :rows, :bytes, :files, :by, :at)""")
                .bind("dataset", dataset)
                .bind("number", number)
                .bind("digest", digest)
                .bind("rows", snapshot.rows())
                .bind("bytes", snapshot.bytes())
                .bind("files", (long) snapshot.files().size())
                .bind("by", tx.actor().principal())
                .bind("at", tx.now())
                .execute();
        String holder = "snapshot/" + digest.hex();
        Pins.keep(tx, digest, holder);
        snapshot.files().forEach(file -> Pins.keep(tx, file.digest(), holder));
        snapshot.profile().ifPresent(profile -> Pins.keep(tx, profile, holder));
        SnapshotAdded added = new SnapshotAdded(
                dataset,
                number,
                digest,
                before.isEmpty() || !before.get().digest().equals(digest),
                snapshot.rows(),
                snapshot.bytes());
        tx.append("dataset.snapshot-added", "dataset/" + dataset, added);
        return added;
    }

    DatasetList list(Reading db, ListDatasets asked) {
        return new DatasetList(db.sql().createQuery("""
                        SELECT name, created_by, created_at, digest AS latest, number AS snapshots,
                               row_count AS rows, bytes, added_at
                        FROM dataset JOIN snapshot_addition AS added ON added.dataset = dataset.name
                        WHERE number = (SELECT max(number) FROM snapshot_addition WHERE dataset = dataset.name)
                        ORDER BY name""").mapTo(Dataset.class).list());
    }

    SnapshotList additions(Reading db, ListSnapshots asked) {
        List<SnapshotAddition> found = db.sql()
                .createQuery("""
                        SELECT dataset, number, digest, row_count AS rows, bytes, files, added_by, added_at
                        FROM snapshot_addition WHERE dataset = :dataset ORDER BY number DESC""")
                .bind("dataset", asked.dataset())
                .mapTo(SnapshotAddition.class)
                .list();
        if (found.isEmpty()) {
            throw Problem.notFound("dataset", asked.dataset());
        }
        return new SnapshotList(found);
    }

    Snapshot get(Reading db, GetSnapshot asked) {
        return read(find(db, asked.reference()));
    }

    Profile profile(Reading db, GetProfile asked) {
        Digest profile = read(find(db, asked.reference()))
                .profile()
                .orElseThrow(() -> Problem.notFound("profile of snapshot", asked.reference()));
        return Profile.read(blobs.read(profile));
    }

    /** The manifest with this digest. */
    public Snapshot read(Digest digest) {
        return Snapshot.read(blobs.read(digest));
    }

    /**
     * The digest that this reference means: {@code flights}, {@code flights@latest}, {@code flights@3f2a91c0}, {@code sha256:…}.
     *
     * @throws Problem NOT_FOUND where nothing fits, INVALID where several do or it is no reference
     */
    public static Digest find(Reading db, String reference) {
        if (reference.startsWith("sha256:")) {
            Digest digest = new Digest(reference);
            if (adders(db, digest).isEmpty()) {
                throw Problem.notFound("snapshot", reference);
            }
            return digest;
        }
        int mark = reference.indexOf('@');
        DatasetName dataset = new DatasetName(mark < 0 ? reference : reference.substring(0, mark));
        String version = mark < 0 ? "latest" : reference.substring(mark + 1);
        if (version.equals("latest")) {
            return latest(db, dataset)
                    .map(SnapshotAddition::digest)
                    .orElseThrow(() -> Problem.notFound("dataset", dataset));
        }
        if (!PREFIX.matcher(version).matches()) {
            throw Problem.invalid(
                    "snapshot",
                    reference,
                    dataset + "@latest, or " + dataset + "@ and at least 4 hex digits of its digest");
        }
        List<Digest> found = db.sql()
                .createQuery("""
                        SELECT DISTINCT digest FROM snapshot_addition
                        WHERE dataset = :dataset AND substr(digest, 8, :length) = :prefix ORDER BY digest""")
                .bind("dataset", dataset)
                .bind("length", version.length())
                .bind("prefix", version)
                .mapTo(Digest.class)
                .list();
        if (found.isEmpty()) {
            throw Problem.notFound("snapshot", reference);
        }
        if (found.size() > 1) {
            throw Problem.of(
                    Problem.Kind.INVALID, reference + " fits several snapshots: " + found + "; give more digits");
        }
        return found.getFirst();
    }

    /** Who added this snapshot first, to any dataset. */
    public static Optional<String> addedBy(Reading db, Digest snapshot) {
        return db.sql()
                .createQuery("""
                        SELECT added_by FROM snapshot_addition WHERE digest = :digest
                        ORDER BY added_at, dataset, number LIMIT 1""")
                .bind("digest", snapshot)
                .mapTo(String.class)
                .findOne();
    }

    /** Everybody who ever added this snapshot: the people who prepared the data. */
    public static Set<String> adders(Reading db, Digest snapshot) {
        return new TreeSet<>(db.sql()
                .createQuery("SELECT DISTINCT added_by FROM snapshot_addition WHERE digest = :digest")
                .bind("digest", snapshot)
                .mapTo(String.class)
                .list());
    }

    private static Optional<SnapshotAddition> latest(Reading db, DatasetName dataset) {
        return db.sql()
                .createQuery("""
                        SELECT dataset, number, digest, row_count AS rows, bytes, files, added_by, added_at
                        FROM snapshot_addition WHERE dataset = :dataset ORDER BY number DESC LIMIT 1""")
                .bind("dataset", dataset)
                .mapTo(SnapshotAddition.class)
                .findOne();
    }
}
