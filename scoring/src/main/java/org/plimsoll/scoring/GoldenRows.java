package org.plimsoll.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.plimsoll.core.CanonicalJson;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Schema;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Raw rows with the answers that the model's maker gave. They are judged at every registration and every load, warm a model up,
 * and show at once when features, engine or file are not what they were.
 *
 * <pre>
 *  golden.json, canonical JSON:
 *  {"v":1, "by":"XGBoost 3.0.4",
 *   "columns":[{"name":"distance","type":"number","optional":true}, …],
 *   "rows":[[718.0,"ORD",null], …],                       one value a column; whole numbers beyond 2^53 as text
 *   "outputs":[{"name":"probability","datatype":"FP32","width":1}],
 *   "scores":[[0.1834], …]}                               one value for each output's value, in order
 * </pre>
 *
 * @param by who computed the scores
 */
public record GoldenRows(String by, Columns rows, List<Signature.Output> outputs, double[][] scores) {

    private static final int V = 1;

    /** Relative to the answer, at least to 1: floats carry seven digits. */
    public static final double TOLERANCE = 1e-6;

    private static final long LARGEST_EXACT = 1L << 53;

    /** The file. */
    private record Document(
            int v,
            String by,
            Schema columns,
            List<JsonNode> rows,
            List<Signature.Output> outputs,
            List<List<Double>> scores) {}

    /** Of these rows those that show most ({@link GoldenChoice}). @param seed for the rows that are drawn at random */
    static Columns choose(Columns candidates, long seed) {
        return GoldenChoice.of(candidates, seed);
    }

    /** Whether this scorer answers these rows as recorded: within 1e-6, relative to the answer where that is greater than 1. */
    public Parity judge(Scorer scorer) {
        Scores given = scorer.score(rows);
        List<String> differences = new ArrayList<>();
        if (!given.outputs().equals(outputs)) {
            return new Parity(
                    rows.rows(), Double.NaN, List.of("answers are " + given.outputs() + "; recorded were " + outputs));
        }
        double greatest = 0;
        for (int output = 0; output < outputs.size(); output++) {
            int width = outputs.get(output).width();
            for (int i = 0; i < scores[output].length; i++) {
                double recorded = scores[output][i];
                double now = given.values()[output][i];
                double difference = Math.abs(now - recorded);
                greatest = Double.isNaN(difference) ? Double.NaN : Math.max(greatest, difference);
                if (!(difference <= TOLERANCE * Math.max(1, Math.abs(recorded))) && differences.size() < 10) {
                    differences.add(String.format(
                            Locale.ROOT,
                            "row %d: %s is %s, recorded was %s",
                            i / width,
                            outputs.get(output).name(),
                            now,
                            recorded));
                }
            }
        }
        return new Parity(rows.rows(), greatest, differences);
    }

