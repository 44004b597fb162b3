/**
 * The numbers everything else believes: quality metrics, paired comparisons, anytime-valid evidence, drift, calibration,
 * attribution and intervals.
 *
 * <p>Pure functions over primitive arrays and counts, without I/O, clock or hidden randomness. Three rules hold everywhere:
 * a number that does not exist (one class only, no rows, nothing predicted positive) is a {@link org.plimsoll.core.Problem}
 * that says why, never NaN and never a convenient zero; tied scores are handled as a group, so the order of rows never
 * matters; sums that rounding could spoil are compensated ({@link org.plimsoll.statistics.Sum}).
 */
@NullMarked
package org.plimsoll.statistics;

import org.jspecify.annotations.NullMarked;
