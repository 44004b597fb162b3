package org.plimsoll.predictions;

import java.util.List;
import org.plimsoll.core.VersionId;

/**
 * What the numbers of one version's answers are. One instance is made when a version is loaded and handed in again with each
 * batch; the log writes it once a segment.
 *
 * @param features names of what the engine saw, in the model file's order; empty for engines that take raw columns
 * @param outputs names of the numbers answered for a row
 */
public record Layout(VersionId version, List<String> features, List<String> outputs) {

    public Layout {
        features = List.copyOf(features);
        outputs = List.copyOf(outputs);
    }
}
