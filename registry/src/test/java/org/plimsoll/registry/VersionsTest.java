package org.plimsoll.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Role;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Columns;
import org.plimsoll.registry.RegistryOperations.ChangeCard;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.ExportVersion;
import org.plimsoll.registry.RegistryOperations.ListVersions;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.RegistryOperations.ShowVersion;
import org.plimsoll.registry.RegistryOperations.VersionView;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.FileBlobStore;
import org.plimsoll.store.Folder;
import org.plimsoll.store.Folders;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Pins;
import org.plimsoll.tracking.Experiments;
import org.plimsoll.tracking.Port;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.Runs;
import org.plimsoll.tracking.TrackingOperations;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.CreateExperiment;
import org.plimsoll.tracking.TrackingOperations.CreateRun;
import org.plimsoll.tracking.TrackingOperations.CreateStep;

@EachDatabase
class VersionsTest {

    private static final ModelName LATE = new ModelName("late-arrival");
    private static final Columns TRAINING = LittleModel.rows(Instant.parse("2001-01-01T00:00:00Z"), 10, 50, 1);

    @Parameter
    Databases databases;

    @TempDir
    Path temp;

    @AutoClose
    Database database;

    @AutoClose
    Team team;

    BlobStore blobs;
    String ana;
    String ben;

    @BeforeEach
    void open() {
        var clock = new MovableClock();
        database = databases.fresh(clock);
        blobs = new FileBlobStore(temp.resolve("blobs"));
        Models models = new Models();
        team = new Team(
                database,
                clock,
                List.of(
                        RegistryOperations.MODELS,
                        RegistryOperations.VERSIONS,
                        TrackingOperations.EXPERIMENTS,
                        TrackingOperations.RUNS),
                List.of(
                        models,
                        new Versions(models, blobs, temp.resolve("scratch"), Execution.in(temp, ScoringConfig.DEFAULT)),
                        new Experiments(),
                        new Runs()));
        ana = team.person("ana", Role.DATA_SCIENTIST);
        ben = team.person("ben", Role.VIEWER);
        team.signedIn(ana)
                .perform(new CreateModel(
                        LATE,
                        Tier.T3,
                        "Will the flight be late?",
                        Optional.of("ben"),
                        Optional.empty(),
                        List.of("ben")));
    }

    @Test
    void artifact_registered_isAVersionWithItsCard() {
        Digest artifact = artifact(0.2);
        Version version = register(artifact);
        assertThat(version.id()).hasToString("late-arrival@1");
        assertThat(version.state()).isEqualTo(VersionState.REGISTERED);
        assertThat(version.parity().rows()).isPositive();
        assertThat(version.registeredBy()).isEqualTo(ana);
        VersionView view = team.signedIn(ben).perform(new ShowVersion(LATE, 1));
        assertThat(view.version()).isEqualTo(version);
        assertThat(view.card().digest()).isEqualTo(version.card());
        assertThat(view.card().derived().inputs()).containsExactly("x");
        assertThat(view.card().derived().label()).isEqualTo("late");
        assertThat(view.completeness().missing()).isEmpty();
        assertThat(database.<Boolean>read(db -> !Pins.of(db, artifact).isEmpty()))
                .isTrue();
        assertThat(events()).contains("version.registered");
        assertThat(register(artifact(0.3)).id().number()).isEqualTo(2);
        assertThat(team.signedIn(ben).perform(new ListVersions(LATE)).versions())
                .extracting(it -> it.id().number())
                .containsExactly(2L, 1L);
    }

