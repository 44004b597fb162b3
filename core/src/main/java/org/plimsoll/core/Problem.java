package org.plimsoll.core;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, for the person who reads it: what, where, why, and what would be right.
 *
 * <p>One family for the whole house. It becomes problem+json (RFC 9457) over HTTP and a line on the command line, each in one
 * place, and is made again from problem+json by the client, so that a caller cannot tell here from there.
 */
public final class Problem extends RuntimeException {

    /** What sort of thing went wrong. */
    public enum Kind {
        /** The request itself is wrong: a field, a shape, a name. */
        INVALID(400),
        /** No credential, or one that does not hold. */
        UNAUTHENTICATED(401),
        /** The caller is known and may not. */
        DENIED(403),
        /** There is no such thing. */
        NOT_FOUND(404),
        /** The method is not one of this address. */
        NOT_ALLOWED(405),
        /** The state does not allow it now, or somebody else was faster. */
        CONFLICT(409),
        /** A rule of the house refuses: a gate, a duty, a freeze. */
        REFUSED(409),
        /** A lease ended meanwhile; this result is dropped. */
        FENCED(409),
        /** More bytes than are taken here. */
        TOO_LARGE(413),
        /** A defect of the product. */
        INTERNAL(500),
        /** Try again later: too much is waiting, or something is starting or stopping. */
        BUSY(503),
        /** The server does not answer. */
        UNREACHABLE(503),
        /** No room on the disk; nothing was written. */
        STORAGE_FULL(507);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The HTTP status that says this. */
        public int status() {
            return status;
        }

        /** The kind in an address: {@code not-found}. */
        public String slug() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Kind kind;
    private final transient Map<String, Object> facts;

    private Problem(Kind kind, String detail, Map<String, Object> facts, @Nullable Throwable cause) {
        super(detail, cause, false, kind == Kind.INTERNAL); // expected problems need no stack trace
        this.kind = kind;
        this.facts = Map.copyOf(facts);
    }

    /** A problem that one sentence explains. */
    public static Problem of(Kind kind, String detail) {
        return new Problem(kind, detail, Map.of(), null);
    }

    /** A problem with facts that programs read: field, file, line, column, needed roles. */
    public static Problem of(Kind kind, String detail, Map<String, Object> facts) {
        return new Problem(kind, detail, facts, null);
    }

    /** A value that is not what is needed there. */
    public static Problem invalid(String field, Object given, String expected) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("field", field);
        facts.put("given", String.valueOf(given));
        facts.put("expected", expected);
        return new Problem(Kind.INVALID, field + " is " + given + "; expected " + expected, facts, null);
    }

    /** There is no such thing. */
    public static Problem notFound(String kind, Object name) {
        return new Problem(
                Kind.NOT_FOUND,
                "there is no " + kind + " " + name,
                Map.of("kind", kind, "name", name.toString()),
                null);
    }

    /** A rule of the house refuses. */
    public static Problem refused(String detail) {
        return of(Kind.REFUSED, detail);
    }

    /** A defect of the product, or of what it stands on; the cause goes to the log, never to the caller. */
    public static Problem internal(String detail, Throwable cause) {
        return new Problem(Kind.INTERNAL, detail, Map.of(), cause);
    }

    public Kind kind() {
        return kind;
    }

    /** What programs may want to read; never a secret. */
    public Map<String, Object> facts() {
        return facts;
    }

    /** The sentence for people. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
