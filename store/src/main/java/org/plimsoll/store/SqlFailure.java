package org.plimsoll.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Problem;

/** What kind of failure a database reported. */
record SqlFailure(Kind kind, SQLException cause) {

    enum Kind {
        /** SQL that the database refuses: a constraint, a type, a mistake. */
        STATEMENT,
        /** No room on the disk. */
        FULL,
        /** The file or its disk fails; nothing more may be written to it. */
        DEVICE,
        /** Another process holds the file. */
        LOCKED,
        /** Could not be serialised with others: run it again. */
        CONTENTION,
        /** The server went away. */
        CONNECTION
    }

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_READONLY = 8;
    private static final int SQLITE_IOERR = 10;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_CANTOPEN = 14;
    private static final int SQLITE_NOTADB = 26;

    /** The database's failure in this exception or its causes. */
    static Optional<SqlFailure> of(@Nullable Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return Optional.of(new SqlFailure(kind(sql), sql));
            }
        }
        return Optional.empty();
    }

    private static Kind kind(SQLException sql) {
        if (sql.getClass().getName().startsWith("org.sqlite.")) {
            return switch (sql.getErrorCode()) {
                case SQLITE_FULL -> Kind.FULL;
                case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_READONLY -> Kind.DEVICE;
                case SQLITE_BUSY, SQLITE_LOCKED -> Kind.LOCKED;
                default -> Kind.STATEMENT;
            };
        }
        String state = sql.getSQLState();
        if (state
                == null) { // PostgreSQL always names one; the pool does not, once it has closed a connection that broke
            return Kind.CONNECTION;
        }
        return switch (state) {
            case "40001", "40P01" -> Kind.CONTENTION;
            case "53100" -> Kind.FULL;
            case "57P01", "57P02", "57P03" -> Kind.CONNECTION;
            default -> state.startsWith("08") ? Kind.CONNECTION : Kind.STATEMENT;
        };
    }

    RuntimeException problem() {
        return switch (kind) {
            case FULL -> Problem.of(Problem.Kind.STORAGE_FULL, "the database's disk is full; nothing was written");
            case LOCKED -> Problem.of(Problem.Kind.BUSY, "another process holds the database's file; try again");
            case CONTENTION -> Problem.of(Problem.Kind.BUSY, "too many writes of the same things at once; try again");
            case CONNECTION ->
                Problem.of(
                        Problem.Kind.BUSY,
                        "the database server does not answer (" + cause.getMessage() + "); try again");
            case DEVICE -> Problem.internal("the database's file cannot be used: " + cause.getMessage(), cause);
            case STATEMENT -> new IllegalStateException("SQL was refused: " + cause.getMessage(), cause);
        };
    }
}