    byte[] write() {
        List<JsonNode> lines = new ArrayList<>();
        List<List<Double>> answers = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            ArrayNode line = Json.MAPPER.createArrayNode();
            for (int c = 0; c < rows.schema().size(); c++) {
                add(line, c, row);
            }
            lines.add(line);
            List<Double> answer = new ArrayList<>();
            for (int output = 0; output < outputs.size(); output++) {
                int width = outputs.get(output).width();
                for (int k = 0; k < width; k++) {
                    answer.add(scores[output][row * width + k]);
                }
            }
            answers.add(answer);
        }
        return CanonicalJson.bytes(new Document(V, by, rows.schema(), lines, outputs, answers));
    }

    private void add(ArrayNode line, int column, int row) {
        if (rows.isMissing(column, row)) {
            line.addNull();
            return;
        }
        switch (rows.schema().columns().get(column).type()) {
            case BOOLEAN -> line.add(rows.integer(column, row) != 0);
            case INTEGER, TIMESTAMP -> {
                long value = rows.integer(column, row);
                if (Math.abs(value) > LARGEST_EXACT) {
                    line.add(Long.toString(value));
                } else {
                    line.add(value);
                }
            }
            case NUMBER -> line.add(rows.number(column, row));
            case TEXT, CATEGORY -> line.add(rows.text(column, row).orElseThrow());
        }
    }

    /** Reads {@code golden.json}. @throws Problem where it is not one, or of a later version */
    static GoldenRows read(byte[] json) {
        Document document;
        try {
            document = Json.read(json, Document.class);
        } catch (JacksonException e) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "golden.json: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (document.v > V) {
            throw Problem.invalid("golden.json v", document.v, "at most " + V + "; a newer Plimsoll wrote it");
        }
        ColumnsBuilder builder = Columns.builder(document.columns, document.rows.size());
        for (int row = 0; row < document.rows.size(); row++) {
            JsonNode line = document.rows.get(row);
            if (!line.isArray() || line.size() != document.columns.size()) {
                throw Problem.invalid("golden.json row " + row, line, document.columns.size() + " values");
            }
            for (int c = 0; c < document.columns.size(); c++) {
                set(builder, document.columns.columns().get(c), c, line.get(c), row);
            }
            builder.endRow();
        }
        return new GoldenRows(document.by, builder.build(), document.outputs, scores(document));
    }

    private static double[][] scores(Document document) {
        int width = document.outputs.stream().mapToInt(Signature.Output::width).sum();
        if (document.scores.size() != document.rows.size()
                || document.scores.stream().anyMatch(answer -> answer.size() != width)) {
            throw Problem.invalid(
                    "golden.json scores",
                    document.scores.size() + " rows",
                    "one answer of " + width + " values for each of " + document.rows.size() + " rows");
        }
        double[][] scores = new double[document.outputs.size()][];
        int from = 0;
        for (int output = 0; output < scores.length; output++) {
            int values = document.outputs.get(output).width();
            scores[output] = new double[Math.multiplyExact(document.rows.size(), values)];
            for (int row = 0; row < document.rows.size(); row++) {
                for (int k = 0; k < values; k++) {
                    scores[output][row * values + k] = document.scores.get(row).get(from + k);
                }
            }
            from += values;
        }
        return scores;
    }

    private static void set(ColumnsBuilder builder, Column column, int place, JsonNode value, int row) {
        if (value.isNull()) {
            return;
        }
        boolean fits = switch (column.type()) {
            case BOOLEAN -> value.isBoolean();
            case INTEGER, TIMESTAMP -> whole(value).isPresent();
            case NUMBER -> value.doubleValueOpt().isPresent();
            case TEXT, CATEGORY -> value.isString();
        };
        if (!fits) {
            throw Problem.invalid(
                    "golden.json row " + row + ", " + column.name(),
                    value,
                    "a value of type " + column.type().word());
        }
        switch (column.type()) {
            case BOOLEAN -> builder.bool(place, value.booleanValue());
            case INTEGER, TIMESTAMP -> builder.integer(place, whole(value).getAsLong());
            case NUMBER -> builder.number(place, value.doubleValue());
            case TEXT, CATEGORY -> builder.text(place, value.asString());
        }
    }

    /** A whole number, or the text that it was written as; empty where it is neither, or beyond 64 bits. */
    private static OptionalLong whole(JsonNode value) {
        if (!value.isString()) {
            return value.longValueOpt();
        }
        try {
            return OptionalLong.of(Long.parseLong(value.asString()));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /** Rows that cover most, with the answers of this scorer. */
    static GoldenRows of(Scorer scorer, Columns candidates, long seed) {
        Signature signature = scorer.signature();
        Columns rows = choose(answerable(signature, candidates), seed);
        return new GoldenRows(
                scorer.by(), rows, signature.outputs(), scorer.score(rows).values());
    }

    /** The rows that have a value wherever one is required. */
    private static Columns answerable(Signature signature, Columns candidates) {
        Columns asked = candidates.select(signature.inputs().names());
        int[] whole = IntStream.range(0, asked.rows())
                .filter(row -> IntStream.range(0, asked.schema().size())
                        .allMatch(c -> signature.inputs().columns().get(c).optional() || !asked.isMissing(c, row)))
                .toArray();
        if (whole.length == 0) {
            throw Problem.of(
                    Problem.Kind.INVALID,
                    "no row has a value in every column that the model requires: " + signature.inputs());
        }
        return whole.length == asked.rows() ? asked : asked.pick(whole);
    }
}
