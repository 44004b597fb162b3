package org.plimsoll.scoring;

import java.nio.file.Path;
import org.plimsoll.core.Problem;

/**
 * Where and how models are executed that do not run in this process, in Python beside it or at another server: what every
 * loading of a model is handed.
 *
 * @param config what the home's configuration says
 * @param environments where environments for Python are kept, each for the requirements of some models
 * @param secrets the folder whose files {@code remote.json} may refer to
 */
public record Execution(ScoringConfig config, Path environments, Path secrets) {

    /** As a home has it: {@code python/} and {@code secrets/remote/} in its folder. */
    public static Execution in(Path home, ScoringConfig config) {
        return new Execution(
                config,
                home.toAbsolutePath().resolve("python"),
                home.toAbsolutePath().resolve("secrets/remote"));
    }

    /** That the server may be asked. @throws Problem REFUSED where the configuration names others only */
    void requireReachable(RemoteModel model) {
        if (!config.remoteHosts().isEmpty()
                && !config.remoteHosts().contains(model.url().getHost())) {
            throw Problem.refused("this model is at " + model.url() + ", and scoring.remote_hosts names only "
                    + String.join(", ", config.remoteHosts()));
        }
    }
}
