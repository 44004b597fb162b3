package org.plimsoll.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.plimsoll.core.Problem;

/**
 * A file of delimited text, as people are given them: CSV in any of its dialects. What it is written in is found out from its
 * bytes and said: the encoding over the whole file, the delimiter from its first records.
 *
 * <pre>
 *  encoding    UTF-8 and UTF-16, with a byte-order mark or without; UTF-32 with one; else Windows-1252, which Latin-1 is read as
 *  delimiter   comma, semicolon, tab or bar: the one by which the first records have the same number of values, the most of them
 *  quotes      "…", a quote inside doubled; a value in quotes may hold delimiters and line breaks
 *  names       the first record
 * </pre>
 *
 * @param utf8 the text in UTF-8: the file itself, or a copy where it is written otherwise
 * @param names of the columns, as the first record has them
 * @param encoding in words, empty where it is plain UTF-8
 * @param recordBytes how long a record is, on average of the first
 */
record DelimitedText(Path utf8, char delimiter, List<String> names, Optional<String> encoding, int recordBytes) {

    /** The longest record that is read. */
    static final int LONGEST_RECORD = 64 << 20;

    /** A table is packed into a tenth of its size; what unpacks to so much more is made to fill the disk. */
    private static final long MOST_UNPACKED = 200;

    /** Up to here nobody asks how much more it is. */
    private static final long UNPACKED = 256L << 20;

    private static final char[] DELIMITERS = {',', ';', '\t', '|'};
    private static final int HEAD = 1 << 20;
    private static final int RECORDS_LOOKED_AT = 1_000;

    /** More remarks than these nobody writes above a table. */
    private static final int LINES_ABOVE = 30;

    private static final Charset WINDOWS = Charset.forName("windows-1252");

