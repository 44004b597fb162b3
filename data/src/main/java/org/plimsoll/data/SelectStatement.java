package org.plimsoll.data;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.databind.JsonNode;

/**
 * The SQL of a step, understood before it runs: exactly one SELECT, whose result depends on nothing but its inputs and
 * parameters.
 *
 * <p>DuckDB's own parser gives the tree ({@code json_serialize_sql}), so comments, strings and quoted names are seen as what
 * they are. Functions that answer differently each time are refused here, since a step whose bytes change from run to run
 * cannot be rerun. Parameters ({@code $name}) are put in as literals at the places the parser found them, because DuckDB takes
 * no parameters where a statement creates something.
 */
final class SelectStatement {

    /** All functions that DuckDB 2.0 does not call consistent ({@code duckdb_functions().stability}); a test compares. */
    static final Set<String> UNSTABLE = Set.of(
            "current_connection_id",
            "current_database",
            "current_date",
            "current_query",
            "current_query_id",
            "current_schema",
            "current_schemas",
            "current_setting",
            "current_transaction_id",
            "currval",
            "gen_random_uuid",
            "get_current_time",
            "get_current_timestamp",
            "getvariable",
            "in_search_path",
            "nextval",
            "now",
            "random",
            "setseed",
            "setval",
            "sleep_ms",
            "stats",
            "today",
            "transaction_timestamp",
            "txid_current",
            "uuid",
            "uuidv4",
            "uuidv7",
            "vector_type",
            "write_log");

    /** Words of the SQL standard that mean the moment of the query, parsed like columns. */
    private static final Set<String> MOMENTS =
            Set.of("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp");

    private static final int NOWHERE = -1;

    private final String sql;
    private final byte[] bytes;
    private final List<Parameter> parameters = new ArrayList<>();

    /** Where a parameter stands, in bytes of UTF-8. */
    private record Parameter(String name, int start, int length) {}

    private SelectStatement(String sql) {
        this.sql = sql;
        this.bytes = sql.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Understands this SQL.
     *
     * @throws Problem with line and column where it is not one SELECT, or its answer would change from run to run
     */
    static SelectStatement parse(Connection connection, String sql) throws SQLException {
        SelectStatement statement = new SelectStatement(sql);
        JsonNode parsed = Json.MAPPER.readTree(serialized(connection, sql));
        if (parsed.path("error").asBoolean()) {
            String position = parsed.path("position").asString("");
            String said = parsed.path("error_message").asString("not understood");
            throw said.startsWith("Only SELECT")
                    ? statement.problem(NOWHERE, "a step's SQL is one SELECT statement; it creates or changes nothing")
                    : statement.problem(position.isEmpty() ? NOWHERE : Integer.parseInt(position), said);
        }
        JsonNode statements = parsed.path("statements");
        if (statements.size() != 1) {
            throw statement.problem(
                    NOWHERE, "a step's SQL is one SELECT statement; here are " + statements.size() + " statements");
        }
        statement.inspect(statements.get(0));
        statement.parameters.sort(Comparator.comparingInt(Parameter::start));
        return statement;
    }

    private static String serialized(Connection connection, String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT json_serialize_sql(?)")) {
            query.setString(1, sql);
            try (ResultSet result = query.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private void inspect(JsonNode node) {
        String kind = node.path("class").asString("");
        int place = node.path("query_location").isInt()
                ? node.path("query_location").asInt()
                : NOWHERE;
        switch (kind) {
            case "PARAMETER" -> {
                int length = node.path("query_location_length").asInt();
                parameters.add(new Parameter(node.path("identifier").asString(), place, length));
            }
            case "FUNCTION" -> {
                String name = node.path("function_name").asString("").toLowerCase(Locale.ROOT);
                if (UNSTABLE.contains(name)) {
                    throw unstable(place, name + "()");
                }
            }
            case "COLUMN_REF" -> {
                JsonNode names = node.path("column_names");
                String name = names.path(0).asString("").toLowerCase(Locale.ROOT);
                if (names.size() == 1 && MOMENTS.contains(name)) {
                    throw unstable(place, name);
                }
            }
            default -> {}
        }
        JsonNode sample = node.path("sample");
        if (sample.isObject() && !sample.path("repeatable").asBoolean()) {
            throw problem(NOWHERE, "a sample is another one each time; write USING SAMPLE … REPEATABLE (seed)");
        }
        node.forEach(this::inspect);
    }

    private Problem unstable(int place, String what) {
        return problem(
                place,
                what + " answers differently each time, so the step could not be rerun; pass the value as a parameter");
    }

    /** The names of its parameters. */
    Set<String> parameters() {
        Set<String> names = new TreeSet<>();
        parameters.forEach(parameter -> names.add(parameter.name));
        return names;
    }

    /** The SQL with its parameters put in. @throws Problem where one has no value, or one of a type that SQL does not know */
    String with(Map<String, ?> values) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (Parameter parameter : parameters) {
            Object value = values.get(parameter.name);
            if (value == null) {
                throw problem(
                        parameter.start,
                        "there is no parameter " + parameter.name + "; given are "
                                + (values.isEmpty() ? "none" : String.join(", ", new TreeSet<>(values.keySet()))));
            }
            text.append(new String(bytes, from, parameter.start - from, StandardCharsets.UTF_8));
            text.append(literal(parameter.name, value));
            from = parameter.start + parameter.length;
        }
        return text.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8))
                .toString();
    }

    private static String literal(String name, Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case Boolean bool -> bool ? "TRUE" : "FALSE";
            case Integer number -> "(" + number + ")";
            case Long number -> "(" + number + ")";
            case Double number when Double.isFinite(number) -> "CAST('" + number + "' AS DOUBLE)";
            case LocalDate date -> "DATE '" + date + "'";
            case Instant instant -> "make_timestamp(" + Math.multiplyExact(instant.toEpochMilli(), 1000L) + ")";
            default ->
                throw Problem.invalid(
                        "parameter " + name, value, "text, a finite number, true or false, a date or an instant");
        };
    }

    /** This text as an SQL string. */
    static String quoted(String text) {
        if (text.indexOf('\0') >= 0) {
            throw Problem.invalid("text", text, "text without a zero character");
        }
        return "'" + text.replace("'", "''") + "'";
    }

    /** This name as an SQL identifier. */
    static String identifier(String name) {
        if (name.indexOf('\0') >= 0) {
            throw Problem.invalid("name", name, "a name without a zero character");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private Problem problem(int place, String what) {
        if (place < 0 || place > bytes.length) {
            return Problem.of(Problem.Kind.INVALID, "SQL: " + what, Map.of());
        }
        String before = new String(bytes, 0, place, StandardCharsets.UTF_8);
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        String source = sql.lines().skip(line - 1L).findFirst().orElse("");
        return Problem.of(
                Problem.Kind.INVALID,
                "SQL:" + line + ":" + column + ": " + what + "\n  " + line + " | " + source + "\n  "
                        + " ".repeat(Integer.toString(line).length()) + " | " + " ".repeat(Math.max(0, column - 1))
                        + "^",
                Map.of("line", line, "column", column));
    }
}
