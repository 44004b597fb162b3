package org.plimsoll.server;

import java.util.Optional;
import org.plimsoll.core.Problem;

/**
 * Where metadata is kept.
 *
 * @param url {@code jdbc:postgresql://…} for a team's database; absent: SQLite in the home. A password in it comes as a
 *     reference ({@code env:} or {@code file:}) to the whole address
 */
public record StoreConfig(Optional<String> url) {

    /** SQLite in the home. */
    public static final StoreConfig DEFAULT = new StoreConfig(Optional.empty());

    public StoreConfig {
        url.ifPresent(it -> {
            if (!it.startsWith("jdbc:postgresql://")) {
                throw Problem.invalid("url", "another address", "jdbc:postgresql://HOST/DATABASE");
            }
        });
    }
}
