package org.plimsoll.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.plimsoll.core.Ids;
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
    static synchronized void prepare(Path home) {
        if (System.getProperty(FOLDER) != null) {
            return;
        }
        String name = LibraryLoaderUtil.getNativeLibName();
        try (InputStream packed =
                SQLiteJDBCLoader.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            if (packed == null) {
                return; // a system for which the driver ships none: let it look for an installed one
            }
            Path folder = Files.createDirectories(home.resolve("native")
                    .resolve("sqlite-" + SQLiteJDBCLoader.getVersion())
                    .toAbsolutePath());
            Path library = folder.resolve(name);
            if (!Files.exists(library)) {
                Path incoming = folder.resolve(Ids.next());
                Files.copy(packed, incoming);
                Disk.force(incoming);
                Files.move(incoming, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            System.setProperty(FOLDER, folder.toString());
            System.setProperty(NAME, name);
        } catch (IOException e) {
            throw Storage.problem("unpack SQLite under " + home, e);
        }
    }
}
