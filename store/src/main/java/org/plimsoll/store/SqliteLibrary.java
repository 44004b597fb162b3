package org.plimsoll.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked once beside the database. Left alone, the driver unpacks it into the temporary folder at every
 * start, and a killed process leaves a megabyte there.
 */
final class SqliteLibrary {

    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private SqliteLibrary() {}

    /** Unpacks the library under {@code home} unless it is there, and tells the driver. The first home of a process counts. */
    static void prepare(Path home) {
        prepare(home, true);
    }

    /** Tells the driver of the library under {@code home} where it is there; else the driver unpacks its own, elsewhere. */
    static void find(Path home) {
        prepare(home, false);
    }

    private static synchronized void prepare(Path home, boolean mayUnpack) {
        if (System.getProperty(FOLDER) != null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        String system = "sqlite-%s-%s-%s"
                .formatted(SQLiteJDBCLoader.getVersion(), System.getProperty("os.name"), System.getProperty("os.arch"));
        Path library = home.resolve("native")
                .resolve(system.replace(' ', '-'))
                .resolve(name)
                .toAbsolutePath();
        if (!Files.exists(library) && !(mayUnpack && unpack(library))) {
            return;
        }
        System.setProperty(
                FOLDER, String.valueOf(library.getParent())); // where it does not load, the driver unpacks its own
        System.setProperty(NAME, name);
    }

    /** @return false on a system for which the driver ships no library: it then looks for an installed one */
    private static boolean unpack(Path library) {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library.getFileName();
        try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (packed == null) {
                return false;
            }
            Disk.replace(library, packed.readAllBytes());
            return true;
        } catch (IOException e) {
            throw Storage.problem("unpack SQLite to " + library, e);
        }
    }
}
