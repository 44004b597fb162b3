package org.plimsoll.serving;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.plimsoll.core.Digest;
import org.plimsoll.core.VersionId;
import org.plimsoll.predictions.Layout;
import org.plimsoll.scoring.Explainer;
import org.plimsoll.scoring.ModelArtifact;
import org.plimsoll.scoring.Scorer;

/**
 * A version in memory, ready to answer: its bytes verified, its golden rows matched, its code warm.
 *
 * <p>Counted: whoever uses it holds it, and the engine is closed when the last one lets go.
 */
final class LoadedVersion {

    private final VersionId version;
    private final Digest artifact;
    private final ModelArtifact model;
    private final Scorer scorer;
    private final Layout layout;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final ReentrantLock loadingExplainer = new ReentrantLock();
    private volatile Optional<Explainer> explainer = Optional.empty();

    LoadedVersion(VersionId version, Digest artifact, ModelArtifact model, Scorer scorer, Layout layout) {
        this.version = version;
        this.artifact = artifact;
        this.model = model;
        this.scorer = scorer;
        this.layout = layout;
    }

    VersionId version() {
        return version;
    }

    Digest artifact() {
        return artifact;
    }

    ModelArtifact model() {
        return model;
    }

    Scorer scorer() {
        return scorer;
    }

    /**
     * What says why it scores as it does; loaded when it is asked for first, and kept.
     *
     * @throws Problem INVALID where a model of this kind has no exact answer to that
     */
    Explainer explainer() {
        Optional<Explainer> there = explainer;
        if (there.isPresent()) {
            return there.get();
        }
        loadingExplainer.lock();
        try {
            Explainer made = explainer.orElseGet(model::explainer);
            explainer = Optional.of(made);
            return made;
        } finally {
            loadingExplainer.unlock();
        }
    }

    Layout layout() {
        return layout;
    }

    /** Holds it; false if the last holder has let go already. */
    boolean hold() {
        int now = holders.get();
        while (now > 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /** Lets go; the last one closes the engine. */
    void letGo() {
        if (holders.decrementAndGet() == 0) {
            scorer.close();
        }
    }
}
