package org.plimsoll.predictions;

import org.plimsoll.statistics.PairedLosses;

/**
 * A shadow beside the champion on the same rows.
 *
 * @param losses matured rows with a known truth by who was wrong: {@code worse} only the shadow, {@code better} only the champion
 * @param waiting pairs whose truth is not known for good yet
 * @param withoutOutcome pairs that are old enough and still have no outcome
 * @param unreadable pairs whose label is not one of the task's
 */
public record ShadowCounts(PairedLosses losses, long waiting, long withoutOutcome, long unreadable) {}
