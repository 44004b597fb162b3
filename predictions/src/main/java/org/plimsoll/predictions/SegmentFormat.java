package org.plimsoll.predictions;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.Schema;
import org.plimsoll.data.WholeColumns;
import org.plimsoll.predictions.PredictionBatch.Part;
import org.plimsoll.predictions.PredictionLog.Detail;

/**
 * The bytes of a segment of the prediction log. Little-endian; text is a length in bytes (i32, −1 for missing) and UTF-8.
 *
 * <pre>
 *  file    = magic "PLIMPRED"  version i32 (1)  opened i64  latest i64      28 bytes; latest event time of the segments before
 *            { record }
 *  record  = length u32   CRC-32C of type and body u32   type u8   body[length]
 *
 *  type 1  LAYOUT   number u16   version text   features u16 { text }   outputs u16 { text }
 *  type 2  SCHEMA   number u16   columns u16 { type u8   optional u8   name text }
 *  type 3  ROWS     id[16]   received_at i64   latest i64   table[32]   schema u16   rows i32
 *                   { entity text }   { event_time i64 }
 *                   parts u8 { layout u16   arm u8   n i32   { row i32 }   { score f64 }   x u8 }
 *                   columns, each { NUMBER f64 (NaN missing) | whole i64 with { missing u8 } before | text }
 *                   parts { { x f32 or f64 } }           x: 0 none, 1 f32, 2 f64 where a value needs it
 * </pre>
 *
 * Layouts and schemas are written before the first rows that name them, so a segment explains itself. {@code latest} is the
 * greatest event time of the endpoint up to here: the last record alone tells where an endpoint that replays has come to. What
 * rollouts read (scores, times) stands before what only exports read (columns, x), so that a reader can stop halfway.
 */
final class SegmentFormat {

    static final byte[] MAGIC = "PLIMPRED".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    static final int FILE_HEADER = 28;
    static final int RECORD_HEADER = 9;
    static final byte LAYOUT = 1;
    static final byte SCHEMA = 2;
    static final byte ROWS = 3;

    private static final byte NO_X = 0;
    private static final byte NARROW_X = 1;
    private static final byte WIDE_X = 2;

    /** No record is longer; a greater length is damage. */
    static final int LONGEST = 256 << 20;

    private SegmentFormat() {}

    /** Where records are put together: a buffer that grows. One thread at a time. */
    static final class Encoder {

        private final CRC32C checksum = new CRC32C();
        private ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

        ByteBuffer bytes() {
            return bytes;
        }

        int position() {
            return bytes.position();
        }

        /** Forgets what was put after this position. */
        void back(int position) {
            bytes.position(position);
        }

        void header(long opened, long latest) {
            room(FILE_HEADER);
            bytes.put(MAGIC).putInt(VERSION).putLong(opened).putLong(latest);
        }

        void layout(int number, Layout layout) {
            int start = begin(LAYOUT);
            room(2);
            bytes.putShort((short) number);
            text(layout.version().toString());
            texts(layout.features());
            texts(layout.outputs());
            end(start);
        }

        void schema(int number, Schema schema) {
            int start = begin(SCHEMA);
            room(4);
            bytes.putShort((short) number).putShort((short) schema.size());
            for (Column column : schema.columns()) {
                room(2);
                bytes.put((byte) column.type().ordinal()).put((byte) (column.optional() ? 1 : 0));
                text(column.name());
            }
            end(start);
        }

        void rows(PredictionBatch batch, byte[] table, int schema, int[] layouts, long latest) {
            int start = begin(ROWS);
            int rows = batch.rows();
            room(16 + 8 + 8 + 32 + 2 + 4);
            bytes.putLong(Long.reverseBytes(Long.parseUnsignedLong(batch.id(), 0, 16, 16)));
            bytes.putLong(Long.reverseBytes(Long.parseUnsignedLong(batch.id(), 16, 32, 16)));
            bytes.putLong(batch.receivedAt())
                    .putLong(latest)
                    .put(table)
                    .putShort((short) schema)
                    .putInt(rows);
            for (String entity : batch.entities()) {
                text(entity);
            }
            room(8 * rows + 1);
            for (long time : batch.eventTimes()) {
                bytes.putLong(time);
            }
            bytes.put((byte) batch.parts().size());
            for (int p = 0; p < layouts.length; p++) {
                part(batch.parts().get(p), layouts[p]);
            }
            for (int c = 0; c < batch.raw().schema().size(); c++) {
                column(batch.raw(), c);
            }
            for (Part part : batch.parts()) {
                boolean narrow = isNarrow(part.x());
                room((narrow ? 4 : 8) * part.x().length);
                for (double value : part.x()) {
                    if (narrow) {
                        bytes.putFloat((float) value);
                    } else {
                        bytes.putDouble(value);
                    }
                }
            }
            end(start);
        }

