package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.serving.Environment;
import org.plimsoll.serving.ServingOperations.CreateEnvironment;
import org.plimsoll.serving.ServingOperations.ListEnvironments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "env",
        description = "Environments: the stages on the way to people, in their order.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EnvironmentCommand.ListThem.class, EnvironmentCommand.Create.class})
final class EnvironmentCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with environments: list, create");
    }

    @Command(name = "list", description = "Lists environments, from where work begins to where people depend on it.")
    static final class ListThem extends RemoteCommand {
        @Override
        int run() {
            List<Environment> all = operations().perform(new ListEnvironments());
            var table = out().table("ENVIRONMENT", "POSITION");
            all.forEach(it -> table.row(it.name(), it.position()));
            table.print();
            out().json(all);
            return Exit.DONE;
        }
    }

    @Command(name = "create", description = "Adds an environment.")
    static final class Create extends RemoteCommand {
        @Parameters(paramLabel = "ENVIRONMENT", description = "such as acceptance")
        EnvironmentName name = new EnvironmentName("new");

        @Option(names = "--position", paramLabel = "N", description = "among the others (default: behind the last one)")
        Optional<Integer> position = Optional.empty();

        @Override
        int run() {
            Environment made = operations().perform(new CreateEnvironment(name, position));
            out().say("Added environment " + made.name() + " at position " + made.position() + ".");
            out().json(made);
            out().next("plimsoll endpoint create NAME --env " + made.name() + " --model MODEL");
            return Exit.DONE;
        }
    }
}
