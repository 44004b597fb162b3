/**
 * Is it better, for everyone who matters? Metrics, claims, and candidate, champion and anchor scored on the same rows.
 */
@NullMarked
package org.plimsoll.evaluation;

import org.jspecify.annotations.NullMarked;
