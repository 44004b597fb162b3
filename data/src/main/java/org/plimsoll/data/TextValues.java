package org.plimsoll.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the values of a text column are to be read: as whole numbers, numbers, booleans, instants, or as the words they are. Guessed
 * from some of them ({@link #guess}), then held against all of them: the guess after it is taken where one does not fit.
 *
 * @param type what they become
 * @param sql gives the typed value of the text {@code v}, NULL where it does not fit; {@code v} is trimmed and not missing
 * @param note what people should know of the reading; empty where it is plain
 */
record TextValues(ColumnType type, String sql, Optional<String> note) {

    /** What means that there is no value, in lower case. */
    static final Set<String> MISSING = Set.of(
            "",
            "na",
            "n/a",
            "#n/a",
            "nan",
            "null",
            "none",
            "nil",
            "-",
            "--",
            "?",
            "inf",
            "-inf",
            "+inf",
            "infinity",
            "-infinity",
            "+infinity");

    /** The same as DuckDB knows it. A list of words a column would take its planner minutes where there are a thousand columns. */
    private static final String MISSING_PATTERN = MISSING.stream()
            .sorted()
            .map(word -> word.replaceAll("[^a-z0-9]", "[$0]"))
            .collect(Collectors.joining("|", "'(?i)(", ")'"));

    private static final String SPACE = "' \t\r\n\u00a0'";

    private static final String NUMBER = "[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?";
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern CODE = Pattern.compile("[-+]?(0[0-9]+|[0-9]{19,})");
    private static final Pattern PLAIN = Pattern.compile(NUMBER);
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?[0-9]+(\\.[0-9]{3})*,[0-9]+");
    private static final Pattern THOUSANDS = Pattern.compile("[-+]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?");
    private static final List<String> UNITS = List.of("%", "$", "€", "£", "¥", "₹");
    private static final Pattern DAY_AND_MONTH = Pattern.compile("([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{2,4}).*");

    /** Formats of dates, as DuckDB's {@code strptime} takes them, each with what its values look like. */
    private record Format(Pattern looks, String format, Optional<String> note) {

        static Format of(String looks, String format, String note) {
            return new Format(
                    Pattern.compile(looks, Pattern.CASE_INSENSITIVE),
                    format,
                    note.isEmpty() ? Optional.empty() : Optional.of(note));
        }

        boolean isDayFirst() {
            return format.startsWith("%d") && note.isPresent();
        }

        boolean isMonthFirst() {
            return format.startsWith("%m") && note.isPresent();
        }
    }

    private static final List<String[]> TIMES = List.of(
            new String[] {"", ""},
            new String[] {" [0-9]{1,2}:[0-9]{2}", " %H:%M"},
            new String[] {" [0-9]{1,2}:[0-9]{2}:[0-9]{2}", " %H:%M:%S"},
            new String[] {" [0-9]{1,2}:[0-9]{2} ?[AP]M", " %I:%M %p"},
            new String[] {" [0-9]{1,2}:[0-9]{2}:[0-9]{2} ?[AP]M", " %I:%M:%S %p"});

    private static final Pattern ISO = Pattern.compile("[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
            + "([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)? ?(Z|UTC|[-+][0-9]{2}(:?[0-9]{2})?)?");

    private static final List<Format> FORMATS = formats();

    private static List<Format> formats() {
        List<Format> all = new ArrayList<>();
        String word = "[a-z]{3}";
        for (String[] time : TIMES) {
            for (String separator : List.of("/", ".", "-")) {
                String mark = separator.equals(".") ? "\\." : separator;
                String two = "[0-9]{1,2}" + mark + "[0-9]{1,2}" + mark;
                for (String[] year : List.of(new String[] {"[0-9]{4}", "%Y"}, new String[] {"[0-9]{2}", "%y"})) {
                    String dayFirst = "%d" + separator + "%m" + separator + year[1] + time[1];
                    String monthFirst = "%m" + separator + "%d" + separator + year[1] + time[1];
                    // which of the two comes first is known where a number is above 12; points are a European habit
                    boolean european = separator.equals(".");
                    all.add(Format.of(
                            two + year[0] + time[0],
                            european ? dayFirst : monthFirst,
                            european ? "day first" : "month first"));
                    all.add(Format.of(
                            two + year[0] + time[0],
                            european ? monthFirst : dayFirst,
                            european ? "month first" : "day first"));
                }
            }
            for (String[] named : List.of(
                    new String[] {"[0-9]{1,2}-" + word + "-[0-9]{4}", "%d-%b-%Y"},
                    new String[] {"[0-9]{1,2}-" + word + "-[0-9]{2}", "%d-%b-%y"},
                    new String[] {"[0-9]{1,2} " + word + " [0-9]{4}", "%d %b %Y"},
                    new String[] {word + " [0-9]{1,2},? [0-9]{4}", "%b %d, %Y"},
                    new String[] {word + " [0-9]{1,2} [0-9]{4}", "%b %d %Y"},
                    new String[] {"[0-9]{1,2} [a-z]{3,9} [0-9]{4}", "%d %B %Y"},
                    new String[] {"[a-z]{3,9} [0-9]{1,2}, [0-9]{4}", "%B %d, %Y"})) {
                all.add(Format.of(named[0] + time[0], named[1] + time[1], ""));
            }
        }
        all.add(Format.of(word + "-[0-9]{4}", "%b-%Y", "first of the month"));
        all.add(Format.of(word + " [0-9]{4}", "%b %Y", "first of the month"));
        all.add(Format.of("[0-9]{4}-[0-9]{2}", "%Y-%m", "first of the month"));
        return List.copyOf(all);
    }

    /** SQL of the text in this expression without space around it, NULL where it means that there is no value. */
    static String present(String text) {
        return presentOfTrimmed(trimmed(text));
    }

    /** SQL of the text in this expression without space around it. */
    static String trimmed(String text) {
        return "trim(" + text + ", " + SPACE + ")";
    }

    /** SQL of a text that has no space around it, NULL where it means that there is no value. */
    static String presentOfTrimmed(String trimmed) {
        return "CASE WHEN NOT regexp_full_match(" + trimmed + ", " + MISSING_PATTERN + ") THEN " + trimmed + " END";
    }

    /** Whether a value means that there is none. */
    static boolean isMissing(String value) {
        return MISSING.contains(value.strip().toLowerCase(Locale.ROOT));
    }

    /**
     * Readings that fit all of these values, the strictest first; words fit always.
     *
     * @param some values that are there, trimmed
     * @param decimalComma whether the file's other marks suggest one
     */
    static List<TextValues> guess(List<String> some, boolean decimalComma) {
        List<TextValues> fitting = new ArrayList<>();
        if (some.isEmpty()) {
            return List.of(words());
        }
        for (String unit : UNITS) {
            if (some.stream()
                    .allMatch(value -> value.startsWith(unit) || value.endsWith(unit) || isSigned(value, unit))) {
                return withUnit(unit, some, decimalComma);
            }
        }
        boolean isCode = some.stream().anyMatch(value -> CODE.matcher(value).matches());
        if (!isCode && all(some, WHOLE)) {
            fitting.add(whole());
        }
        if (!isCode && all(some, PLAIN)) {
            fitting.add(number());
        }
        boolean hasComma = some.stream().anyMatch(value -> value.indexOf(',') >= 0);
        boolean eachIsOne = some.stream()
                .allMatch(value -> PLAIN.matcher(value).matches()
                        || DECIMAL_COMMA.matcher(value).matches());
        boolean eachIsOther = some.stream()
                .allMatch(value -> PLAIN.matcher(value).matches()
                        || THOUSANDS.matcher(value).matches());
        if (hasComma && eachIsOther && (!decimalComma || !eachIsOne)) {
            fitting.add(thousands());
        } else if (hasComma && eachIsOne) {
            fitting.add(decimalComma());
        }
        if (!hasComma && !fitting.isEmpty()) { // commas may come later in the file
            fitting.add(decimalComma ? decimalComma() : thousands());
            fitting.add(decimalComma ? thousands() : decimalComma());
        }
        if (some.stream().allMatch(value -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false"))) {
            fitting.add(truth());
        }
        if (all(some, ISO)) {
            fitting.add(instant());
        }
        fitting.addAll(dates(some));
        fitting.add(words());
        return List.copyOf(fitting);
    }

    /** {@code -$5}. */
    private static boolean isSigned(String value, String unit) {
        return value.startsWith("-" + unit) || value.startsWith("+" + unit);
    }

    /** Numbers that are written with this unit, read without it; words where they are no numbers. */
    private static List<TextValues> withUnit(String unit, List<String> some, boolean decimalComma) {
        List<String> bare =
                some.stream().map(value -> value.replace(unit, "").strip()).toList();
        String sql = "trim(replace(v, " + SelectStatement.quoted(unit) + ", ''), " + SPACE + ")";
        List<TextValues> readings = new ArrayList<>();
        for (TextValues reading : guess(bare, decimalComma)) {
            if (reading.type == ColumnType.INTEGER || reading.type == ColumnType.NUMBER) {
                String note = "numbers without their " + unit;
                readings.add(new TextValues(
                        reading.type,
                        reading.of(sql),
                        Optional.of(reading.note.map(more -> more + ", " + note).orElse(note))));
            }
        }
        readings.add(words());
        return List.copyOf(readings);
    }

    /** Where neither order of day and month is impossible, that by which dates of years are not all in one month; and it is said. */
    private static List<TextValues> dates(List<String> some) {
        List<Format> fitting = FORMATS.stream()
                .filter(format -> all(some, format.looks) && (format.note.isEmpty() || canBe(format, some)))
                .toList();
        boolean isGuess = fitting.stream().anyMatch(Format::isDayFirst)
                && fitting.stream().anyMatch(Format::isMonthFirst);
        if (!isGuess) {
            return fitting.stream().map(format -> date(format, "")).toList();
        }
        boolean years = different(some, 3) > 1;
        boolean firstStays = years && different(some, 1) == 1 && different(some, 2) > 1;
        boolean secondStays = years && different(some, 2) == 1 && different(some, 1) > 1;
        return fitting.stream()
                .sorted(Comparator.comparing(
                        format -> firstStays ? !format.isDayFirst() : secondStays && !format.isMonthFirst()))
                .map(format -> date(format, ", which is a guess (where it is wrong, write them as 2024-12-31)"))
                .toList();
    }

    /** How many different numbers stand in this place of these dates. */
    private static long different(List<String> some, int place) {
        return some.stream()
                .map(DAY_AND_MONTH::matcher)
                .filter(Matcher::matches)
                .map(parts -> Integer.valueOf(parts.group(place)))
                .distinct()
                .count();
    }

    /** Whether none of these days is in the place of the month. */
    private static boolean canBe(Format format, List<String> some) {
        boolean dayFirst = format.isDayFirst();
        if (!dayFirst && !format.isMonthFirst()) {
            return true;
        }
        return some.stream().allMatch(value -> {
            var parts = DAY_AND_MONTH.matcher(value);
            return !parts.matches() || Integer.parseInt(parts.group(dayFirst ? 2 : 1)) <= 12;
        });
    }

    private static boolean all(List<String> some, Pattern pattern) {
        return some.stream().allMatch(value -> pattern.matcher(value).matches());
    }

    private static TextValues plain(ColumnType type, String sql) {
        return new TextValues(type, sql, Optional.empty());
    }

    /** The typed value of the text in this expression, which is trimmed and not missing. */
    String of(String text) {
        return sql.replaceAll("\\bv\\b", Matcher.quoteReplacement(text));
    }

    /** As they are. */
    static TextValues words() {
        return plain(ColumnType.TEXT, "v");
    }

    private static TextValues whole() {
        // a cast alone rounds 1.5, and takes 007 for 7
        return plain(
                ColumnType.INTEGER,
                "CASE WHEN regexp_full_match(v, '[-+]?(0|[1-9][0-9]{0,17})([.]0+)?') THEN TRY_CAST(v AS BIGINT) END");
    }

    private static TextValues number() {
        return plain(ColumnType.NUMBER, "TRY_CAST(v AS DOUBLE)");
    }

    private static TextValues decimalComma() {
        return new TextValues(
                ColumnType.NUMBER,
                "CASE WHEN contains(v, ',') THEN TRY_CAST(replace(replace(v, '.', ''), ',', '.') AS DOUBLE)"
                        + " ELSE TRY_CAST(v AS DOUBLE) END",
                Optional.of("decimal comma"));
    }

    private static TextValues thousands() {
        return new TextValues(
                ColumnType.NUMBER,
                "CASE WHEN NOT contains(v, ',') THEN TRY_CAST(v AS DOUBLE) WHEN regexp_full_match(v,"
                        + " '[-+]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?') THEN TRY_CAST(replace(v, ',', '') AS DOUBLE) END",
                Optional.of("commas group thousands"));
    }

    private static TextValues truth() {
        return plain(ColumnType.BOOLEAN, "CASE lower(v) WHEN 'true' THEN true WHEN 'false' THEN false END");
    }

    private static TextValues instant() {
        return plain(ColumnType.TIMESTAMP, "CAST(TRY_CAST(replace(v, '/', '-') AS TIMESTAMPTZ) AS TIMESTAMP)");
    }

    private static TextValues date(Format format, String more) {
        return new TextValues(
                ColumnType.TIMESTAMP,
                "try_strptime(v, " + SelectStatement.quoted(format.format) + ")",
                format.note.map(note -> note + more));
    }
}
