package org.plimsoll.server;

import java.time.Duration;
import java.util.List;
import org.plimsoll.core.Problem;

/**
 * Where the server listens, and how it ends.
 *
 * @param host the address to listen at; loopback unless said otherwise
 * @param port 0 takes any that is free
 * @param hosts names under which callers may reach it, besides localhost and bare addresses (against DNS rebinding)
 * @param drain how long requests under way may take when it ends
 * @param jobsAtOnce how many jobs run beside each other
 */
public record ServerConfig(String host, int port, List<String> hosts, Duration drain, int jobsAtOnce) {

    /** Loopback, port 8080. */
    public static final ServerConfig DEFAULT =
            new ServerConfig("127.0.0.1", 8080, List.of(), Duration.ofSeconds(10), 2);

    public ServerConfig {
        if (port < 0 || port > 65_535) {
            throw Problem.invalid("port", port, "0 to 65535");
        }
        if (jobsAtOnce < 1 || jobsAtOnce > 64) {
            throw Problem.invalid("jobs_at_once", jobsAtOnce, "1 to 64");
        }
        hosts = List.copyOf(hosts);
    }
}
