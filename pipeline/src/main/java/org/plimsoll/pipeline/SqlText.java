package org.plimsoll.pipeline;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which parameters an SQL statement uses. */
final class SqlText {

    /** What may hold a {@code $} that is no parameter, then a parameter; the first that matches wins. */
    private static final Pattern TOKEN = Pattern.compile("""
            '(?:[^']|'')*'\
            |"(?:[^"]|"")*"\
            |--[^\\n]*\
            |/\\*.*?\\*/\
            |\\$(?<tag>[a-zA-Z_]*)\\$.*?\\$\\k<tag>\\$\
            |[a-zA-Z0-9_]\\$\
            |\\$(?<name>[a-zA-Z_][a-zA-Z0-9_]*)""", Pattern.DOTALL);

    private SqlText() {}

    /** The names after {@code $}, outside strings, quoted names, comments and dollar quotes. */
    static Set<String> parameters(String sql) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = TOKEN.matcher(sql);
        while (matcher.find()) {
            if (matcher.group("name") != null) {
                names.add(matcher.group("name"));
            }
        }
        return names;
    }
}
