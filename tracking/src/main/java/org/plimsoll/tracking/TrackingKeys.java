package org.plimsoll.tracking;

import java.util.regex.Pattern;
import org.plimsoll.core.Problem;

/** What keys of metrics, parameters and tags, and paths of artifacts, may look like; the limits are MLflow's. */
final class TrackingKeys {

    static final int LONGEST_KEY = 250;
    static final int LONGEST_PARAMETER = 6_000;
    static final int LONGEST_TAG = 8_000;
    static final int LONGEST_PATH = 500;

    private static final Pattern FORM = Pattern.compile("[/\\w.\\- :@%=]+");

    private TrackingKeys() {}

    static void check(String kind, String key) {
        if (key.length() > LONGEST_KEY || !FORM.matcher(key).matches() || leavesItsPlace(key)) {
            throw Problem.invalid(
                    kind,
                    key.length() > LONGEST_KEY ? key.substring(0, 40) + "…" : key,
                    "a key of 1 to " + LONGEST_KEY
                            + " letters, digits, spaces or / _ - . : @ % =, without a part . or ..");
        }
    }

    static void checkValue(String kind, String key, String value, int longest) {
        check(kind, key);
        if (value.length() > longest) {
            throw Problem.invalid(
                    kind + " " + key,
                    value.length() + " characters long",
                    "at most " + longest + "; keep it as an artifact");
        }
    }

    /** An artifact's path inside its run: relative, with {@code /}, never leading out. */
    static void checkPath(String path) {
        if (path.isEmpty()
                || path.length() > LONGEST_PATH
                || leavesItsPlace(path)
                || path.indexOf('\\') >= 0
                || path.chars().anyMatch(Character::isISOControl)) {
            throw Problem.invalid(
                    "path", path, "a relative path of at most " + LONGEST_PATH + " characters, such as plots/roc.svg");
        }
    }

    private static boolean leavesItsPlace(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return true;
            }
        }
        return false;
    }
}
