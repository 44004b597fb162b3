package org.plimsoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;
import org.plimsoll.gates.GatesOperations.GetPolicy;
import org.plimsoll.gates.GatesOperations.ListPolicies;
import org.plimsoll.gates.GatesOperations.PublishPolicy;
import org.plimsoll.gates.Policies;
import org.plimsoll.gates.Policy;
import org.plimsoll.gates.PolicyLint;
import org.plimsoll.gates.PolicyVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        description = "The rules candidates are judged by: publish, list, show, lint.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PolicyCommand.Publish.class,
            PolicyCommand.ListThem.class,
            PolicyCommand.Show.class,
            PolicyCommand.Lint.class
        })
final class PolicyCommand extends LocalCommand {

    @Override
    int run() {
        throw new ParameterException(spec.commandLine(), "say what to do with policies: publish, list, show, lint");
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Problem.of(Problem.Kind.NOT_FOUND, "there is no file " + file);
        }
        return Files.readString(file);
    }

    @Command(name = "publish", description = "Publishes a policy file as the next version of the policy it names.")
    static final class Publish extends RemoteCommand {

        @Parameters(
                paramLabel = "FILE",
                description = "a policy in YAML; plimsoll policy show t3 prints one to begin from")
        Path file = Path.of("policy.yaml");

        @Override
        int run() throws IOException {
            String text = text(file);
            Policy policy = Policy.read(text, file.toString());
            PolicyVersion published = operations()
                    .perform(new PublishPolicy(
                            text, Optional.of(file.getFileName().toString())));
            out().say("Published " + published + " for " + policy.appliesTo());
            out().say("Digest " + published.digest());
            PolicyLint.of(policy).warnings().forEach(warning -> out().warn("Mind: " + warning));
            out().next("plimsoll policy lint " + file);
            out().json(published);
            return Exit.DONE;
        }
    }

    @Command(name = "list", description = "Lists the policies in force.")
    static final class ListThem extends RemoteCommand {

        @Override
        int run() {
            Policies.PolicyListing found = operations().perform(new ListPolicies());
            var table = out().table("POLICY", "VERSION", "FOR", "APPROVALS", "DIGEST");
            for (PolicyVersion version : found.policies()) {
                Policy policy = version.policy();
                table.row(
                        version.name(),
                        version.version() == 0 ? "as it comes" : version.version(),
                        policy.appliesTo(),
                        policy.approvalsOrNone().who().stream()
                                .mapToInt(rule -> rule.people())
                                .sum(),
                        version.digest().brief());
            }
            table.print();
            out().json(found);
            return Exit.DONE;
        }
    }

    @Command(name = "show", description = "Prints a policy's text.")
    static final class Show extends RemoteCommand {

        @Parameters(
                paramLabel = "POLICY",
                description = "such as t3, or t3@2; t3@0 is the text that comes with Plimsoll")
        String policy = "";

        @Override
        int run() {
            int at = policy.lastIndexOf('@');
            PolicyName name = new PolicyName(at < 0 ? policy : policy.substring(0, at));
            Optional<Long> version = at < 0 ? Optional.empty() : Optional.of(number(policy.substring(at + 1)));
            PolicyVersion found = operations().perform(new GetPolicy(name, version));
            out().say(found.text().stripTrailing());
            out().json(found);
            return Exit.DONE;
        }

        private static long number(String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw Problem.invalid("version", text, "a whole number, such as t3@2");
            }
        }
    }

    @Command(name = "lint", description = "Reads a policy file aloud: what it says, what it can prove, what to mind.")
    static final class Lint extends LocalCommand {

        @Parameters(paramLabel = "FILE")
        Path file = Path.of("policy.yaml");

        @Override
        int run() throws IOException {
            PolicyLint lint = PolicyLint.of(Policy.read(text(file), file.toString()));
            out().say("Policy " + lint.policy());
            lint.sentences().forEach(sentence -> out().say("  " + sentence));
            if (!lint.power().isEmpty()) {
                out().say("What it can prove:");
                lint.power().forEach(line -> out().say("  " + line));
            }
            lint.warnings().forEach(warning -> out().warn("Mind: " + warning));
            out().json(lint);
            return Exit.DONE;
        }
    }
}
