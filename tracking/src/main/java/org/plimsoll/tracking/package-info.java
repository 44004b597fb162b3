/**
 * What was tried and what came of it: experiments, runs with parameters and metrics, artifacts, and the lineage between digests.
 * The nouns are those of MLflow.
 */
@NullMarked
package org.plimsoll.tracking;

import org.jspecify.annotations.NullMarked;
