package org.plimsoll.cli;

import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.plimsoll.core.EndpointName;
import org.plimsoll.serving.Rollout;
import org.plimsoll.serving.RolloutState;
import org.plimsoll.serving.ServingOperations.PauseRollout;
import org.plimsoll.serving.ServingOperations.ResumeRollout;
import org.plimsoll.serving.ServingOperations.RolloutView;
import org.plimsoll.serving.ServingOperations.ShowRollout;
import org.plimsoll.serving.StepEvidence;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "rollout",
        description = "How a candidate becomes champion, and by what it is judged.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RolloutCommand.Show.class, RolloutCommand.Pause.class, RolloutCommand.Resume.class})
final class RolloutCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with a rollout: show, pause, resume");
    }

    @Command(name = "show", description = "Shows an endpoint's newest rollout and the evidence of its steps.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName endpoint = new EndpointName("endpoint");

        @Override
        int run() {
            RolloutView view = operations().perform(new ShowRollout(endpoint));
            Rollout rollout = view.rollout();
            out().say("Rollout of " + rollout.candidate() + " on " + endpoint + ": " + rollout.state()
                    + rollout.champion()
                            .map(champion -> ", against " + champion)
                            .orElse(", the first champion"));
            out().say("Step since " + rollout.stepStartedAt().truncatedTo(ChronoUnit.SECONDS) + " (endpoint time), "
                    + EndpointCommand.percent(rollout.share()) + " of the entities.");
            rollout.reason().ifPresent(reason -> out().say("Because " + reason + "."));
            evidence(view);
            out().json(view);
            if (rollout.state() == RolloutState.PAUSED) {
                out().next("plimsoll rollout resume " + endpoint + " --reason …   or: plimsoll rollback " + endpoint);
            }
            return Exit.DONE;
        }

        private void evidence(RolloutView view) {
            if (view.evidence().isEmpty()) {
                return;
            }
            var table = out().table(
                            "STEP",
                            "ROWS",
                            "ADVERSE",
                            "CHAMPION ROWS",
                            "ADVERSE",
                            "WAITING",
                            "HARM e",
                            "SAFE e",
                            "NEEDED",
                            "VERDICT");
            for (StepEvidence it : view.evidence()) {
                if (it.step() == 0) {
                    StepEvidence.Pairs pairs = it.pairs();
                    table.row(
                            "shadow",
                            pairs.rows(),
                            pairs.candidateOnly(),
                            pairs.rows(),
                            pairs.championOnly(),
                            it.waiting(),
                            evidence(it.logHarm()),
                            evidence(it.logSafe()),
                            evidence(it.needed()),
                            it.verdict());
                } else {
                    it.strata()
                            .forEach(stratum -> table.row(
                                    "canary " + EndpointCommand.percent(stratum.share()),
                                    stratum.candidateRows(),
                                    stratum.candidateEvents(),
                                    stratum.championRows(),
                                    stratum.championEvents(),
                                    it.waiting(),
                                    evidence(it.logHarm()),
                                    evidence(it.logSafe()),
                                    evidence(it.needed()),
                                    it.verdict()));
                }
            }
            table.print();
            out().say("Adverse in shadow: rows on which only that one was wrong. Evidence of " + "1/level decides.");
        }

        /** An e-value as people read it. */
        private static String evidence(double log) {
            return log > 12 ? "e" + Math.round(log) : String.format(Locale.ROOT, "%.2f", Math.exp(log));
        }
    }

    @Command(name = "pause", description = "Holds a rollout at the share it has.")
    static final class Pause extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName endpoint = new EndpointName("endpoint");

        @Option(names = "--reason", paramLabel = "TEXT", required = true)
        String reason = "";

        @Override
        int run() {
            Rollout rollout = operations().perform(new PauseRollout(endpoint, reason));
            out().say("Paused the rollout of " + rollout.candidate() + " at " + EndpointCommand.percent(rollout.share())
                    + ".");
            out().json(rollout);
            out().next("plimsoll rollout resume " + endpoint + " --reason …");
            return Exit.DONE;
        }
    }

    @Command(
            name = "resume",
            description = "Lets a paused rollout go on; it has its whole time again to bring a proof.")
    static final class Resume extends RemoteCommand {
        @Parameters(paramLabel = "ENDPOINT")
        EndpointName endpoint = new EndpointName("endpoint");

        @Option(names = "--reason", paramLabel = "TEXT", required = true)
        String reason = "";

        @Override
        int run() {
            confirm("The rollout on " + endpoint + " will go on. Resume?");
            Rollout rollout = operations().perform(new ResumeRollout(endpoint, reason));
            out().say("Resumed the rollout of " + rollout.candidate() + ": " + rollout.state() + ".");
            out().json(rollout);
            out().next("plimsoll rollout show " + endpoint);
            return Exit.DONE;
        }
    }
}
