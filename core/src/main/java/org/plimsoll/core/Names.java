package org.plimsoll.core;

import java.util.Locale;
import java.util.regex.Pattern;

/** What all names of things have in common: they stand in addresses, file names and commands without any quoting. */
final class Names {

    private static final Pattern FORM = Pattern.compile("[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?");

    private Names() {}

    static void check(String kind, String name) {
        if (!FORM.matcher(name).matches() || name.contains("..")) {
            throw Problem.invalid(
                    kind,
                    name,
                    "1 to 100 lower-case letters, digits, '.', '_' or '-', beginning and ending with a letter or digit"
                            + suggestion(name));
        }
    }

    private static String suggestion(String name) {
        String likely = name.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        likely = likely.replaceAll("\\.{2,}", ".").replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
        return likely.isEmpty() || likely.length() > 100 ? "" : ", for example " + likely;
    }
}
