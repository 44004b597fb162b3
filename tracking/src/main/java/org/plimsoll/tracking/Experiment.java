package org.plimsoll.tracking;

import java.time.Instant;
import org.plimsoll.core.ExperimentName;

/**
 * What a set of runs tries to find out. A pipeline's runs are in the experiment of the pipeline's name.
 *
 * @param number counts up from 1; the id that MLflow clients see
 * @param createdBy principal id
 */
public record Experiment(ExperimentName name, long number, String createdBy, Instant createdAt) {}