    /**
     * Finds out how this file is written.
     *
     * @param copy where a copy in UTF-8 goes, if one is needed
     * @throws Problem where it is no text, empty, or its first record names no columns
     */
    static DelimitedText open(Path file, Path copy) {
        try {
            byte[] start = start(file);
            refuseOtherFormats(file, start);
            boolean zipped = start.length > 1 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
            Optional<Charset> marked = markOf(start).or(() -> unmarkedUtf16(start));
            boolean isUtf8 = !zipped && marked.isEmpty() && isUtf8(file);
            if (isUtf8 && !hasUtf8Mark(start)) {
                return sniffed(file, file, Optional.empty());
            }
            Charset charset = zipped || isUtf8 ? StandardCharsets.UTF_8 : marked.orElse(WINDOWS);
            try {
                rewrite(file, copy, charset, zipped);
            } catch (CharacterCodingException e) { // a compressed file that is not UTF-8 either
                charset = WINDOWS;
                rewrite(file, copy, charset, zipped);
            }
            String words =
                    (zipped ? "gzip, " : "") + (charset.equals(WINDOWS) ? "Windows-1252 (Latin-1)" : charset.name());
            return sniffed(file, copy, Optional.of(isUtf8 ? "UTF-8 with a byte-order mark" : words));
        } catch (IOException e) {
            throw Problem.of(Problem.Kind.INVALID, file + " cannot be read: " + e.getMessage() + "; is it whole?");
        }
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(1 << 16);
        }
    }

    private static void refuseOtherFormats(Path file, byte[] start) {
        String magic = new String(start, 0, Math.min(4, start.length), StandardCharsets.ISO_8859_1);
        if (start.length == 0) {
            throw Problem.of(Problem.Kind.INVALID, file + " is empty");
        }
        if (magic.startsWith("PK")) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    file + " is a zip file, such as an Excel workbook; save the sheet as CSV, or unpack it");
        }
        if (magic.equals("PAR1")) {
            throw Problem.of(Problem.Kind.INVALID, file + " is a Parquet file; name it .parquet");
        }
        if (markOf(start).or(() -> unmarkedUtf16(start)).isPresent() || start[0] == 0x1f) {
            return;
        }
        String text = new String(start, StandardCharsets.ISO_8859_1).strip();
        String format = text.startsWith("{") || text.startsWith("[{") || text.startsWith("[[")
                ? "JSON"
                : text.startsWith("<") ? "HTML or XML" : "";
        if (!format.isEmpty()) {
            throw Problem.of(
                    Problem.Kind.INVALID, file + " looks like " + format + "; save its rows as CSV or Parquet");
        }
        for (byte octet : start) {
            if (octet == 0) {
                throw Problem.of(
                        Problem.Kind.INVALID, file + " is no text: it holds zero bytes; expected CSV or Parquet");
            }
        }
    }

    private static boolean hasUtf8Mark(byte[] start) {
        return start.length > 2 && (start[0] & 0xff) == 0xef && (start[1] & 0xff) == 0xbb && (start[2] & 0xff) == 0xbf;
    }

    private static Optional<Charset> markOf(byte[] start) {
        if (start.length < 2) {
            return Optional.empty();
        }
        if (start.length > 3 && (start[0] | start[1]) == 0 && (start[2] & 0xff) == 0xfe && (start[3] & 0xff) == 0xff) {
            return Optional.of(Charset.forName("UTF-32BE"));
        }
        if (start.length > 3 && (start[0] & 0xff) == 0xff && (start[1] & 0xff) == 0xfe && (start[2] | start[3]) == 0) {
            return Optional.of(Charset.forName("UTF-32LE"));
        }
        int mark = (start[0] & 0xff) << 8 | start[1] & 0xff;
        return mark == 0xfeff
                ? Optional.of(StandardCharsets.UTF_16BE)
                : mark == 0xfffe ? Optional.of(StandardCharsets.UTF_16LE) : Optional.empty();
    }

    /** Latin letters in UTF-16 have a zero in every other byte, and nowhere else. */
    private static Optional<Charset> unmarkedUtf16(byte[] start) {
        int[] zeros = new int[2];
        int looked = Math.min(start.length, 1_000) / 2 * 2;
        for (int i = 0; i < looked; i++) {
            zeros[i % 2] += start[i] == 0 ? 1 : 0;
        }
        boolean little = zeros[0] == 0 && zeros[1] > 0.4 * looked;
        boolean big = zeros[1] == 0 && zeros[0] > 0.4 * looked;
        return little
                ? Optional.of(StandardCharsets.UTF_16LE)
                : big ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
    }

    private static boolean isUtf8(Path file) throws IOException {
        char[] buffer = new char[1 << 16];
        try (Reader reader = reader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
            while (reader.read(buffer) >= 0) {}
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static Reader reader(InputStream in, Charset charset) {
        return new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(
                                charset.equals(WINDOWS) ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT));
    }

    private static void rewrite(Path file, Path copy, Charset charset, boolean zipped) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        long most = zipped ? Math.max(UNPACKED, MOST_UNPACKED * Files.size(file)) : Long.MAX_VALUE;
        long written = 0;
        try (Reader reader = reader(zipped ? new GZIPInputStream(bytes) : bytes, charset);
                Writer writer = new OutputStreamWriter(Files.newOutputStream(copy), StandardCharsets.UTF_8)) {
            char[] buffer = new char[1 << 16];
            boolean first = true;
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                int mark = first && read > 0 && buffer[0] == '\ufeff' ? 1 : 0;
                writer.write(buffer, mark, read - mark);
                first = false;
                written += read;
                if (written > most) {
                    throw Problem.of(
                            Problem.Kind.TOO_LARGE,
                            file + " unpacks to more than " + MOST_UNPACKED
                                    + " times its size, as no table does; if it is one all the same, unpack it first");
                }
            }
        }
    }

    // ---- the dialect

    private static DelimitedText sniffed(Path named, Path utf8, Optional<String> encoding) throws IOException {
        String head = head(utf8, HEAD);
        if (records(head, ',').size() < 2 && Files.size(utf8) > HEAD) { // a record that is longer than that
            head = head(utf8, LONGEST_RECORD);
        }
        if (head.isBlank()) {
            throw Problem.of(Problem.Kind.INVALID, named + " is empty");
        }
        char best = ',';
        double most = -1;
        for (char delimiter : DELIMITERS) {
            double score = score(records(head, delimiter));
            if (score > most) {
                most = score;
                best = delimiter;
            }
        }
        List<List<String>> records = records(head, best);
        List<String> names = records.getFirst();
        long alike =
                records.stream().filter(record -> record.size() == names.size()).count();
        if (names.size() == 1 || 2 * alike < records.size()) {
            refuseTitle(named, head, names);
        }
        if (records.size() > 1 && names.stream().allMatch(DelimitedText::isNumber)) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    named + " has no names of columns: its first line is " + String.join(String.valueOf(best), names)
                            + "; add a line with their names at the top",
                    Map.of("file", named.toString()));
        }
        return new DelimitedText(utf8, best, names, encoding, Math.max(1, head.length() / records.size()));
    }

    /** First lines that are no list of names: a title or remarks above a table. */
    private static void refuseTitle(Path named, String head, List<String> names) {
        int most = 1;
        List<String> found = List.of();
        for (char delimiter : DELIMITERS) {
            List<List<String>> records = records(head, delimiter);
            for (int above = 1; above <= Math.min(LINES_ABOVE, records.size() - 3); above++) {
                List<String> header = records.get(above);
                if (header.size() > most && namesTheRest(records, above)) {
                    most = header.size();
                    found = header;
                }
            }
        }
        if (most > 1) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    named + ", line 1: `" + Inspection.shown(String.join(", ", names))
                            + "` names no columns, and the lines from `" + Inspection.shown(String.join(", ", found))
                            + "` on have " + most
                            + " values; the first line must name the columns: take the lines above away");
        }
    }

    /** Whether the records after this one have as many values as it has, and the first another number; no name is a number. */
    private static boolean namesTheRest(List<List<String>> records, int place) {
        List<String> header = records.get(place);
        return records.getFirst().size() != header.size()
                && records.stream().skip(place).allMatch(record -> record.size() == header.size())
                && header.stream().noneMatch(value -> value.isBlank() || isNumber(value));
    }

    private static String head(Path utf8, int most) throws IOException {
        char[] buffer = new char[1 << 16];
        var head = new StringBuilder();
        try (Reader reader = reader(Files.newInputStream(utf8), StandardCharsets.UTF_8)) {
            for (int read = reader.read(buffer); read >= 0 && head.length() < most; read = reader.read(buffer)) {
                head.append(buffer, 0, read);
            }
        }
        return head.toString();
    }

    /** Records that have as many values as the first, as a share; more values decide between equals. One value is no delimiter. */
    private static double score(List<List<String>> records) {
        int values = records.getFirst().size();
        if (values < 2) {
            return 0;
        }
        long same = records.stream().filter(record -> record.size() == values).count();
        return Math.floor(10.0 * same / records.size()) + 1 - 1.0 / values;
    }

    private static boolean isNumber(String value) {
        try {
            return Double.isFinite(Double.parseDouble(value.strip()));
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /** The first records of this text; the last is left out where it may not be whole. */
    static List<List<String>> records(String text, char delimiter) {
        List<List<String>> records = new ArrayList<>();
        List<String> record = new ArrayList<>();
        var value = new StringBuilder();
        boolean quoted = false;
        boolean begins = true;
        for (int i = 0; i < text.length() && records.size() < RECORDS_LOOKED_AT; i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    value.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    value.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && begins) {
                quoted = true;
                begins = false;
            } else if (c == delimiter) {
                record.add(value.toString());
                value.setLength(0);
                begins = true;
            } else if (c == '\n' || c == '\r') {
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                if (!record.isEmpty() || !value.isEmpty()) { // lines without anything are passed over
                    record.add(value.toString());
                    records.add(record);
                    record = new ArrayList<>();
                    value.setLength(0);
                }
                begins = true;
            } else {
                value.append(c);
                begins = false;
            }
        }
        if (records.isEmpty()) {
            record.add(value.toString());
            records.add(record);
        }
        return records;
    }

    /** The SQL that reads it, all values as text, the columns called c0, c1 and so on. */
    String sql() {
        var columns = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            columns.append(i == 0 ? "" : ", ").append("'c").append(i).append("': 'VARCHAR'");
        }
        return "read_csv(" + SelectStatement.quoted(utf8.toAbsolutePath().toString()) + ", delim = "
                + SelectStatement.quoted(String.valueOf(delimiter))
                + ", quote = '\"', escape = '\"', header = true, auto_detect = false, columns = {" + columns
                + "}, max_line_size = " + longestRecord() + ", buffer_size = " + 2 * Math.max(longestRecord(), 16 << 20)
                + ")";
    }

    /** A buffer of the reader must hold it, so it is as small as the file lets it be. */
    private long longestRecord() {
        try {
            return Math.clamp(Files.size(utf8) + 1, 2 << 20, LONGEST_RECORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The delimiter in words. */
    String delimiterName() {
        return switch (delimiter) {
            case '\t' -> "tab";
            case ';' -> "semicolon";
            case '|' -> "bar";
            default -> "comma";
        };
    }
}
