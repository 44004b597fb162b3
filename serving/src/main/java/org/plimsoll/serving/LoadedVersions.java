package org.plimsoll.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Ids;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Columns;
import org.plimsoll.predictions.Layout;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.Features;
import org.plimsoll.scoring.GoldenRows;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Parity;
import org.plimsoll.scoring.Scorer;
import org.plimsoll.scoring.Signature;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Folders;

/**
 * The versions in memory. A version gets there by one way only:
 *
 * <pre>
 *  permit ─▶ not quarantined ─▶ bytes equal the permit's digest ─▶ golden rows give the trainer's scores ─▶ warm ─▶ ready
 * </pre>
 *
 * Loading happens on the thread that asks, never on one that answers requests, and one version at a time.
 */
final class LoadedVersions implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LoadedVersions.class.getName());

    /** So many single rows are scored before a version is ready: enough for the compiler to have seen the path. */
    private static final int WARM_UP_ROWS = 2_000;

    /** Models that take longer for them, such as those that Python runs, are warm after fewer. */
    private static final long WARM_UP_NANOS = 500_000_000L;

    private final BlobStore blobs;
    private final Path folder;
    private final Permits permits;
    private final Execution execution;
    private final Set<Digest> quarantined = ConcurrentHashMap.newKeySet();
    private final Map<VersionId, LoadedVersion> loaded = new HashMap<>(); // guarded by this

    /** @param folder where artifacts are unpacked; made where it is missing */
    LoadedVersions(BlobStore blobs, Path folder, Permits permits, Set<Digest> quarantined, Execution execution) {
        this.execution = execution;
        this.blobs = blobs;
        this.folder = folder;
        this.permits = permits;
        this.quarantined.addAll(quarantined);
    }

    /**
     * The version, held for the caller, who lets go of it.
     *
     * @param proofs signed permits, among them one for this version on the endpoint of the posting
     * @throws Problem REFUSED where it must not or cannot answer
     */
    synchronized LoadedVersion ready(Posting posting, VersionId version) {
        Permit permit = permits.verify(posting.permits(), posting.endpoint().name(), version);
        requireAllowed(version, permit.artifact());
        LoadedVersion there = loaded.get(version);
        if (there != null && there.artifact().equals(permit.artifact()) && there.hold()) {
            return there;
        }
        LoadedVersion fresh = load(version, permit.artifact());
        LoadedVersion before = loaded.put(version, fresh);
        if (before != null) {
            before.letGo();
        }
        fresh.hold(); // one for the cache, one for the caller
        return fresh;
    }

    /** Lets go of every version but these. */
    synchronized void keepOnly(Set<VersionId> versions) {
        for (Iterator<LoadedVersion> each = loaded.values().iterator(); each.hasNext(); ) {
            LoadedVersion version = each.next();
            if (!versions.contains(version.version())) {
                each.remove();
                version.letGo();
            }
        }
    }

    /** Whether a version is in memory. */
    synchronized boolean isLoaded(VersionId version) {
        return loaded.containsKey(version);
    }

    /** No version with these bytes is loaded from now on. */
    void quarantine(Digest artifact) {
        quarantined.add(artifact);
    }

    /** Exactly these are not loaded from now on. */
    void quarantined(Set<Digest> artifacts) {
        quarantined.addAll(artifacts);
        quarantined.retainAll(artifacts);
    }

    Set<Digest> quarantined() {
        return Set.copyOf(quarantined);
    }

    /** The permit of this version in the posting. */
    Optional<Permit> permitted(Posting posting, VersionId version) {
        return permits.find(posting.permits(), posting.endpoint().name(), version);
    }

    private void requireAllowed(VersionId version, Digest artifact) {
        if (quarantined.contains(artifact)) {
            throw Problem.refused(version + " is quarantined (artifact " + artifact.brief() + "); it is not loaded");
        }
    }

    private LoadedVersion load(VersionId version, Digest artifact) {
        ModelArtifact model = unpacked(artifact);
        Scorer scorer = model.scorer(execution);
        try {
            GoldenRows golden = model.golden();
            Parity parity = golden.judge(scorer);
            if (!parity.holds()) {
                throw Problem.refused(version + " does not give its trainer's scores on its golden rows: "
                        + String.join("; ", parity.differences()) + "; it is not loaded");
            }
            warmUp(scorer, golden.rows());
            LOG.log(Level.INFO, "{0} is loaded: {1}", version, scorer.engine());
            List<String> outputs = model.signature().outputs().stream()
                    .flatMap(LoadedVersions::valueNames)
                    .toList();
            List<String> features = model.features().map(Features::names).orElse(List.of());
            return new LoadedVersion(version, artifact, model, scorer, new Layout(version, features, outputs));
        } catch (RuntimeException e) {
            scorer.close();
            throw e;
        }
    }

    /** One name for each value of an output: {@code score}, or {@code score.0}, {@code score.1} where it is wide. */
    private static Stream<String> valueNames(Signature.Output output) {
        return output.width() == 1
                ? Stream.of(output.name())
                : java.util.stream.IntStream.range(0, output.width()).mapToObj(k -> output.name() + "." + k);
    }

    private static void warmUp(Scorer scorer, Columns golden) {
        long end = System.nanoTime() + WARM_UP_NANOS;
        for (int i = 0; i < WARM_UP_ROWS && System.nanoTime() < end; i++) {
            int row = i % golden.rows();
            scorer.score(golden.slice(row, row + 1));
        }
    }

    /** The artifact, its bytes equal to the digest; what lies unpacked already is checked again. */
    private ModelArtifact unpacked(Digest artifact) {
        Path place = folder.resolve(artifact.hex());
        try {
            if (Files.exists(place)) {
                Optional<ModelArtifact> there = whole(place, artifact);
                if (there.isPresent()) {
                    return there.get();
                }
                delete(place);
            }
            Path fresh = folder.resolve(artifact.hex() + "." + Ids.next());
            Files.createDirectories(folder);
            Folders.restore(blobs, artifact, fresh);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return whole(place, artifact)
                .orElseThrow(() -> Problem.refused("the bytes of artifact " + artifact.brief()
                        + " are not those of its permit; it is not loaded"));
    }

    /** The artifact that lies there, unless it was edited, or torn by a kill. */
    private static Optional<ModelArtifact> whole(Path place, Digest artifact) {
        try {
            ModelArtifact there = ModelArtifact.open(place);
            return there.digest().equals(artifact) ? Optional.of(there) : Optional.empty();
        } catch (Problem torn) {
            return Optional.empty();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public synchronized void close() {
        loaded.values().forEach(LoadedVersion::letGo);
        loaded.clear();
    }
}