        private void part(Part part, int layout) {
            room(2 + 1 + 4 + 4 * part.rows().length + 8 * part.scores().length + 1);
            bytes.putShort((short) layout).put((byte) part.arm().ordinal()).putInt(part.rows().length);
            for (int row : part.rows()) {
                bytes.putInt(row);
            }
            for (double score : part.scores()) {
                bytes.putDouble(score);
            }
            bytes.put(part.x().length == 0 ? NO_X : isNarrow(part.x()) ? NARROW_X : WIDE_X);
        }

        /** Whether 32 bits hold every value: those of an engine that rounds to them do. */
        private static boolean isNarrow(double[] x) {
            for (double value : x) {
                if (!Double.isNaN(value) && (float) value != value) {
                    return false;
                }
            }
            return true;
        }

        private void column(Columns raw, int c) {
            int rows = raw.rows();
            switch (raw.schema().columns().get(c).type()) {
                case NUMBER -> {
                    room(8 * rows);
                    for (double value : raw.numbers(c)) {
                        bytes.putDouble(value);
                    }
                }
                case BOOLEAN, INTEGER, TIMESTAMP -> {
                    room(9 * rows);
                    for (int row = 0; row < rows; row++) {
                        bytes.put((byte) (raw.isMissing(c, row) ? 1 : 0));
                    }
                    for (long value : raw.integers(c)) {
                        bytes.putLong(value);
                    }
                }
                case TEXT, CATEGORY -> {
                    for (int row = 0; row < rows; row++) {
                        Optional<String> value = raw.text(c, row);
                        if (value.isPresent()) {
                            text(value.get());
                        } else {
                            room(4);
                            bytes.putInt(-1);
                        }
                    }
                }
            }
        }

        private void texts(List<String> texts) {
            room(2);
            bytes.putShort((short) texts.size());
            texts.forEach(this::text);
        }

        private void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            room(4 + utf8.length);
            bytes.putInt(utf8.length).put(utf8);
        }

        private int begin(byte type) {
            room(RECORD_HEADER);
            int start = bytes.position();
            bytes.position(start + 8);
            bytes.put(type);
            return start;
        }

        private void end(int start) {
            int length = bytes.position() - start - RECORD_HEADER;
            if (length > LONGEST) {
                throw Problem.of(
                        Problem.Kind.TOO_LARGE, "a request of " + length + " bytes in the log; at most " + LONGEST);
            }
            checksum.reset();
            checksum.update(bytes.array(), start + 8, length + 1);
            bytes.putInt(start, length).putInt(start + 4, (int) checksum.getValue());
        }

