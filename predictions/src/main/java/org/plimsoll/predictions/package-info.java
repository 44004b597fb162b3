/**
 * What was answered, and what came true: the prediction log, outcomes, the two joined, and when a label counts as known.
 */
@NullMarked
package org.plimsoll.predictions;

import org.jspecify.annotations.NullMarked;
