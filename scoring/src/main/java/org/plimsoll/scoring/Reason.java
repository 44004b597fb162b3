package org.plimsoll.scoring;

/**
 * Why a row scored as it did: one raw column's part in it.
 *
 * @param column the raw column, as callers send it
 * @param contribution how much its value moved the margin (log-odds of a binary model, logarithm of a count, the prediction
 *     itself of a regression) away from where it is when nothing is known; positive is upwards
 */
public record Reason(String column, double contribution) {}
