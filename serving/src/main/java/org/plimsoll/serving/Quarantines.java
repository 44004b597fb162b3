package org.plimsoll.serving;

import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.store.Reading;

/** Artifacts that must not be loaded anywhere; for whoever decides about them. */
public final class Quarantines {

    private Quarantines() {}

    /** Why these bytes are in quarantine; empty where they are not. */
    public static Optional<String> reason(Reading db, Digest artifact) {
        return UrgentActs.reason(db, artifact);
    }
}
