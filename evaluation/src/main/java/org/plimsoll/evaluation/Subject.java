package org.plimsoll.evaluation;

import java.nio.file.Path;
import java.util.Optional;
import org.plimsoll.core.Digest;

/**
 * A model to be judged or compared with, as the caller hands it in: its bytes, and the rows it was trained on.
 *
 * @param name for people, such as {@code late-arrival@3}
 * @param artifact digest of the artifact's folder
 * @param folder the artifact, laid out as files
 * @param training digest of the training rows
 * @param trainingRows the training rows as a Parquet file; empty where they are not known, which is an error of the evidence
 */
public record Subject(
        String name, Digest artifact, Path folder, Optional<Digest> training, Optional<Path> trainingRows) {}
