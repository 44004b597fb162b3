package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Entrance;
import org.plimsoll.access.Grants;
import org.plimsoll.access.Operations;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Standing;
import org.plimsoll.core.Actor;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.DataOperations.GetProfile;
import org.plimsoll.data.DataOperations.GetSnapshot;
import org.plimsoll.data.DataOperations.ListDatasets;
import org.plimsoll.data.DataOperations.ListSnapshots;
import org.plimsoll.data.DataOperations.SnapshotAdded;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.Events;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Pins;

@EachDatabase
class SnapshotsTest {

    private static final DatasetName FLIGHTS = new DatasetName("flights");

    @Parameter
    Databases databases;

    @TempDir
    Path folder;

    @AutoClose
    Database database;

    private final MovableClock clock = new MovableClock();
    private FileBlobStore blobs;
    private Query query;
    private Operations ana;
    private Operations ben;
    private Operations viewer;
    private Path january;
    private Path february;

    @BeforeEach
    void open() {
        database = databases.fresh(clock);
        blobs = new FileBlobStore(folder.resolve("blobs"));
        query = Query.standard(folder.resolve("scratch"));
        Entrance entrance = new Entrance(
                database,
                new Catalogue(List.of(DataOperations.ROOM)),
                new Standing(database, clock, Optional.empty()),
                clock,
                List.of(new Snapshots(blobs, query)));
        ana = entrance.as(person("ana", Role.DATA_SCIENTIST));
        ben = entrance.as(person("ben", Role.DATA_SCIENTIST));
        viewer = entrance.as(person("vera", Role.VIEWER));
        january = folder.resolve("january.parquet");
        february = folder.resolve("february.parquet");
        query.write(QueryTest.flights(1, 200), january);
        query.write(QueryTest.flights(2, 100), february);
    }

    private Actor person(String id, Role role) {
        database.write(Actor.SYSTEM, tx -> {
            tx.sql()
                    .execute(
                            "INSERT INTO principal (id, kind, active, created_at, created_by) VALUES (?, 'PERSON', TRUE, 0, 'x')",
                            id);
            Grants.give(tx, id, role, Resource.ORGANISATION);
            return id;
        });
        return new Actor(id, Actor.Proof.SESSION, Set.of());
    }

    private SnapshotAdded add(Operations who, Path... files) {
        return who.perform(new AddSnapshot(FLIGHTS, SnapshotFiles.keep(FLIGHTS, List.of(files), blobs, query)));
    }

    @Test
    void snapshotOfTheSameBytes_hasTheSameDigest_whoeverAddsItWhenever() {
        SnapshotAdded first = add(ana, january, february);
        clock.advance(java.time.Duration.ofDays(1));
        SnapshotAdded again = add(ben, january, february);
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(first.isNew()).isTrue();
        assertThat(again.isNew()).isFalse();
        assertThat(add(ana, february, january).digest()).isNotEqualTo(first.digest()); // another order of rows
        assertThat(database.<Set<String>>read(db -> Snapshots.adders(db, first.digest())))
                .containsExactly("ana", "ben");
        assertThat(database.<Optional<String>>read(db -> Snapshots.addedBy(db, first.digest())))
                .contains("ana");
    }

    @Test
    void manifest_readBack_tellsFilesRowsAndSchema() {
        SnapshotAdded added = add(ana, january, february);
        Snapshot snapshot = ana.perform(new GetSnapshot("flights@latest"));
        assertThat(snapshot.digest()).isEqualTo(added.digest());
        assertThat(snapshot.rows()).isEqualTo(300);
        assertThat(snapshot.files().stream().map(Snapshot.File::path))
                .containsExactly("january.parquet", "february.parquet");
        assertThat(snapshot.files().stream().map(Snapshot.File::rows)).containsExactly(200L, 100L);
        assertThat(snapshot.schema().toString())
                .isEqualTo("distance number?, hour integer, origin text?, late boolean, at timestamp");
        assertThat(Digest.of(blobs.read(added.digest()))).isEqualTo(added.digest());
        assertThat(database.<Integer>read(
                        db -> Pins.of(db, snapshot.files().getFirst().digest()).size()))
                .isEqualTo(1);
        assertThat(database.<String>read(
                        db -> Events.about(db, "dataset/flights", 1).getFirst().type()))
                .isEqualTo("dataset.snapshot-added");
    }

    @Test
    void references_ofEveryForm_findTheSnapshot() {
        SnapshotAdded first = add(ana, january);
        SnapshotAdded second = add(ana, january, february);
        assertThat(ana.perform(new GetSnapshot("flights")).digest()).isEqualTo(second.digest());
        for (String reference : List.of(
                "flights@" + first.digest().brief(),
                "flights@" + first.digest().hex(),
                first.digest().value())) {
            assertThat(viewer.perform(new GetSnapshot(reference)).digest()).isEqualTo(first.digest());
        }
        assertThatThrownBy(() -> ana.perform(new GetSnapshot("flights@ffffffffffff")))
                .hasMessageContaining("no snapshot");
        assertThatThrownBy(() -> ana.perform(new GetSnapshot("flights@1")))
                .hasMessageContaining("at least 4 hex digits");
        assertThatThrownBy(() -> ana.perform(new GetSnapshot("flight"))).hasMessageContaining("no dataset flight");
        assertThatThrownBy(() -> ana.perform(new GetSnapshot(Digest.of("other").value())))
                .hasMessageContaining("no snapshot");
    }

