package org.plimsoll.registry;

/**
 * That the server, with its own engine, gave the scores that stand beside the artifact's golden rows when the version was
 * registered. An artifact whose golden rows are not reproduced is refused.
 *
 * @param rows how many golden rows were scored
 * @param greatestDifference greatest absolute difference of a score
 */
public record GoldenParity(long rows, double greatestDifference) {}
