package org.plimsoll.reports;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.plimsoll.core.Problem;

/**
 * Where a secret is to be found: {@code env:NAME} or {@code file:PATH}. The secret itself stands in no configuration and in no
 * record; it is looked up each time it is needed, so that a changed one counts without a restart.
 */
public record SecretReference(String place) {

    private static final String ENVIRONMENT = "env:";
    private static final String FILE = "file:";

    @JsonCreator
    public SecretReference {
        if (!place.startsWith(ENVIRONMENT) && !place.startsWith(FILE)) {
            throw Problem.invalid(
                    "secret", "a text that is not a reference", "env:NAME or file:PATH; secrets do not stand in files");
        }
    }

    /** The secret. @throws Problem INVALID where it is not there */
    public String resolve(Map<String, String> environment) {
        if (place.startsWith(ENVIRONMENT)) {
            String value = environment.get(place.substring(ENVIRONMENT.length()));
            if (value == null) {
                throw Problem.invalid("secret", place, "a variable that is set in the server's environment");
            }
            return value;
        }
        try {
            return Files.readString(Path.of(place.substring(FILE.length()))).strip();
        } catch (IOException e) {
            throw Problem.invalid("secret", place, "a file that the server can read");
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return place;
    }
}