    @Test
    void lists_showTheLatestOfEachDatasetAndAllOfOne() {
        add(ana, january);
        SnapshotAdded second = add(ben, january, february);
        assertThat(viewer.perform(new ListDatasets()).datasets())
                .singleElement()
                .satisfies(dataset -> {
                    assertThat(dataset.latest()).isEqualTo(second.digest());
                    assertThat(dataset.snapshots()).isEqualTo(2);
                    assertThat(dataset.rows()).isEqualTo(300);
                    assertThat(dataset.createdBy()).isEqualTo("ana");
                });
        assertThat(viewer.perform(new ListSnapshots(FLIGHTS)).snapshots())
                .extracting(DataOperations.SnapshotAddition::addedBy)
                .containsExactly("ben", "ana");
    }

    @Test
    void claimsOfTheClient_thatTheFilesDoNotBear_areRefusedAndNothingIsAdded() {
        Snapshot honest = SnapshotFiles.keep(FLIGHTS, List.of(january), blobs, query);
        Snapshot.File file = honest.files().getFirst();
        List<Snapshot.File> wrong = List.of(
                new Snapshot.File("january.parquet", file.digest(), file.bytes(), 199),
                new Snapshot.File("january.parquet", file.digest(), file.bytes() + 1, file.rows()),
                new Snapshot.File("january.parquet", Digest.of("absent"), file.bytes(), file.rows()));
        for (Snapshot.File claim : wrong) {
            assertThatThrownBy(() -> ana.perform(new AddSnapshot(
                            FLIGHTS, Snapshot.of(FLIGHTS, List.of(claim), honest.schema(), honest.profile()))))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID));
        }
        assertThatThrownBy(() -> ana.perform(new AddSnapshot(
                        FLIGHTS,
                        Snapshot.of(
                                FLIGHTS, List.of(file), honest.schema().select(List.of("hour")), honest.profile()))))
                .hasMessageContaining("other columns");
        assertThatThrownBy(() -> viewer.perform(new AddSnapshot(FLIGHTS, honest)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.DENIED));
        assertThat(viewer.perform(new ListDatasets()).datasets()).isEmpty();
    }

    @Test
    void filesThatDoNotFit_areRefusedByName() throws IOException {
        Path twin = folder.resolve("twin.parquet");
        Files.copy(january, twin);
        assertThatThrownBy(() -> add(ana, january, twin)).hasMessageContaining("twin.parquet has the same bytes");
        Path other = folder.resolve("other.parquet");
        query.write(QueryTest.flights(3, 5).select(List.of("hour", "late")), other);
        assertThatThrownBy(() -> add(ana, january, other)).hasMessageContaining("other.parquet has other columns");
        assertThatThrownBy(() -> add(ana, folder.resolve("absent.parquet"))).hasMessageContaining("no file");
        Path text = folder.resolve("text.parquet");
        Files.writeString(text, "hello");
        assertThatThrownBy(() -> add(ana, text)).isInstanceOf(Problem.class);
    }

    @Test
    void profile_ofKnownRows_hasTheNumbersOfThoseRows() {
        add(ana, january, february);
        Profile profile = viewer.perform(new GetProfile("flights"));
        Columns rows = query.read(List.of(january, february));
        assertThat(profile.rows()).isEqualTo(300);
        double[] distances = java.util.Arrays.stream(rows.numbers("distance"))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        Profile.ColumnProfile distance = profile.columns().getFirst();
        assertThat(distance.missing()).isEqualTo(300 - distances.length);
        Profile.Numbers numbers = distance.numbers().orElseThrow();
        assertThat(numbers.mean())
                .isCloseTo(java.util.Arrays.stream(distances).average().orElseThrow(), within());
        assertThat(numbers.quantiles()).hasSize(21).isSorted();
        assertThat(numbers.quantiles().getFirst()).isEqualTo(distances[0]);
        assertThat(numbers.quantiles().getLast()).isEqualTo(distances[distances.length - 1]);
        Profile.ColumnProfile origin = profile.columns().get(2);
        assertThat(origin.distinct()).isEqualTo(4);
        assertThat(origin.words()).hasSize(4);
        assertThat(origin.words().stream().mapToLong(Profile.Word::rows).sum() + origin.missing())
                .isEqualTo(300);
    }

    @Test
    void segments_ofAColumn_holdEachRowOnce() {
        Columns rows = query.read(List.of(january));
        var segments = Segment.of(rows, "origin");
        assertThat(segments.keySet().stream().map(Segment::toString))
                .containsExactly(
                        "origin = (missing)", "origin = ATL", "origin = DFW", "origin = ORD", "origin = Zürich");
        assertThat(segments.values().stream()
                        .mapToInt(numbers -> numbers.length)
                        .sum())
                .isEqualTo(rows.rows());
        Segment ord = new Segment("origin", "ORD");
        boolean[] inside = ord.contains(rows);
        for (int row : segments.get(ord)) {
            assertThat(inside[row]).isTrue();
        }
        assertThatThrownBy(() -> Segment.of(rows, "orign")).hasMessageContaining("did you mean origin?");
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.api.Assertions.within(1e-9);
    }
}
