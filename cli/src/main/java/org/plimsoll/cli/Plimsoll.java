package org.plimsoll.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.VersionId;
import org.plimsoll.server.JsonLines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code plimsoll} command. Each verb is a class of its own; this one knows them by name and makes only the one it needs. */
@Command(
        name = "plimsoll",
        version = "plimsoll 0.1",
        synopsisSubcommandLabel = "COMMAND",
        description = "Takes a machine-learning model from data to retirement.",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footer = {"", "`plimsoll COMMAND --help` says more. Start with: plimsoll demo, or your own data: plimsoll init"
        })
public final class Plimsoll implements Callable<Integer> {

    /** In the order of the walks: the order in which help shows them. A new verb needs a line here and one in {@link #command}. */
    private static final List<String> VERBS = List.of(
            "demo",
            "init",
            "up",
            "status",
            "login",
            "logout",
            "data",
            "run",
            "rerun",
            "runs",
            "compare",
            "model",
            "register",
            "evaluate",
            "candidate",
            "approve",
            "reject",
            "promote",
            "policy",
            "gate",
            "env",
            "endpoint",
            "predictions",
            "outcomes",
            "performance",
            "incidents",
            "retrain",
            "page",
            "monitor",
            "drift",
            "rollout",
            "rollback",
            "drain",
            "quarantine",
            "findings",
            "report",
            "score",
            "audit",
            "user",
            "token");

    private static final List<String> VERSION = List.of("-V", "--version");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say what there is")
    boolean wantsHelp;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    boolean wantsVersion;

    @Spec
    CommandSpec spec = CommandSpec.create();

    private static Callable<Integer> command(String verb) {
        return switch (verb) {
            case "demo" -> new DemoCommand();
            case "init" -> new InitCommand();
            case "up" -> new UpCommand();
            case "status" -> new StatusCommand();
            case "login" -> new LoginCommand();
            case "logout" -> new LogoutCommand();
            case "data" -> new DataCommand();
            case "run" -> new RunCommand();
            case "rerun" -> new RerunCommand();
            case "runs" -> new RunsCommand();
            case "compare" -> new CompareCommand();
            case "env" -> new EnvironmentCommand();
            case "endpoint" -> new EndpointCommand();
            case "rollout" -> new RolloutCommand();
            case "rollback" -> new RollbackCommand();
            case "drain" -> new DrainCommand();
            case "quarantine" -> new QuarantineCommand();
            case "findings" -> new FindingsCommand();
            case "model" -> new ModelCommand();
            case "register" -> new RegisterCommand();
            case "evaluate" -> new EvaluateCommand();
            case "candidate" -> new CandidateCommand();
            case "approve" -> new ApproveCommand();
            case "reject" -> new RejectCommand();
            case "promote" -> new PromoteCommand();
            case "report" -> new ReportCommand();
            case "score" -> new ScoreCommand();
            case "policy" -> new PolicyCommand();
            case "gate" -> new GateCommand();
            case "predictions" -> new PredictionsCommand();
            case "outcomes" -> new OutcomesCommand();
            case "performance" -> new PerformanceCommand();
            case "incidents" -> new IncidentsCommand();
            case "retrain" -> new RetrainCommand();
            case "page" -> new PageCommand();
            case "monitor" -> new MonitorCommand();
            case "drift" -> new DriftCommand();
            case "audit" -> new AuditCommand();
            case "user" -> new UserCommand();
            case "token" -> new TokenCommand();
            default -> throw new IllegalArgumentException(verb);
        };
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        prepare();
        System.exit(exitOf(arguments));
    }

    /** What holds for the whole process. */
    static void prepare() {
        // Native calls (SQLite, DuckDB, engines) pin their carrier thread: leave some for everybody else.
        int carriers = Runtime.getRuntime().availableProcessors() + 8;
        System.setProperty("jdk.virtualThreadScheduler.parallelism", String.valueOf(carriers));
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
        JsonLines.beginWhenWritten();
    }

    /** No stack trace reaches a person, not even that of a library that does not load. */
    private static int exitOf(String... arguments) {
        try {
            return run(arguments);
        } catch (Throwable error) {
            return Complaints.defect(error, System.err);
        }
    }

    /** Runs one command. @return its exit code */
    static int run(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    private static CommandLine commandLine(String... arguments) {
        var line = new CommandLine(new Plimsoll());
        for (String each : needed(List.of(arguments))) {
            line.addSubcommand(each, command(each));
        }
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.registerConverter(ModelName.class, ModelName::new);
        line.registerConverter(DatasetName.class, DatasetName::new);
        line.registerConverter(ExperimentName.class, ExperimentName::new);
        line.registerConverter(EndpointName.class, EndpointName::new);
        line.registerConverter(EnvironmentName.class, EnvironmentName::new);
        line.registerConverter(PolicyName.class, PolicyName::new);
        line.registerConverter(VersionId.class, VersionId::parse);
        line.registerConverter(Digest.class, Digest::new);
        line.registerConverter(java.time.Duration.class, org.plimsoll.core.Spans::parse);
        line.setParameterExceptionHandler(Complaints::wrongUsage);
        line.setExecutionExceptionHandler(Complaints::failed);
        return line;
    }

    /** The verbs that this line can mean: making all of them takes longer than most of them run. */
    private static List<String> needed(List<String> arguments) {
        Optional<String> first = arguments.stream().findFirst();
        if (first.filter(VERSION::contains).isPresent()) {
            return List.of();
        }
        return first.filter(VERBS::contains).map(List::of).orElse(VERBS);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do");
    }
}
