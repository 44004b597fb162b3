package org.plimsoll.tracking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.Query;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.tracking.TrackingOperations.SearchRuns;

/**
 * Finds the ids of a page of runs. Ordered by a metric, runs that have it come first, straight from the index over values; runs
 * without it (or with NaN) follow, newest first. So a page of 100,000 runs costs no sort.
 */
final class RunSearch {

    private static final Pattern ORDER =
            Pattern.compile("\\s*metrics?\\.`?(?<key>[^`]+?)`?(?:\\s+(?<way>asc|desc))?\\s*", Pattern.CASE_INSENSITIVE);

    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    private RunSearch() {}

    static List<String> ids(Reading db, SearchRuns request, int most) {
        RunSearch search = new RunSearch();
        search.conditions.add("run.parent IS NULL");
        request.experiment().ifPresent(name -> {
            search.conditions.add("run.experiment = :experiment");
            search.values.put("experiment", name.value());
        });
        request.where().filter(text -> !text.isBlank()).ifPresent(text -> {
            for (RunFilter.Clause clause : RunFilter.parse(text).clauses()) {
                search.add(clause);
            }
        });
        return request.order().isEmpty()
                ? search.newest(db, request.after(), most)
                : search.ordered(db, request.order().get(), request.after(), most);
    }

    private void add(RunFilter.Clause clause) {
        String value = "value" + values.size();
        String key = "key" + values.size();
        String table = switch (clause.entity()) {
            case METRIC -> "metric_latest";
            case PARAMETER -> "run_parameter";
            case TAG -> "run_tag";
            case ATTRIBUTE -> "";
        };
        if (table.isEmpty()) {
            conditions.add(comparison("run." + clause.key(), clause.operator(), value));
        } else {
            conditions.add("EXISTS (SELECT 1 FROM " + table + " AS it WHERE it.run = run.id AND it.key = :" + key
                    + " AND " + comparison("it.value", clause.operator(), value) + ")");
            values.put(key, clause.key());
        }
        values.put(value, clause.value());
    }

    private static String comparison(String what, String operator, String value) {
        return switch (operator) {
            case "like", "ilike" ->
                "LOWER(" + what + ") LIKE LOWER(:" + value + ")"; // SQLite's LIKE ignores case anyway
            case "!=" -> what + " <> :" + value;
            default -> what + " " + operator + " :" + value;
        };
    }

    private List<String> newest(Reading db, Optional<String> after, int most) {
        after.ifPresent(last -> {
            conditions.add("run.id < :after");
            values.put("after", last);
        });
        return query(db, "SELECT run.id FROM run", "run.id DESC", most);
    }

    private List<String> ordered(Reading db, String order, Optional<String> after, int most) {
        Matcher matcher = ORDER.matcher(order);
        if (!matcher.matches()) {
            throw Problem.invalid("order", order, "a metric and asc or desc, such as metrics.auc desc");
        }
        String key = matcher.group("key");
        boolean descending = "desc".equals(String.valueOf(matcher.group("way")).toLowerCase(Locale.ROOT));
        Optional<Double> from = after.flatMap(last -> value(db, last, key));
        List<String> found = new ArrayList<>();
        values.put("order_key", key);
        if (after.isEmpty() || from.isPresent()) {
            found.addAll(withValue(db, from, after, descending, most));
        }
        if (found.size() < most) {
            found.addAll(withoutValue(db, from.isPresent() ? Optional.empty() : after, most - found.size()));
        }
        return found;
    }

    private List<String> withValue(
            Reading db, Optional<Double> from, Optional<String> after, boolean descending, int most) {
        RunSearch page = copy();
        page.conditions.add("run.id = best.run AND best.key = :order_key AND best.value IS NOT NULL");
        if (from.isPresent()) {
            String beyond = descending ? "<" : ">";
            page.conditions.add(
                    "(best.value " + beyond + " :from OR best.value = :from AND best.run " + beyond + " :after)");
            page.values.put("from", from.get());
            page.values.put("after", after.orElseThrow());
        }
        String way = descending ? " DESC" : "";
        // CROSS JOIN makes SQLite walk the index over values first; left to itself it reads and sorts every run of the
        // experiment
        return page.query(
                db,
                "SELECT run.id FROM metric_latest AS best CROSS JOIN run",
                "best.value" + way + ", best.run" + way,
                most);
    }

    private List<String> withoutValue(Reading db, Optional<String> after, int most) {
        RunSearch page = copy();
        page.conditions.add("""
                NOT EXISTS (SELECT 1 FROM metric_latest AS best
                    WHERE best.run = run.id AND best.key = :order_key AND best.value IS NOT NULL)""");
        return page.newest(db, after, most);
    }

    private static Optional<Double> value(Reading db, String run, String key) {
        return db.sql()
                .createQuery("SELECT value FROM metric_latest WHERE run = :run AND key = :key AND value IS NOT NULL")
                .bind("run", run)
                .bind("key", key)
                .mapTo(Double.class)
                .findOne();
    }

    private RunSearch copy() {
        RunSearch copy = new RunSearch();
        copy.conditions.addAll(conditions);
        copy.values.putAll(values);
        return copy;
    }

    private List<String> query(Reading db, String from, String order, int most) {
        Query query = db.sql()
                .createQuery(
                        from + " WHERE " + String.join(" AND ", conditions) + " ORDER BY " + order + " LIMIT :most");
        return query.bindMap(values).bind("most", most).mapTo(String.class).list();
    }
}
