package org.plimsoll.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/**
 * The doubles of a DuckDB vector, all at once.
 *
 * <p>duckdb_jdbc hands values out one by one only, with four checks for each: some 25 ns while the compiler has not learnt them, which
 * for a column of a million rows is ten times what DuckDB takes to read it. The memory that they lie in is two private fields of the
 * reader. A release that names them otherwise costs time and nothing else: then the values are taken one by one.
 */
final class VectorMemory {

    /** @param data where the values lie  @param validity a bit for each value, 0 where it is missing; null where none is */
    private record Fields(VarHandle data, VarHandle validity) {}

    private static final Optional<Fields> FIELDS = fields();

    private VectorMemory() {}

    private static Optional<Fields> fields() {
        try {
            Class<?> reader = DuckDBReadableVector.class;
            MethodHandles.Lookup inside = MethodHandles.privateLookupIn(reader, MethodHandles.lookup());
            return Optional.of(new Fields(
                    inside.findVarHandle(reader, "data", ByteBuffer.class),
                    inside.findVarHandle(reader, "validity", ByteBuffer.class)));
        } catch (ReflectiveOperationException otherwise) {
            return Optional.empty();
        }
    }

    /** Whether {@link #copy} finds the memory of this release's vectors. */
    static boolean isKnown() {
        return FIELDS.isPresent();
    }

    /** Puts the first values of a DOUBLE vector into an array from a place on; missing is NaN. */
    static void copy(DuckDBReadableVector from, int rows, double[] into, int place) {
        if (FIELDS.isEmpty()) {
            for (int row = 0; row < rows; row++) {
                into[place + row] = from.getDouble(row, Double.NaN);
            }
            return;
        }
        ByteBuffer data = (ByteBuffer) FIELDS.get().data.get(from);
        data.duplicate().order(ByteOrder.nativeOrder()).asDoubleBuffer().get(0, into, place, rows);
        @Nullable ByteBuffer validity = (ByteBuffer) FIELDS.get().validity.get(from);
        for (int row = 0; validity != null && row < rows; row++) {
            if (from.isNull(row)) {
                into[place + row] = Double.NaN;
            }
        }
    }
}
