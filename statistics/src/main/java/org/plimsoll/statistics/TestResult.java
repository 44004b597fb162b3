package org.plimsoll.statistics;

/**
 * A statistic and its p-value.
 *
 * @param pValue chance under the null of a statistic at least as extreme, from 0 to 1
 */
public record TestResult(double statistic, double pValue) {}
