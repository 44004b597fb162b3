package org.plimsoll.tracking;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;

/**
 * One input or output of a step: a name in the pipeline and the bytes it had.
 *
 * @param name as the pipeline calls it, such as {@code features.rows} for an input or {@code rows} for an output
 * @param digest of the file, or of the folder's manifest; a snapshot's manifest where a dataset is read
 */
public record Port(String name, Digest digest, Form form) {

    /** The name of the input that holds what a person wrote: the SQL file, or the folder of code. */
    public static final String CODE = "code";

    /** How the bytes are kept. */
    public enum Form {
        /** One blob. */
        FILE,
        /** A manifest blob that lists the folder's files, each a blob. */
        FOLDER,
        /** A manifest blob of a dataset's snapshot. */
        SNAPSHOT
    }

    public Port {
        TrackingKeys.check("port", name);
    }

    static void refuseDoubles(String field, List<Port> ports) {
        Set<String> names = new HashSet<>();
        for (Port port : ports) {
            if (!names.add(port.name)) {
                throw Problem.invalid(field, port.name + " twice", "names that differ");
            }
        }
    }
}
