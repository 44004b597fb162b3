/**
 * From raw columns to scores: the one place where a model is executed, used by training checks, evaluation, gates, serving,
 * replay and monitoring alike, so that what was judged is what serves.
 *
 * <p>{@link org.plimsoll.scoring.ModelArtifact} is what is kept, and {@link org.plimsoll.scoring.Scorer} what answers. Between
 * them stand two kinds of {@link org.plimsoll.scoring.Engine}: over the matrix that {@link org.plimsoll.scoring.Features} make,
 * or over named columns. What is not proven equal to its maker is refused when it is loaded, never approximated.
 */
@NullMarked
package org.plimsoll.scoring;

import org.jspecify.annotations.NullMarked;
