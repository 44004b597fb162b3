package org.plimsoll.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command takes. */
final class GlobalOptions {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "the home to work in (default: $PLIMSOLL_HOME, else the nearest .plimsoll upward)")
    Optional<Path> home = Optional.empty();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "a server elsewhere, instead of a home (default: $PLIMSOLL_SERVER)")
    Optional<URI> server = Optional.empty();

    @Option(names = "--json", description = "print one JSON document")
    boolean isJson;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask")
    boolean isSure;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say what this command does")
    boolean wantsHelp;
}
