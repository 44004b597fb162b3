package org.plimsoll.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.plimsoll.core.Problem;

/**
 * Something an operation touches and a grant can be given on, written {@code model/late-arrival}.
 *
 * <p>Resources form a tree with {@link #ORGANISATION} at its root: a grant holds for its resource and everything below it.
 *
 * @param kind a noun of the house, such as {@code model}
 * @param name its name or id; never contains {@code /}
 */
public record Resource(String kind, String name) implements Comparable<Resource> {

    private static final Pattern KIND = Pattern.compile("[a-z][a-z-]{0,39}");
    private static final Pattern NAME = Pattern.compile("[\\p{Alnum}@._:-]{1,120}");

    /** The root of all resources: a grant here holds everywhere. */
    public static final Resource ORGANISATION = new Resource("organisation", "plimsoll");

    public Resource {
        if (!KIND.matcher(kind).matches()) {
            throw Problem.invalid("resource", kind, "a kind in lower-case letters, such as model");
        }
        if (!NAME.matcher(name).matches() || name.contains("..")) {
            throw Problem.invalid(kind, name, "1 to 120 letters, digits, '.', '_', '-', ':' or '@'");
        }
    }

    /** The resource of this kind with this name. */
    public static Resource of(String kind, Object name) {
        return new Resource(kind, name.toString());
    }

    /** Reads {@code kind/name}. */
    @JsonCreator
    public static Resource parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw Problem.invalid("resource", text, "a kind, / and a name, such as model/late-arrival");
        }
        return new Resource(text.substring(0, slash), text.substring(slash + 1));
    }

    public static Resource dataset(Object name) {
        return of("dataset", name);
    }

    public static Resource experiment(Object name) {
        return of("experiment", name);
    }

    public static Resource run(Object id) {
        return of("run", id);
    }

    public static Resource model(Object name) {
        return of("model", name);
    }

    public static Resource environment(Object name) {
        return of("environment", name);
    }

    public static Resource endpoint(Object name) {
        return of("endpoint", name);
    }

    public static Resource policy(Object name) {
        return of("policy", name);
    }

    public static Resource principal(String id) {
        return of("principal", id);
    }

    @Override
    public int compareTo(Resource other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @JsonValue
    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
