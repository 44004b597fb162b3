package org.plimsoll.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;

/**
 * What to measure on which rows.
 *
 * @param champion what serves now; empty at a first release, where the constant model of the candidate's training rows stands in
 * @param anchor the last independently validated version
 * @param rows digest of the rows to judge on
 * @param file those rows as a Parquet file, with label, {@code _file} and {@code _row}
 * @param claims what must be known; each may speak of all rows, of one value, or of each value of a segment
 */
public record EvaluationRequest(
        Subject candidate,
        Optional<Subject> champion,
        Optional<Subject> anchor,
        Digest rows,
        Path file,
        List<Claim> claims) {

    public EvaluationRequest {
        claims = List.copyOf(claims);
    }
}
