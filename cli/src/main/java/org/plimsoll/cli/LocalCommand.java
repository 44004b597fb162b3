package org.plimsoll.cli;

import java.util.concurrent.Callable;
import org.plimsoll.core.Problem;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that works on given files and touches no home. */
abstract class LocalCommand implements Callable<Integer> {

    @Mixin
    GlobalOptions options = new GlobalOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** Does it; the answer is the exit code. */
    abstract int run() throws Exception;

    @Override
    public Integer call() throws Exception {
        return run();
    }

    Output out() {
        return new Output(System.out, System.err, options.isJson);
    }

    /** Asks before something that people should think about; {@code --yes} answers. @throws Problem when they do not agree */
    void confirm(String question) {
        if (!options.isSure && !Terminal.agrees(question)) {
            throw Problem.of(Problem.Kind.CONFLICT, "nothing was done");
        }
    }
}
