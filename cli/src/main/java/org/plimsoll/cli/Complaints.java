package org.plimsoll.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.core.Spelling;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What people are told when a command does not work: what, where, why, what would be right. Never a stack trace. */
final class Complaints {

    private Complaints() {}

    /** A command line that does not parse: exit code 64. */
    static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().getFirst();
            String what = word.startsWith("-") ? "an option of" : "understood by";
            err.println("`" + word + "` is not " + what + " "
                    + command.getCommandSpec().qualifiedName());
            Spelling.nearest(word, words(command)).ifPresent(likely -> err.println("Did you mean `" + likely + "`?"));
        } else {
            err.println(words(e));
        }
        String name = command.getCommandSpec().qualifiedName();
        err.println("Help: " + name + " --help");
        return Exit.WRONG_USAGE;
    }

    /** A command that ran into a problem. */
    static int failed(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (!(e instanceof Problem problem)) {
            return defect(e, System.err);
        }
        if (isJson(command)) {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("problem", problem.kind().slug());
            told.put("detail", problem.detail());
            told.putAll(problem.facts());
            err.println(Json.text(told));
        } else {
            err.println(prefix(problem) + problem.detail());
            hint(problem, err);
        }
        return Exit.of(problem);
    }

    /** What nobody foresaw. */
    static int defect(Throwable failure, PrintStream err) {
        err.println("This should not have happened, and is a defect of Plimsoll: "
                + failure.getClass().getSimpleName()
                + (failure.getMessage() == null ? "" : ": " + failure.getMessage()));
        if (Home.setting("PLIMSOLL_DEBUG").isPresent()) {
            failure.printStackTrace(err);
        } else {
            err.println("PLIMSOLL_DEBUG=1 in the environment shows where.");
        }
        return Exit.FAILED;
    }

    private static String prefix(Problem problem) {
        return switch (problem.kind()) {
            case DENIED, REFUSED -> "Refused: ";
            case INVALID,
                    UNAUTHENTICATED,
                    NOT_FOUND,
                    NOT_ALLOWED,
                    CONFLICT,
                    FENCED,
                    TOO_LARGE,
                    INTERNAL,
                    BUSY,
                    UNREACHABLE,
                    STORAGE_FULL -> "";
        };
    }

    private static void hint(Problem problem, PrintWriter err) {
        if (problem.kind() == Problem.Kind.UNAUTHENTICATED) {
            err.println("Sign in: plimsoll login LOGIN");
        } else if (problem.kind() == Problem.Kind.UNREACHABLE) {
            err.println("Is it up? Start one with: plimsoll up");
        }
    }

    private static Set<String> words(CommandLine command) {
        Set<String> known = new TreeSet<>(command.getSubcommands().keySet());
        known.addAll(command.getCommandSpec().optionsMap().keySet());
        return known;
    }

    private static String words(ParameterException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem.detail();
            }
        }
        return String.valueOf(e.getMessage());
    }

    private static boolean isJson(CommandLine command) {
        return command.getCommand() instanceof LocalCommand asked && asked.options.isJson;
    }
}