    @Test
    void artifact_registeredTwice_isAConflictThatNamesTheFirst() {
        Digest artifact = artifact(0.2);
        register(artifact);
        assertThatThrownBy(() -> register(artifact))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.CONFLICT))
                .hasMessageContaining("late-arrival@1 already");
    }

    /** The scores beside the golden rows are somebody's claim; the server scores them itself. */
    @Test
    void artifact_whoseGoldenRowsAreNotReproduced_isRefused() throws IOException {
        Path folder = temp.resolve("forged");
        LittleModel.write(folder, TRAINING, "x", 0.2);
        Path golden = folder.resolve("golden.json");
        LittleModel.write(temp.resolve("other"), TRAINING, "x", 0.4);
        Files.copy(
                temp.resolve("other").resolve("golden.json"),
                golden,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Digest forged = Folders.add(blobs, folder);
        assertThatThrownBy(() -> register(forged))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.REFUSED))
                .hasMessageContaining("does not reproduce its golden rows");
        assertThat(team.signedIn(ana).perform(new ListVersions(LATE)).versions())
                .isEmpty();
        assertThat(events()).contains("denied").doesNotContain("version.registered");
    }

    @Test
    void run_withOneModel_needsNoArtifactNamed() {
        Digest artifact = artifact(0.2);
        Digest rows = blobs.add(new ByteArrayInputStream(new byte[] {1}));
        Run run = runThatMade(artifact, rows);
        Version version = team.signedIn(ana)
                .perform(new RegisterVersion(LATE, Optional.empty(), Optional.of(run.id()), CardTest.YAML));
        assertThat(version.artifact()).isEqualTo(artifact);
        assertThat(version.run()).contains(run.id());
        Card card = team.signedIn(ana).perform(new ShowVersion(LATE, 1)).card();
        assertThat(card.derived().sources()).containsExactly(rows);
        Digest foreign = artifact(0.3);
        assertThatThrownBy(() -> team.signedIn(ana)
                        .perform(new RegisterVersion(LATE, Optional.of(foreign), Optional.of(run.id()), CardTest.YAML)))
                .hasMessageContaining("an output of run " + run.id());
    }

    @Test
    void card_changed_keepsItsAuthorsAndCountsTheRevision() {
        register(artifact(0.2));
        String other = CardTest.YAML.replace("gate team decides", "gate team always decides");
        String eve = team.person("eve", Role.ML_ENGINEER);
        Version changed = team.signedIn(eve).perform(new ChangeCard(LATE, 1, 1, other));
        assertThat(changed.revision()).isEqualTo(2);
        VersionView view = team.signedIn(ben).perform(new ShowVersion(LATE, 1));
        assertThat(view.card().declared().risks().getFirst().mitigation()).contains("always");
        assertThat(view.version().card()).isEqualTo(view.card().digest());
        Versions versions = new Versions(new Models(), blobs, temp, Execution.in(temp, ScoringConfig.DEFAULT));
        assertThat(database.<Object>read(db -> versions.cardAuthors(db, changed.id())))
                .isEqualTo(java.util.Set.of(ana, eve));
        assertThatThrownBy(() -> team.signedIn(eve).perform(new ChangeCard(LATE, 1, 1, CardTest.YAML)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.CONFLICT));
        assertThatThrownBy(() -> team.signedIn(eve).perform(new ChangeCard(LATE, 1, 2, other)))
                .hasMessageContaining("the card that late-arrival@1 has already");
    }

    @Test
    void export_unpacked_isTheFolderAsRegistered() throws IOException {
        Digest artifact = artifact(0.2);
        register(artifact);
        var zipped = new ByteArrayOutputStream();
        team.signedIn(ben).perform(new ExportVersion(LATE, 1)).writer().to(zipped);
        Map<String, Digest> files = new HashMap<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(zipped.toByteArray()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), Digest.of(zip.readAllBytes()));
            }
        }
        Map<String, Digest> registered = new HashMap<>();
        for (Folder.File file : Folders.read(blobs, artifact).files()) {
            registered.put(file.name(), file.digest());
        }
        assertThat(files).isEqualTo(registered).containsKey("MLmodel");
    }

    @Test
    void version_ofAViewer_isDenied() {
        Digest artifact = artifact(0.2);
        String eve = team.person("eve", Role.VIEWER);
        assertThatThrownBy(() -> team.signedIn(eve)
                        .perform(new RegisterVersion(LATE, Optional.of(artifact), Optional.empty(), CardTest.YAML)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.DENIED));
    }

    @Test
    void artifact_unknownOrCardWrong_changesNothing() {
        assertThatThrownBy(() -> register(Digest.of("nothing"))).hasMessageContaining("there is no artifact");
        Digest artifact = artifact(0.2);
        assertThatThrownBy(() -> team.signedIn(ana)
                        .perform(new RegisterVersion(LATE, Optional.of(artifact), Optional.empty(), "purpos: x")))
                .hasMessageContaining("card:1:1");
        assertThat(team.signedIn(ana).perform(new ListVersions(LATE)).versions())
                .isEmpty();
    }

    private Digest artifact(double weight) {
        ModelArtifact written = LittleModel.write(temp.resolve("model-" + weight), TRAINING, "x", weight);
        Digest kept = Folders.add(blobs, temp.resolve("model-" + weight));
        assertThat(kept).isEqualTo(written.digest());
        return kept;
    }

    private Version register(Digest artifact) {
        return team.signedIn(ana)
                .perform(new RegisterVersion(LATE, Optional.of(artifact), Optional.empty(), CardTest.YAML));
    }

    private Run runThatMade(Digest artifact, Digest rows) {
        ExperimentName experiment = new ExperimentName("late-arrival");
        var operations = team.signedIn(ana);
        operations.perform(new CreateExperiment(experiment));
        Run run = operations.perform(new CreateRun(experiment, Optional.empty(), Optional.empty(), Map.of(), Map.of()));
        Digest key = blobs.add(new ByteArrayInputStream("key".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        Run step = operations.perform(
                new CreateStep(run.id(), "train", key, List.of(new Port("split.train", rows, Port.Form.FILE))));
        operations.perform(new CloseRun(
                step.id(),
                Run.Status.FINISHED,
                Optional.empty(),
                List.of(new Port("model", artifact, Port.Form.FOLDER)),
                Optional.empty(),
                List.of()));
        return operations.perform(
                new CloseRun(run.id(), Run.Status.FINISHED, Optional.empty(), List.of(), Optional.empty(), List.of()));
    }

    private List<String> events() {
        return database.read(db -> db.sql()
                .createQuery("SELECT type FROM event")
                .mapTo(String.class)
                .list());
    }
}
