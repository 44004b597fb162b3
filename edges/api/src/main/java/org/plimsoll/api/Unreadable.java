package org.plimsoll.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in the caller's words why JSON was not what is needed: the field, the line and column, what would be right. */
final class Unreadable {

    private static final Pattern MISSING = Pattern.compile("Missing required creator property '([^']*)'");

    private Unreadable() {}

    static Problem problem(JacksonException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem spoken) { // a record's own constructor, or the limit on bytes
                return spoken;
            }
        }
        String field = field(e.getPath());
        Map<String, Object> facts = new LinkedHashMap<>();
        String said = said(e, field, facts);
        if (!field.isEmpty()) {
            facts.putIfAbsent("field", field);
        }
        TokenStreamLocation at = e.getLocation();
        if (at != null && at.getLineNr() > 0) {
            facts.put("line", at.getLineNr());
            facts.put("column", at.getColumnNr());
            said += " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        }
        return Problem.of(Problem.Kind.INVALID, said, facts);
    }

    private static String said(JacksonException e, String field, Map<String, Object> facts) {
        String message = Optional.ofNullable(e.getOriginalMessage()).orElse("");
        Matcher missing = MISSING.matcher(message);
        return switch (e) {
            case UnrecognizedPropertyException unknown -> {
                List<String> known = names(unknown.getKnownPropertyIds());
                facts.put("known", known);
                yield field + " is not a field here; known: " + String.join(", ", known);
            }
            case InvalidFormatException format ->
                field + " is " + quoted(format.getValue()) + "; expected " + expected(format.getTargetType());
            case MismatchedInputException m
            when missing.find() -> {
                String name = missing.group(1);
                String whole = field.isEmpty() || field.equals(name) || field.endsWith("." + name)
                        ? (field.isEmpty() ? name : field)
                        : field + "." + name;
                facts.put("field", whole);
                yield whole + " is missing";
            }
            case MismatchedInputException m when message.startsWith("Null value") -> field + " must not be null";
            case MismatchedInputException m ->
                (field.isEmpty() ? "the body" : field) + " is not " + expected(m.getTargetType());
            default ->
                message.startsWith("Duplicate")
                        ? "a field stands twice: " + firstLine(message)
                        : "the body is not JSON: " + firstLine(message);
        };
    }

    private static String field(List<JacksonException.Reference> path) {
        var text = new StringBuilder();
        for (JacksonException.Reference step : path) {
            if (step.getPropertyName() == null) {
                text.append('[').append(step.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return text.toString();
    }

    private static List<String> names(@Nullable Collection<Object> ids) {
        return ids == null
                ? List.of()
                : ids.stream().map(String::valueOf).sorted().toList();
    }

    private static String quoted(@Nullable Object value) {
        String text = String.valueOf(value);
        return '"' + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + '"';
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "what this field takes";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        List<Class<?>> whole = new ArrayList<>(List.of(int.class, long.class, Integer.class, Long.class));
        if (whole.contains(type)) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "text";
        }
        if (type == java.time.Instant.class) {
            return "an instant such as 2026-11-23T02:00:00Z";
        }
        if (type == java.time.Duration.class) {
            return "a duration such as PT12H";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return "an object with the fields of " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }
}
