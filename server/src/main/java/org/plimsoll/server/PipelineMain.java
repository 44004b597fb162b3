package org.plimsoll.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.api.HttpBlobStore;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import org.plimsoll.data.Query;
import org.plimsoll.monitoring.PipelineProcess;
import org.plimsoll.pipeline.Pipeline;
import org.plimsoll.pipeline.Renewal;
import org.plimsoll.pipeline.Runner;
import org.plimsoll.pipeline.Watch;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.tracking.Run;
import org.plimsoll.tracking.TrackingOperations.CloseRun;
import org.plimsoll.tracking.TrackingOperations.GetRun;

/** The process in which a retraining's steps are executed. {@link ChildProcess} starts it and says what it does not know. */
final class PipelineMain {

    /** A rule forbids it: the last line of the output says which. */
    static final int REFUSED = 2;

    /** What it is told, as one line of JSON. */
    record Task(String server, String token, PipelineProcess.Order order) {}

    private PipelineMain() {}

    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Task task = Json.read(String.valueOf(in.readLine()), Task.class);
        Thread.ofPlatform().daemon().start(() -> endWith(in));
        System.exit(execute(task, Path.of("").toAbsolutePath()));
    }

    /** Nobody waits for the answer any more. */
    private static void endWith(BufferedReader in) {
        try {
            while (in.read() >= 0) {
                // nothing more is said
            }
        } catch (IOException gone) {
            // as if it had ended
        }
        Runtime.getRuntime().halt(1);
    }

    private static int execute(Task task, Path folder) {
        Operations server = new HttpOperations(URI.create(task.server()), Optional.of(task.token()), Rooms.CATALOGUE);
        var blobs = new HttpBlobStore(server, folder.resolve("blobs"));
        PipelineProcess.Order order = task.order();
        Run run = server.perform(new GetRun(order.run()));
        Pipeline pipeline;
        try {
            pipeline = new Renewal(server, blobs, folder)
                    .of(order.origin(), order.data(), order.parameters(), order.allowsCommands());
        } catch (Problem problem) {
            server.perform(new CloseRun(
                    run.id(),
                    Run.Status.FAILED,
                    Optional.of(problem.detail()),
                    java.util.List.of(),
                    Optional.empty(),
                    java.util.List.of()));
            System.out.println(problem.detail());
            return problem.kind() == Problem.Kind.REFUSED ? REFUSED : 1;
        }
        try {
            Execution execution = Execution.in(folder, ScoringConfig.DEFAULT);
            new Runner(server, blobs, Query.standard(folder.resolve("tmp")), folder, Clock.systemUTC(), execution)
                    .run(pipeline, run, Watch.nobody());
            return 0;
        } catch (Problem problem) { // the run says so too
            System.out.println(problem.detail());
            return 1;
        }
    }
}
