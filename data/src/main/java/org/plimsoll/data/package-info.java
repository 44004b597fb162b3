/**
 * Data as models need it: datasets and their immutable snapshots, schemas, batches of columns, segments, profiles; and
 * {@link org.plimsoll.data.Query}, the only door to DuckDB.
 */
@NullMarked
package org.plimsoll.data;

import org.jspecify.annotations.NullMarked;
