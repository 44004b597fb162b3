package org.plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.core.EndpointName;
import org.plimsoll.monitoring.Crossing;
import org.plimsoll.monitoring.Incident;
import org.plimsoll.monitoring.IncidentOperations.AcknowledgeIncident;
import org.plimsoll.monitoring.IncidentOperations.AnnotateIncident;
import org.plimsoll.monitoring.IncidentOperations.CloseIncident;
import org.plimsoll.monitoring.IncidentOperations.IncidentList;
import org.plimsoll.monitoring.IncidentOperations.IncidentView;
import org.plimsoll.monitoring.IncidentOperations.ListIncidents;
import org.plimsoll.monitoring.IncidentOperations.ShowIncident;
import org.plimsoll.monitoring.Suspect;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "incidents",
        description = "What crossed its threshold and is looked into; without a further word, lists what is open.",
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            IncidentsCommand.ListThem.class,
            IncidentsCommand.Show.class,
            IncidentsCommand.Acknowledge.class,
            IncidentsCommand.Annotate.class,
            IncidentsCommand.Close.class
        })
final class IncidentsCommand extends RemoteCommand {

    @Override
    int run() {
        return list(this, Optional.empty(), true);
    }

    private static int list(RemoteCommand command, Optional<EndpointName> endpoint, boolean onlyOpen) {
        IncidentList found = command.operations()
                .perform(new ListIncidents(endpoint, onlyOpen ? Optional.of(true) : Optional.empty()));
        Output out = command.out();
        if (found.incidents().isEmpty() && onlyOpen) {
            out.say("No incident is open.");
            out.next("plimsoll incidents list");
        } else {
            var table = out.table("INCIDENT", "ENDPOINT", "CAUSE", "SINCE", "WINDOWS", "AFFECTED", "STATE", "PAGED");
            for (Incident incident : found.incidents()) {
                table.row(
                        incident.number(),
                        incident.endpoint(),
                        incident.cause().word(),
                        incident.since(),
                        incident.days().size(),
                        share(incident.share()),
                        incident.state().word(),
                        names(found.names(), incident.paged()));
            }
            table.print();
            found.incidents().stream()
                    .filter(it -> !it.isOver())
                    .findFirst()
                    .ifPresent(it -> out.next("plimsoll incidents show " + it.number()));
        }
        out.json(found);
        return Exit.DONE;
    }

    @Command(name = "list", description = "Lists incidents, the newest first.")
    static final class ListThem extends RemoteCommand {
        @Option(names = "--endpoint", paramLabel = "ENDPOINT")
        Optional<EndpointName> endpoint = Optional.empty();

        @Option(names = "--open", description = "only those that are not closed")
        boolean isOpen;

        @Override
        int run() {
            return list(this, endpoint, isOpen);
        }
    }

    /** One incident is its subject. */
    private abstract static class OfOne extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "INCIDENT", description = "its number")
        long number;

        int answer(String first, IncidentView view) {
            out().say(first);
            out().json(view);
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Shows what crossed, since when, what to suspect, and who does what.")
    static final class Show extends OfOne {
        @Override
        int run() {
            IncidentView view = operations().perform(new ShowIncident(number));
            lines(view).forEach(out()::say);
            switch (view.incident().state()) {
                case OPEN -> out().next("plimsoll incidents acknowledge " + number);
                case ACKNOWLEDGED -> out().next("plimsoll incidents close " + number + " --reason …");
                case CLOSED -> {}
            }
            out().json(view);
            return Exit.DONE;
        }
    }

    @Command(name = "acknowledge", description = "Says that you look at it; nobody else is paged then.")
    static final class Acknowledge extends OfOne {
        @Option(names = "--note", paramLabel = "TEXT", description = "what you know so far")
        Optional<String> note = Optional.empty();

        @Override
        int run() {
            IncidentView view = operations().perform(new AcknowledgeIncident(number, note));
            answer("You look at incident " + number + "; nobody else is paged.", view);
            out().next("plimsoll incidents show " + number);
            return Exit.DONE;
        }
    }

    @Command(name = "annotate", description = "Writes down what was found.")
    static final class Annotate extends OfOne {
        @Parameters(index = "1", paramLabel = "NOTE")
        String note = "";

        @Override
        int run() {
            return answer("Noted.", operations().perform(new AnnotateIncident(number, note)));
        }
    }

    @Command(name = "close", description = "Ends it, and says what it was.")
    static final class Close extends OfOne {
        @Option(names = "--reason", paramLabel = "TEXT", required = true)
        String reason = "";

        @Override
        int run() {
            return answer(
                    "Incident " + number + " is closed.", operations().perform(new CloseIncident(number, reason)));
        }
    }

    /** An incident as people read it. */
    static List<String> lines(IncidentView view) {
        Incident incident = view.incident();
        Map<String, String> names = view.names();
        List<String> lines = new ArrayList<>();
        lines.add("Incident " + incident.number() + "   " + incident.endpoint() + ", "
                + incident.cause().word() + "   " + incident.state().word());
        lines.add("  since     " + incident.since() + ", " + incident.days().size()
                + (incident.days().size() == 1 ? " window" : " windows")
                + incident.recovered().map(day -> "; not any more since " + day).orElse(""));
        lines.add("  affected  " + share(incident.share()) + " of predictions");
        incident.version().ifPresent(version -> lines.add("  version   " + version));
        for (Crossing crossing : incident.crossings()) {
            lines.add("  " + (crossing.isAlarm() ? "ALARM     " : "warning   ") + crossing.text());
        }
        for (Suspect suspect : incident.suspects()) {
            lines.add("  suspect   " + suspect.text());
        }
        lines.add("  opened    " + Workshop.when(incident.openedAt())
                + (incident.paged().isEmpty() ? "" : "; paged: " + names(names, incident.paged()))
                + incident.answerBy()
                        .map(by -> "; the next one at " + Workshop.when(by))
                        .orElse(""));
        incident.acknowledged().ifPresent(act -> lines.add("  looks     " + act(names, act)));
        incident.notes().forEach(act -> lines.add("  note      " + act(names, act)));
        incident.closed().ifPresent(act -> lines.add("  closed    " + act(names, act)));
        incident.retraining()
                .ifPresent(
                        order -> lines.add("  started   retraining " + order + ": plimsoll retrain --show " + order));
        return lines;
    }

    private static String act(Map<String, String> names, Incident.Act act) {
        return People.name(names, act.by()) + ", " + Workshop.when(act.at())
                + (act.text().isEmpty() ? "" : ": " + act.text());
    }

    private static String names(Map<String, String> names, List<String> people) {
        return String.join(
                ", ", people.stream().map(id -> People.name(names, id)).toList());
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
