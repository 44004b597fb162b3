package org.plimsoll.tracking;

import java.time.Instant;
import org.plimsoll.core.Digest;

/**
 * A file that a run kept: a plot, a log, a report.
 *
 * @param path inside the run, with {@code /}
 * @param bytes size
 */
public record RunArtifact(String path, Digest digest, long bytes, Instant at) {}
