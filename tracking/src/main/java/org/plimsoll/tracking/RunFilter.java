package org.plimsoll.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;

/**
 * Which runs a search picks, in MLflow's filter language: comparisons joined by {@code and}.
 *
 * <pre>
 *  metrics.auc &gt; 0.7 and params.max_depth = '6' and tags.`git commit` like 'a1%' and status = 'FINISHED'
 *  metrics    = != &gt; &gt;= &lt; &lt;=     a number; counts closed runs' metrics; a run without the metric is never picked
 *  params, tags, attributes    = != like ilike     a text in quotes; % stands for anything, like ignores case
 *  attributes (also without the word): name, status, purpose, started_by, id
 * </pre>
 *
 * @param clauses all must hold
 */
record RunFilter(List<Clause> clauses) {

    private static final int LONGEST = 10_000;

    private static final Pattern CLAUSE = Pattern.compile("""
            \\s*(?:(?<entity>[a-zA-Z]+)\\s*\\.\\s*)?\
            (?:`(?<ticked>[^`]+)`|"(?<quoted>[^"]+)"|(?<bare>[\\w./%@:=-]+?))\
            \\s*(?<operator><=|>=|!=|=|<|>|\\bi?like\\b)\
            \\s*(?:'(?<text>[^']*)'|"(?<text2>[^"]*)"|(?<number>[-+]?[0-9.]+(?:e[-+]?[0-9]+)?))\\s*""", Pattern.CASE_INSENSITIVE);

    private static final Map<String, String> ATTRIBUTES = Map.of(
            "name", "name",
            "run_name", "name",
            "status", "status",
            "purpose", "purpose",
            "started_by", "started_by",
            "user_id", "started_by",
            "id", "id",
            "run_id", "id");

    /** What a clause looks at. */
    enum Entity {
        METRIC,
        PARAMETER,
        TAG,
        ATTRIBUTE
    }

    /** One comparison; {@code operator} is one of the fixed set above, {@code key} of an attribute a column of ours. */
    record Clause(Entity entity, String key, String operator, Object value) {}

    static RunFilter parse(String text) {
        if (text.length() > LONGEST) {
            throw Problem.invalid("where", text.length() + " characters", "at most " + LONGEST);
        }
        List<Clause> clauses = new ArrayList<>();
        Matcher matcher = CLAUSE.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw notAFilter(text, at, "a comparison such as metrics.auc > 0.7 or params.max_depth = '6'");
            }
            clauses.add(clause(matcher, text));
            at = matcher.end();
            if (at < text.length()) {
                boolean and = text.regionMatches(true, at, "and", 0, 3)
                        && at + 3 < text.length()
                        && Character.isWhitespace(text.charAt(at + 3));
                if (!and) {
                    throw notAFilter(text, at, "`and`, or the end");
                }
                at += 3;
            }
        }
        return new RunFilter(List.copyOf(clauses));
    }

    private static Clause clause(Matcher matcher, String text) {
        Entity entity = entity(matcher.group("entity"), text, matcher.start());
        String key = first(matcher.group("ticked"), matcher.group("quoted"), matcher.group("bare"));
        String operator = matcher.group("operator").toLowerCase(Locale.ROOT);
        boolean isText = matcher.group("number") == null;
        if (entity == Entity.ATTRIBUTE) {
            String column = ATTRIBUTES.get(key.toLowerCase(Locale.ROOT));
            if (column == null) {
                throw notAFilter(
                        text,
                        matcher.start(),
                        "metrics.KEY, params.KEY, tags.KEY, name, status, purpose, " + "started_by or id instead of "
                                + key);
            }
            key = column;
        }
        boolean fits = entity == Entity.METRIC
                ? !isText && !operator.endsWith("like")
                : isText && !operator.startsWith("<") && !operator.startsWith(">");
        if (!fits) {
            throw notAFilter(
                    text,
                    matcher.start("operator"),
                    entity == Entity.METRIC
                            ? "= != > >= < or <= and a number for a metric"
                            : "= != like or ilike and a text in quotes for " + key);
        }
        return new Clause(entity, key, operator, isText ? textOf(matcher) : number(matcher.group("number"), text));
    }

    private static Entity entity(@Nullable String word, String text, int at) {
        if (word == null) {
            return Entity.ATTRIBUTE;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "metric", "metrics" -> Entity.METRIC;
            case "param", "params", "parameter", "parameters" -> Entity.PARAMETER;
            case "tag", "tags" -> Entity.TAG;
            case "attribute", "attributes", "attr", "run" -> Entity.ATTRIBUTE;
            default -> throw notAFilter(text, at, "metrics, params, tags or attributes instead of " + word);
        };
    }

    private static String textOf(Matcher matcher) {
        return first(matcher.group("text"), matcher.group("text2"));
    }

    private static String first(@Nullable String... choices) {
        for (String choice : choices) {
            if (choice != null) {
                return choice;
            }
        }
        throw new IllegalStateException("the pattern has one of them");
    }

    private static double number(String number, String text) {
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw notAFilter(text, text.indexOf(number), "a number instead of " + number);
        }
    }

    private static Problem notAFilter(String text, int at, String expected) {
        return Problem.of(
                Problem.Kind.INVALID,
                "where, character " + (at + 1) + ": expected " + expected + "\n  " + text + "\n  " + " ".repeat(at)
                        + "^",
                Map.of("field", "where", "column", at + 1));
    }
}
