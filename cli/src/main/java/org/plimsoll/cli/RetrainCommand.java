package org.plimsoll.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.monitoring.Retraining;
import org.plimsoll.monitoring.RetrainingOperations.ListRetrainings;
import org.plimsoll.monitoring.RetrainingOperations.Retrain;
import org.plimsoll.monitoring.RetrainingOperations.ShowRetraining;
import org.plimsoll.serving.EndpointView;
import org.plimsoll.serving.ServingOperations.ListEndpoints;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retrain",
        description = {
            "Makes what serves anew: the champion's own pipeline on fresh data, by the plan on its card, held against the same"
                    + " gates. What comes of it is a candidate, for people to approve.",
            "Without ENDPOINT, lists retrainings."
        })
final class RetrainCommand extends RemoteCommand {

    private static final Duration LOOK = Duration.ofMillis(250);

    @Parameters(
            paramLabel = "ENDPOINT|MODEL",
            arity = "0..1",
            description = "an endpoint, or a model that serves on one")
    Optional<String> what = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "for whoever approves what comes of it")
    String reason = "Ordered by hand.";

    @Option(names = "--show", paramLabel = "NUMBER", description = "shows one retraining")
    Optional<Long> number = Optional.empty();

    @Option(names = "--no-wait", description = "says its number and ends; the server goes on")
    boolean isLeft;

    @Override
    int run() {
        if (number.isPresent()) {
            return answer(operations().perform(new ShowRetraining(number.get())));
        }
        if (what.isEmpty()) {
            return list();
        }
        Retraining ordered = operations().perform(new Retrain(endpoint(operations(), what.get()), reason));
        return isLeft ? answer(ordered) : answer(follow(ordered));
    }

    /** The endpoint of this name, else the one endpoint on which the model of this name serves furthest up. */
    private static EndpointName endpoint(Operations operations, String name) {
        List<EndpointView> all = operations.perform(new ListEndpoints());
        Optional<EndpointName> found = all.stream()
                .map(view -> view.endpoint().name())
                .filter(it -> it.value().equals(name))
                .findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        List<EndpointView> ofModel = all.stream()
                .filter(view -> view.endpoint().model().equals(new ModelName(name)))
                .filter(view -> view.serving().isPresent())
                .toList();
        if (ofModel.isEmpty()) {
            throw Problem.notFound("endpoint, or model that serves", name);
        }
        return ofModel.getLast().endpoint().name(); // environments are in order, production last
    }

    private Retraining follow(Retraining ordered) {
        Retraining now = ordered;
        try (Progress progress = out().progress("retraining " + ordered.number(), 0)) {
            while (!now.state().isEnd()) {
                Thread.sleep(LOOK);
                progress.add(1);
                now = operations().perform(new ShowRetraining(ordered.number()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(
                    Problem.Kind.BUSY, "interrupted; the server goes on: plimsoll retrain --show " + ordered.number());
        }
        return now;
    }

    private int answer(Retraining retraining) {
        lines(retraining).forEach(out()::say);
        retraining.candidate().ifPresent(candidate -> out().next("plimsoll candidate show " + candidate));
        if (retraining.state() == Retraining.State.REFUSED) {
            retraining.report().ifPresent(report -> out().next("plimsoll gate show " + report.brief()));
        }
        out().json(retraining);
        return switch (retraining.state()) {
            case REFUSED, UNCHANGED -> Exit.REFUSED;
            case FAILED -> Exit.FAILED;
            case ORDERED, TRAINING, EVALUATING, CANDIDATE -> Exit.DONE;
        };
    }

    private int list() {
        var found = operations().perform(new ListRetrainings(Optional.empty()));
        var table = out().table("RETRAINING", "ENDPOINT", "FROM", "STATE", "VERSION", "CANDIDATE", "ORDERED", "BY");
        found.retrainings()
                .forEach(it -> table.row(
                        it.number(),
                        it.endpoint(),
                        it.from(),
                        it.state().word(),
                        it.version().map(Object::toString).orElse("–"),
                        it.candidate().map(Object::toString).orElse("–"),
                        Workshop.when(it.orderedAt()),
                        People.name(found.names(), it.orderedBy())));
        table.print();
        out().json(found);
        return Exit.DONE;
    }

    /** A retraining as people read it. */
    static List<String> lines(Retraining it) {
        List<String> lines = new ArrayList<>();
        lines.add("Retraining " + it.number() + " of " + it.endpoint() + "   "
                + it.state().word() + it.reason().map(why -> ": " + why).orElse(""));
        lines.add("  because   " + it.because());
        lines.add("  from      " + it.from());
        it.data().forEach((name, digest) -> lines.add("  data      " + name + " " + digest.brief()));
        it.parameters().forEach((name, value) -> lines.add("  parameter " + name + " " + value));
        it.served().ifPresent(digest -> lines.add("  matured   " + digest.brief() + " (predictions with their truth)"));
        it.run().ifPresent(run -> lines.add("  run       " + Workshop.brief(run)));
        it.version().ifPresent(version -> lines.add("  version   " + version));
        it.report()
                .ifPresent(report -> lines.add(
                        "  gates     " + report.brief() + " " + it.verdict().orElseThrow()));
        it.candidate().ifPresent(candidate -> lines.add("  candidate " + candidate));
        return lines;
    }
}