        private void room(int more) {
            if (bytes.remaining() < more) {
                long wanted = Math.max(2L * bytes.capacity(), (long) bytes.position() + more);
                if (wanted > Integer.MAX_VALUE - 8) {
                    throw Problem.of(Problem.Kind.BUSY, "too many requests wait for the prediction log");
                }
                ByteBuffer larger = ByteBuffer.allocate((int) wanted).order(ByteOrder.LITTLE_ENDIAN);
                bytes = larger.put(bytes.flip());
            }
        }
    }

    /** Reads the bodies of one segment's records, in order. */
    static final class Decoder {

        private final List<Layout> layouts = new ArrayList<>();
        private final List<Schema> schemas = new ArrayList<>();

        /** The batch of a ROWS record; empty for the others, which are remembered. */
        Optional<PredictionBatch> record(byte type, ByteBuffer body, PredictionLog.Received received, Detail detail) {
            try {
                switch (type) {
                    case LAYOUT -> {
                        expect(body.getShort() & 0xffff, layouts.size());
                        VersionId version = VersionId.parse(text(body).orElseThrow());
                        layouts.add(new Layout(version, texts(body), texts(body)));
                    }
                    case SCHEMA -> {
                        expect(body.getShort() & 0xffff, schemas.size());
                        schemas.add(schema(body));
                    }
                    case ROWS -> {
                        return rows(body, received, detail);
                    }
                    default -> throw damaged("a record of type " + type);
                }
                return Optional.empty();
            } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
                throw damaged("a record that ends too early");
            }
        }

        private Optional<PredictionBatch> rows(ByteBuffer body, PredictionLog.Received received, Detail detail) {
            byte[] id = new byte[16];
            body.get(id);
            long receivedAt = body.getLong();
            if (!received.has(receivedAt)) {
                return Optional.empty();
            }
            body.getLong();
            byte[] table = new byte[32];
            body.get(table);
            Schema schema = schemas.get(body.getShort() & 0xffff);
            String[] entities = new String[body.getInt()];
            for (int i = 0; i < entities.length; i++) {
                entities[i] = text(body).orElse("");
            }
            long[] times = wholes(body, entities.length);
            Part[] parts = new Part[body.get() & 0xff];
            byte[] forms = new byte[parts.length];
            for (int p = 0; p < parts.length; p++) {
                parts[p] = part(body);
                forms[p] = body.get();
            }
            Columns raw = PredictionBatch.NO_COLUMNS;
            if (detail != Detail.SCORES && schema.size() > 0) {
                raw = columns(body, schema, entities.length);
            }
            if (detail == Detail.ALL) {
                for (int p = 0; p < parts.length; p++) {
                    parts[p] = forms[p] == NO_X ? parts[p] : withX(body, parts[p], forms[p]);
                }
            }
            return Optional.of(new PredictionBatch(
                    HexFormat.of().formatHex(id),
                    receivedAt,
                    Digest.of(table, 0),
                    entities,
                    times,
                    raw,
                    List.of(parts)));
        }

        private Part part(ByteBuffer body) {
            Layout layout = layouts.get(body.getShort() & 0xffff);
            Arm arm = Arm.numbered(body.get());
            int[] rows = new int[body.getInt()];
            body.asIntBuffer().get(rows);
            body.position(body.position() + Integer.BYTES * rows.length);
            double[] scores = numbers(body, rows.length * layout.outputs().size());
            return new Part(layout, arm, rows, new double[0], scores);
        }

        private static Part withX(ByteBuffer body, Part part, byte form) {
            int size = part.rows().length * part.layout().features().size();
            double[] x = form == NARROW_X ? widened(body, size) : numbers(body, size);
            return new Part(part.layout(), part.arm(), part.rows(), x, part.scores());
        }

        private static double[] widened(ByteBuffer body, int size) {
            float[] narrow = new float[size];
            body.asFloatBuffer().get(narrow);
            body.position(body.position() + Float.BYTES * size);
            double[] wide = new double[size];
            for (int i = 0; i < size; i++) {
                wide[i] = narrow[i];
            }
            return wide;
        }

        private static double[] numbers(ByteBuffer body, int size) {
            double[] numbers = new double[size];
            body.asDoubleBuffer().get(numbers);
            body.position(body.position() + Double.BYTES * size);
            return numbers;
        }

        private static long[] wholes(ByteBuffer body, int size) {
            long[] wholes = new long[size];
            body.asLongBuffer().get(wholes);
            body.position(body.position() + Long.BYTES * size);
            return wholes;
        }

        private static Columns columns(ByteBuffer body, Schema schema, int rows) {
            WholeColumns columns = new WholeColumns(schema, rows);
            for (int c = 0; c < schema.size(); c++) {
                switch (schema.columns().get(c).type()) {
                    case NUMBER -> columns.numbers(c, numbers(body, rows));
                    case BOOLEAN, INTEGER, TIMESTAMP -> {
                        boolean[] missing = new boolean[rows];
                        for (int row = 0; row < rows; row++) {
                            missing[row] = body.get() != 0;
                        }
                        columns.integers(c, wholes(body, rows), missing);
                    }
                    case TEXT, CATEGORY -> {
                        Words words = new Words(body, rows);
                        columns.texts(c, words.codes(), words.dictionary());
                    }
                }
            }
            return columns.build();
        }

        private static Schema schema(ByteBuffer body) {
            Column[] columns = new Column[body.getShort() & 0xffff];
            for (int c = 0; c < columns.length; c++) {
                ColumnType type = ColumnType.values()[body.get()];
                boolean isOptional = body.get() != 0;
                columns[c] = new Column(text(body).orElseThrow(), type, isOptional);
            }
            return Schema.of(columns);
        }

        private static List<String> texts(ByteBuffer body) {
            List<String> texts = new ArrayList<>();
            for (int left = body.getShort() & 0xffff; left > 0; left--) {
                texts.add(text(body).orElseThrow());
            }
            return texts;
        }

        private static Optional<String> text(ByteBuffer body) {
            int length = body.getInt();
            if (length < 0) {
                return Optional.empty();
            }
            if (length > body.remaining()) {
                throw damaged("a text longer than its record");
            }
            byte[] utf8 = new byte[length];
            body.get(utf8);
            return Optional.of(new String(utf8, StandardCharsets.UTF_8));
        }

        private static void expect(int number, int expected) {
            if (number != expected) {
                throw damaged("number " + number + " where " + expected + " comes next");
            }
        }
    }

    static Problem damaged(String how) {
        return Problem.of(Problem.Kind.INTERNAL, "the prediction log is damaged: " + how);
    }
}
