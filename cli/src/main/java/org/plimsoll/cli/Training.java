package org.plimsoll.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Column;
import org.plimsoll.data.ColumnType;
import org.plimsoll.data.Columns;
import org.plimsoll.data.ColumnsBuilder;
import org.plimsoll.data.Query;
import org.plimsoll.data.Schema;
import org.plimsoll.server.Application;

/**
 * What the JVM watches to make its AOT caches, one for what serves and a smaller one for commands that ask a server or none. The launcher
 * runs it after a build; nobody else has a reason to.
 */
final class Training {

    private static final List<List<String>> USUAL = List.of(
            List.of("status"),
            List.of("user", "list"),
            List.of("data", "list"),
            List.of("runs"),
            List.of("model", "list"),
            List.of("endpoint", "list"),
            List.of("candidate", "list"),
            List.of("policy", "list"),
            List.of("report"),
            List.of("audit", "--json"));

    /** Enough for columns to be compared as long ones are. */
    private static final int COMPARED_ROWS = 10_000;

    private Training() {}

    /**
     * @param arguments {@code serve} or {@code ask}, and the home: founded by the one, served by another process for the other; or
     *     {@code modern}, a jar, and where it is written anew
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("modern")) {
            Modernized.write(Path.of(arguments[1]), Path.of(arguments[2]));
            return;
        }
        Plimsoll.prepare();
        Path home = Path.of(arguments[1]).toAbsolutePath();
        PrintStream shown = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        switch (arguments[0]) {
            case "serve" -> {
                for (int round = 0;
                        round < 2;
                        round++) { // the second opens an existing home, as almost every start does
                    serve(home);
                }
            }
            case "ask" -> {
                ask(home);
                drift(home);
            }
            default -> throw Problem.invalid("training", arguments[0], "serve, ask or modern");
        }
        System.setOut(shown);
        System.exit(Exit.DONE); // the JVM writes the cache now
    }

    private static void serve(Path path) throws IOException {
        try (Home home = new Home(Home.create(path))) {
            Application application = home.serve(Map.of("server.port", "0"));
            for (String address : new String[] {"/health/ready", "/metrics", "/"}) {
                try (var in = URI.create(application.address())
                        .resolve(address)
                        .toURL()
                        .openStream()) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
            ask(path);
        }
        Plimsoll.run("status", "--home", path.toString()); // a command that starts a server in itself
    }

    /** Two tables of numbers and words, written and compared. */
    private static void drift(Path home) {
        Schema schema = new Schema(
                List.of(Column.required("number", ColumnType.NUMBER), Column.required("word", ColumnType.TEXT)));
        Query query = Query.standard(home.resolve("tmp"));
        for (String table : List.of("before", "now")) {
            ColumnsBuilder rows = Columns.builder(schema, COMPARED_ROWS);
            for (int row = 0; row < COMPARED_ROWS; row++) {
                rows.number(0, Math.sin(row))
                        .text(1, row % 3 == 0 ? table : "both")
                        .endRow();
            }
            query.write(rows.build(), home.resolve(table + ".parquet"));
        }
        String before = home.resolve("before.parquet").toString();
        String now = home.resolve("now.parquet").toString();
        Plimsoll.run("drift", before, now);
        Plimsoll.run("drift", before, now, "--json");
    }

    private static void ask(Path home) {
        for (List<String> command : USUAL) {
            String[] line = new String[command.size() + 2];
            command.toArray(line);
            line[command.size()] = "--home";
            line[command.size() + 1] = home.toString();
            Plimsoll.run(line);
        }
        Plimsoll.run("--help");
        Plimsoll.run("--version");
    }
}
