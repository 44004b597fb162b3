package org.plimsoll.data;

import static org.plimsoll.access.Role.BUILDERS;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Room.room;

import java.time.Instant;
import java.util.List;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Room;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/** What anyone can ask of data. */
public final class DataOperations {

    private static final long LARGEST_MANIFEST = 64L << 20;

    private interface OnDataset<R> extends Request<R> {
        DatasetName dataset();

        @Override
        default Resource on() {
            return Resource.dataset(dataset());
        }
    }

    /** Adds a snapshot, whose files and profile are blobs already, as the latest of its dataset. */
    public record AddSnapshot(DatasetName dataset, Snapshot snapshot) implements OnDataset<SnapshotAdded> {
        public AddSnapshot {
            if (!snapshot.dataset().equals(dataset)) {
                throw Problem.invalid("snapshot.dataset", snapshot.dataset(), dataset.value());
            }
        }
    }

    /** What this reference means: {@code flights}, {@code flights@latest}, {@code flights@3f2a91c0}, {@code sha256:…}. */
    public record GetSnapshot(String reference) implements Request<Snapshot> {
        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** What is known of a snapshot's columns. */
    public record GetProfile(String reference) implements Request<Profile> {
        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** All datasets, by name. */
    public record ListDatasets() implements Request<DatasetList> {
        @Override
        public Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** The snapshots of a dataset, the latest first. */
    public record ListSnapshots(DatasetName dataset) implements OnDataset<SnapshotList> {}

    /** @param isNew whether the dataset's latest snapshot was another one before */
    public record SnapshotAdded(
            DatasetName dataset, long number, Digest digest, boolean isNew, long rows, long bytes) {}

    public record DatasetList(List<Dataset> datasets) {
        public DatasetList {
            datasets = List.copyOf(datasets);
        }
    }

    /** One time somebody added a snapshot. */
    public record SnapshotAddition(
            DatasetName dataset,
            long number,
            Digest digest,
            long rows,
            long bytes,
            long files,
            String addedBy,
            Instant addedAt) {}

    public record SnapshotList(List<SnapshotAddition> snapshots) {
        public SnapshotList {
            snapshots = List.copyOf(snapshots);
        }
    }

    public static final Room<Snapshots> ROOM = room("data", Snapshots.class)
            .change(
                    "data.add",
                    "POST /datasets/{dataset}/snapshots",
                    BUILDERS,
                    AddSnapshot.class,
                    Snapshots::verify,
                    Snapshots::add)
            .upTo(LARGEST_MANIFEST)
            .read("dataset.list", "GET /datasets", READERS, ListDatasets.class, Snapshots::list)
            .read(
                    "snapshot.list",
                    "GET /datasets/{dataset}/snapshots",
                    READERS,
                    ListSnapshots.class,
                    Snapshots::additions)
            .read("snapshot.get", "GET /snapshots/{reference}", READERS, GetSnapshot.class, Snapshots::get)
            .read(
                    "snapshot.profile",
                    "GET /snapshots/{reference}/profile",
                    READERS,
                    GetProfile.class,
                    Snapshots::profile);

    private DataOperations() {}
}
