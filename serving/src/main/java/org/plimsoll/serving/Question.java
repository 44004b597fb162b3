package org.plimsoll.serving;

import java.util.Optional;
import org.plimsoll.data.Columns;

/**
 * Rows to be scored, already in the types of the signature. Columns the model does not take as input may come along where the
 * task names them: entity, event time, segments, cluster, weight.
 *
 * @param entity one entity for every row, where the rows do not carry it
 * @param eventTime one event time for every row, in epoch milliseconds, where the rows do not carry it
 */
public record Question(Columns rows, Optional<String> entity, Optional<Long> eventTime) {}
