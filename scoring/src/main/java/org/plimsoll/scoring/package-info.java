/**
 * From raw columns to scores: the one place where a model is executed, used by training checks, evaluation, gates, serving,
 * replay and monitoring alike, so that what was judged is what serves.
 */
@NullMarked
package org.plimsoll.scoring;

import org.jspecify.annotations.NullMarked;
