package org.plimsoll.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * Brings the tables up to date: every room's {@code db/migration/V<yyyymmddhhmm>__<room>_<what>.sql} on the class path.
 *
 * <p>Reading the scripts and comparing one digest costs some milliseconds; Flyway, which costs a tenth of a second and more, runs
 * only when they are not the scripts last applied.
 */
final class Migrations {

    private static final String FOLDER = "db/migration";

    private final SortedMap<String, String> scripts;
    private final String digest;

    private Migrations(SortedMap<String, String> scripts) {
        this.scripts = scripts;
        this.digest = digestOf(scripts);
    }

    /** Every script on the class path. */
    static Migrations onClassPath() {
        SortedMap<String, String> scripts = new TreeMap<>();
        try {
            ClassLoader loader = Migrations.class.getClassLoader();
            for (URL folder : Collections.list(loader.getResources(FOLDER))) {
                scriptsIn(folder).forEach((name, text) -> {
                    String other = scripts.putIfAbsent(name, text);
                    if (other != null && !other.equals(text)) {
                        throw new IllegalStateException("two different migrations are called " + name);
                    }
                });
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the migrations on the class path cannot be read", e);
        }
        return new Migrations(scripts);
    }

    private static Map<String, String> scriptsIn(URL folder) throws IOException, URISyntaxException {
        Map<String, String> scripts = new TreeMap<>();
        if (folder.getProtocol().equals("file")) {
            try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    scripts.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        } else {
            URLConnection connection = folder.openConnection();
            JarFile jar = ((JarURLConnection) connection).getJarFile();
            for (var entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(FOLDER + "/") && entry.getName().endsWith(".sql")) {
                    try (InputStream script = jar.getInputStream(entry)) {
                        scripts.put(
                                entry.getName().substring(FOLDER.length() + 1),
                                new String(script.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return scripts;
    }

    private static String digestOf(SortedMap<String, String> scripts) {
        MessageDigest sha256 = Digest.sha256();
        scripts.forEach((name, text) -> {
            for (String part : List.of(name, text)) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
                sha256.update(bytes);
            }
        });
        return Digest.of(sha256).value();
    }

    /** Whether the database has these tables already; the connection is in autocommit mode. */
    boolean areApplied(Connection connection) {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT digest FROM schema_applied")) {
            return rows.next() && rows.getString(1).equals(digest);
        } catch (SQLException noTableYet) {
            return false;
        }
    }

    /**
     * Runs what has not run yet, and remembers the digest.
     *
     * @param url JDBC, with user and password where needed
     * @param connection to the same database, in autocommit mode
     * @throws Problem CONFLICT where a newer Plimsoll has migrated the database, or a script changed after it ran
     */
    void apply(String url, Connection connection) {
        Logger quieter = Logger.getLogger("org.flywaydb");
        quieter.setLevel(Level.WARNING);
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(url, null, null)
                    .resourceProvider(new Scripts())
                    .loggers("slf4j")
                    .outOfOrder(true)
                    .ignoreMigrationPatterns(new String[0])
                    .skipDefaultCallbacks(true)
                    .load()
                    .migrate();
            try (var statement = connection.prepareStatement("""
                    INSERT INTO schema_applied (one, digest) VALUES (1, ?)
                    ON CONFLICT (one) DO UPDATE SET digest = excluded.digest""")) {
                statement.setString(1, digest);
                statement.executeUpdate();
            }
        } catch (FlywayException e) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "the database's tables do not fit this Plimsoll; a newer one may have changed them, use that one ("
                            + briefly(e) + ")");
        } catch (SQLException e) {
            throw Scope.thrown(e);
        }
    }

    /** What differs, without advice for users of Flyway. */
    private static String briefly(FlywayException e) {
        return String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
    }

    /** Hands Flyway exactly the scripts whose digest was taken, and spares it its own search of the class path. */
    private final class Scripts implements ResourceProvider {
        @Override
        public @Nullable LoadableResource getResource(String name) {
            String text = scripts.get(name.substring(name.lastIndexOf('/') + 1));
            return text == null ? null : new Script(name.substring(name.lastIndexOf('/') + 1), text);
        }

        @Override
        public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
            return scripts.entrySet().stream()
                    .filter(script -> script.getKey().startsWith(prefix)
                            && Stream.of(suffixes).anyMatch(script.getKey()::endsWith))
                    .<LoadableResource>map(script -> new Script(script.getKey(), script.getValue()))
                    .toList();
        }
    }

    private static final class Script extends LoadableResource {
        private final String name;
        private final String text;

        Script(String name, String text) {
            this.name = name;
            this.text = text;
        }

        @Override
        public Reader read() {
            return new StringReader(text);
        }

        @Override
        public String getAbsolutePath() {
            return FOLDER + "/" + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return getAbsolutePath();
        }
    }
}
