package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.EventOperations.SearchEvents;
import org.plimsoll.core.Event;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "audit", description = "Shows what happened, newest first.", subcommands = AuditVerifyCommand.class)
final class AuditCommand extends RemoteCommand {

    @Option(names = "--type", paramLabel = "TYPE", description = "only this type; a noun and .* for all of a noun")
    Optional<String> type = Optional.empty();

    @Option(names = "--about", paramLabel = "KIND/NAME", description = "only what happened to this")
    Optional<String> about = Optional.empty();

    @Option(names = "--most", paramLabel = "N", description = "how many (default: 20)")
    int most = 20;

    @Override
    int run() {
        List<Event> events = operations()
                .perform(new SearchEvents(
                        type,
                        about,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(most)));
        var table = out().table("EVENT", "AT", "TYPE", "SUBJECT", "BY");
        for (Event event : events) {
            table.row(
                    event.position().map(String::valueOf).orElse(""),
                    event.at(),
                    event.type(),
                    event.subject(),
                    event.actor());
        }
        table.print();
        out().json(events);
        return Exit.DONE;
    }
}
