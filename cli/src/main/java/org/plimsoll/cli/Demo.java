package org.plimsoll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.plimsoll.access.JobOperations.GetJob;
import org.plimsoll.api.HttpBlobStore;
import org.plimsoll.api.HttpOperations;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.core.VersionId;
import org.plimsoll.data.DataOperations.AddSnapshot;
import org.plimsoll.data.Query;
import org.plimsoll.data.Snapshot;
import org.plimsoll.data.SnapshotFiles;
import org.plimsoll.governance.GovernanceOperations.ApproveCandidate;
import org.plimsoll.governance.GovernanceOperations.EvaluateVersion;
import org.plimsoll.governance.GovernanceOperations.Evaluated;
import org.plimsoll.governance.GovernanceOperations.PromoteVersion;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.pipeline.Pipeline;
import org.plimsoll.pipeline.PipelineFile;
import org.plimsoll.pipeline.RunReport;
import org.plimsoll.pipeline.Runner;
import org.plimsoll.pipeline.StepReport;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.RegisterVersion;
import org.plimsoll.registry.Tier;
import org.plimsoll.registry.Version;
import org.plimsoll.reports.LeadershipText;
import org.plimsoll.reports.ReportsOperations.ShowLeadership;
import org.plimsoll.scoring.Execution;
import org.plimsoll.scoring.ScoringConfig;
import org.plimsoll.server.Rooms;
import org.plimsoll.serving.EndpointTime;
import org.plimsoll.serving.RolloutState;
import org.plimsoll.serving.ServingOperations.CreateEndpoint;
import org.plimsoll.serving.ServingOperations.ShowRollout;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Job;
import org.plimsoll.tracking.Port;

/**
 * A model's way to production and back, on real flights. A client like any other: it has a URL and a setup token, makes the people
 * it needs, and asks public operations in their names.
 */
final class Demo {

    private static final ModelName MODEL = new ModelName("late-arrival");
    private static final EndpointName STAGING = new EndpointName("late-arrival-staging");
    private static final EndpointName PRODUCTION = new EndpointName("late-arrival");
    private static final DatasetName FLIGHTS = new DatasetName("flights");
    private static final DatasetName AIRPORTS = new DatasetName("airports");
    private static final int CONNECTIONS = 16;
    private static final List<String> MONTHS =
            List.of("2001-01", "2001-02", "2001-03", "2001-04", "2001-05", "2001-06");

    private final URI server;
    private final Path examples;
    private final Path home;
    private final DemoPeople people;
    private final DemoStory story;
    private final DemoPager pager;
    private final DemoReport report = new DemoReport();
    private final Query query;
    private final BlobStore blobs;

    Demo(URI server, Path examples, Path home, DemoPeople people, DemoPager pager, DemoStory story) {
        this.server = server;
        this.examples = examples;
        this.home = home;
        this.people = people;
        this.pager = pager;
        this.story = story;
        this.query = Query.standard(home.resolve("tmp"));
        this.blobs =
                new HttpBlobStore(people.ana().operations(), home.resolve("tmp").resolve("client-blobs"));
    }

    DemoReport report() {
        return report;
    }

    /** Tells the story. The answer is the exit code: 2 where the gate refused the first model, and nothing serves then. */
    int play() throws InterruptedException {
        CompletableFuture<Boolean> isFebruaryServed = new CompletableFuture<>();
        FlightRows flights = FlightRows.read(examples, query, home.resolve("tmp"), isFebruaryServed);
        VersionId first = trainOnJanuary();
        if (!firstRelease(first)) {
            return Exit.REFUSED;
        }
        try (FlightTraffic traffic = new FlightTraffic(server, people.gates(), PRODUCTION)) {
            var days = new FlightDays(
                    flights,
                    traffic,
                    new HttpOperations(server, Optional.of(people.gates()), Rooms.CATALOGUE),
                    PRODUCTION);
            var watch = new DemoWatch(people.ana().operations(), PRODUCTION, story);
            var loop = new DemoLoop(people, PRODUCTION, days, watch, pager, report, story, new Steps());
            serveFebruary(days);
            loop.answer();
            isFebruaryServed.complete(true);
            Optional<VersionId> second = challenge();
            LocalDate today = LocalDate.of(2001, 3, 1);
            if (second.isPresent()) {
                today = rollOut(second.get(), days, watch);
                today = rollBack(flights, traffic, days, today);
            }
            loop.play(today);
            days.tellAll();
        }
        new DemoWindows(people.ana().operations(), PRODUCTION).keep(report);
        return Exit.DONE;
    }

    // ---- a: data and training ----

    private VersionId trainOnJanuary() {
        story.chapter("January becomes a snapshot, and the pipeline trains on it");
        addSnapshot(AIRPORTS, List.of("airports"));
        addSnapshot(FLIGHTS, List.of("2001-01"));
        RunReport run = run(Map.of());
        RunReport again = runner().rerun(run.run(), story.watch());
        Port model = output(run, "train", "model");
        Port repeated = output(again, "train", "model");
        String level = again.steps().stream()
                .flatMap(step -> step.verifications().stream())
                .filter(it -> it.step().equals("train"))
                .map(it -> it.level().code())
                .findFirst()
                .orElseThrow();
        report.put("rerun", new DemoReport.Rerun(again.run(), level, model.digest(), repeated.digest()));
        story.say("Run again, executed and not restored: the model is "
                + (model.digest().equals(repeated.digest()) ? "the same, byte for byte" : "another one") + " (" + level
                + ", " + model.digest().brief() + ").");
        people.ana()
                .operations()
                .perform(new CreateModel(
                        MODEL,
                        Tier.T3,
                        "Tell the gate team, as a flight leaves, whether it will be late.",
                        Optional.of(people.ben().login()),
                        Optional.of(people.mira().login()),
                        List.of(people.mira().login())));
        return register(run);
    }

    private void addSnapshot(DatasetName dataset, List<String> names) {
        List<Path> files =
                names.stream().map(name -> examples.resolve(name + ".parquet")).toList();
        for (Path file : files) {
            if (!Files.isReadable(file)) {
                throw Problem.of(Problem.Kind.NOT_FOUND, "the example's file " + file + " is missing");
            }
        }
        Snapshot snapshot = SnapshotFiles.keep(dataset, files, blobs, query);
        people.ana().operations().perform(new AddSnapshot(dataset, snapshot));
        story.say(String.format(
                Locale.ROOT, "%s@%s: %,d rows", dataset, snapshot.digest().brief(), snapshot.rows()));
    }

    private RunReport run(Map<String, String> parameters) {
        Pipeline pipeline = PipelineFile.read(examples.resolve("pipeline.yaml"), parameters);
        RunReport run = runner().run(pipeline, Optional.empty(), false, story.watch());
        for (StepReport step : run.steps()) {
            story.step(step);
        }
        return run;
    }

    private Runner runner() {
        return new Runner(
                people.ana().operations(),
                blobs,
                query,
                home.resolve("tmp"),
                Clock.systemUTC(),
                Execution.in(home, ScoringConfig.DEFAULT));
    }

    private static Port output(RunReport run, String step, String output) {
        return run.steps().stream()
                .filter(it -> it.name().equals(step))
                .flatMap(it -> it.outputs().stream())
                .filter(it -> it.name().equals(output))
                .findFirst()
                .orElseThrow();
    }

    private VersionId register(RunReport run) {
        Version version = people.ana()
                .operations()
                .perform(new RegisterVersion(MODEL, Optional.empty(), Optional.of(run.run()), text("card.yaml")));
        story.say("Registered as " + version.id()
                + ": owner Ben, deputy and on call Mira, tier T3; golden rows agree with the trainer's scores.");
        return version.id();
    }

    private String text(String file) {
        try {
            return Files.readString(examples.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- b: gates, approval, promotion ----

    private boolean firstRelease(VersionId version) throws InterruptedException {
        story.chapter("The server judges it, person by person it reaches production");
        publishPolicies();
        endpoint(STAGING, "staging");
        endpoint(PRODUCTION, "production");
        Evaluated evaluated = evaluate(version, PRODUCTION);
        if (!evaluated.promotable()) {
            refused("first_release", version, evaluated);
            return false;
        }
        stage(version);
        approve(evaluated);
        promote(version, PRODUCTION);
        return true;
    }

    private void publishPolicies() {
        new DemoPolicies(people.mira().operations()).publish(story);
    }

    private void endpoint(EndpointName name, String environment) {
        people.ana()
                .operations()
                .perform(new CreateEndpoint(
                        name,
                        new EnvironmentName(environment),
                        MODEL,
                        Optional.of(EndpointTime.REPLAY),
                        Optional.empty()));
    }

    private Evaluated evaluate(VersionId version, EndpointName endpoint) throws InterruptedException {
        Job job = people.ana()
                .operations()
                .perform(new EvaluateVersion(
                        version.model(), version.number(), Optional.of(endpoint), Optional.empty()));
        while (job.state() == Job.State.WAITING) {
            Thread.sleep(50);
            job = people.ana().operations().perform(new GetJob(job.id()));
        }
        if (job.state() == Job.State.FAILED) {
            throw Problem.refused(
                    "the evaluation of " + version + " failed: " + job.outcome().orElse("no reason"));
        }
        Evaluated evaluated = Json.read(job.outcome().orElseThrow(), Evaluated.class);
        DemoReport.Gate gate = new DemoGates(people.ana().operations()).show(evaluated, story);
        report.gate(gate);
        return evaluated;
    }

    private void stage(VersionId version) throws InterruptedException {
        Evaluated evaluated = evaluate(version, STAGING);
        if (!evaluated.promotable()) {
            throw Problem.refused(version + " does not pass staging: report " + evaluated.report());
        }
        promote(version, STAGING);
    }

    private void approve(Evaluated evaluated) {
        approve(evaluated.candidate().orElseThrow());
    }

    private void approve(long number) {
        Digest digest = people.ben()
                .operations()
                .perform(new ShowCandidate(number))
                .candidate()
                .digest();
        var given = people.ben()
                .operations()
                .perform(new ApproveCandidate(
                        number, digest, "All checks of the policy pass; segments looked at.", Optional.empty()));
        story.say("Ben approves candidate " + number + " (" + digest.brief() + "): " + given.counted() + " of "
                + given.needed() + ".");
    }

    private void promote(VersionId version, EndpointName endpoint) throws InterruptedException {
        people.ana().operations().perform(new PromoteVersion(endpoint, version));
        RolloutState state = rollout(endpoint).state();
        while (state == RolloutState.PREPARING) {
            Thread.sleep(50);
            state = rollout(endpoint).state();
        }
        if (state == RolloutState.FAILED) {
            throw Problem.refused("the rollout of " + version + " on " + endpoint + " failed: "
                    + rollout(endpoint).reason().orElse("no reason"));
        }
        story.say(version + " is "
                + (state == RolloutState.STABLE ? "champion" : state.toString().toLowerCase(Locale.ROOT)) + " of "
                + endpoint + ".");
    }

    private org.plimsoll.serving.Rollout rollout(EndpointName endpoint) {
        return people.ana().operations().perform(new ShowRollout(endpoint)).rollout();
    }

    private void refused(String where, VersionId version, Evaluated evaluated) {
        report.put("refused_at", where);
        story.say("Refused at the gate: " + version + " is " + evaluated.verdict() + " (report "
                + evaluated.report().brief() + "). Nothing serves.");
    }

    // ---- c: traffic ----

    private void serveFebruary(FlightDays days) throws InterruptedException {
        story.chapter("February's flights ask as they leave; the truth comes as they land");
        for (LocalDate day = LocalDate.of(2001, 2, 1); day.getMonthValue() == 2; day = day.plusDays(1)) {
            days.play(day);
        }
        new DemoWindows(people.ana().operations(), PRODUCTION).show(story);
        story.say(
                String.format(Locale.ROOT, "%,d flights were answered, each logged before its answer.", days.asked()));
    }

    // ---- d: two candidates ----

    private Optional<VersionId> challenge() throws InterruptedException {
        story.chapter("Two candidates meet the champion on 15 to 28 February");
        addSnapshot(FLIGHTS, List.of("2001-01", "2001-02"));
        Map<String, String> test = Map.of("test_from", "2001-02-15T00:00:00Z", "test_to", "2001-03-01T00:00:00Z");
        Optional<VersionId> chosen = Optional.empty();
        boolean isAnyRefused = false;
        for (String from : List.of("2001-02-08T00:00:00Z", "2001-01-01T00:00:00Z")) {
            Evaluated evaluated = trainedFrom(from, test);
            if (evaluated.promotable()) {
                stage(evaluated.version());
                approve(evaluated);
                chosen = Optional.of(evaluated.version());
            }
            isAnyRefused |= !evaluated.promotable();
        }
        if (!isAnyRefused) {
            story.say("No honest candidate was refused. One with a named fault, trained on a single day:");
            trainedFrom("2001-02-13T00:00:00Z", test);
        }
        if (chosen.isEmpty()) {
            report.put("refused_at", "gate");
            story.say("No candidate may be promoted; " + PRODUCTION + " goes on with its champion.");
        }
        return chosen;
    }

    /** A candidate that learned from flights since then, held against the champion. */
    private Evaluated trainedFrom(String from, Map<String, String> test) throws InterruptedException {
        var parameters = new HashMap<>(test);
        parameters.put("train_from", from);
        parameters.put("train_to", "2001-02-14T12:00:00Z");
        story.say("Trained on flights from " + from.substring(0, 10) + " to 14 February:");
        VersionId version = register(run(parameters));
        Evaluated evaluated = evaluate(version, PRODUCTION);
        if (!evaluated.promotable()) {
            story.say(version + " is refused: " + evaluated.verdict() + ".");
            report.put("refused_candidate", version);
        }
        return evaluated;
    }

    private LocalDate rollOut(VersionId version, FlightDays days, DemoWatch watch) throws InterruptedException {
        story.chapter(version + " runs in shadow, then as a canary, on March's flights");
        promote(version, PRODUCTION);
        var steps = new DemoRollout(people.ana().operations(), PRODUCTION, report, story);
        LocalDate day = LocalDate.of(2001, 3, 1);
        while (day.getMonthValue() == 3) {
            days.play(day);
            watch.settle(day);
            day = day.plusDays(1);
            RolloutState state = steps.settle(day);
            if (state == RolloutState.BAKING || state == RolloutState.ROLLED_BACK || state == RolloutState.PAUSED) {
                break;
            }
        }
        return day;
    }

    // ---- e: rollback ----

    /** @return the first day that was not sent yet */
    private LocalDate rollBack(FlightRows flights, FlightTraffic traffic, FlightDays days, LocalDate today)
            throws InterruptedException {
        if (rollout(PRODUCTION).state() != RolloutState.BAKING) {
            story.say("The rollout did not reach everyone ("
                    + rollout(PRODUCTION).state() + "), so there is nothing to roll back from.");
            return today;
        }
        story.chapter("While it bakes, Mira rolls back, under traffic on " + CONNECTIONS + " connections");
        int from = flights.from(today);
        LocalDate next = today.plusDays(4);
        int until = flights.from(next.atStartOfDay(ZoneOffset.UTC).toInstant());
        DemoReport.Rollback done = new RollbackUnderLoad(flights, traffic, days, PRODUCTION, CONNECTIONS)
                .measure(people.mira().operations(), from, until);
        report.put("rollback", done);
        story.say(String.format(
                Locale.ROOT,
                "%s answers again (revision %d). Last answer by %s %.0f ms after the order; %,d requests, %d failed.",
                done.to(),
                done.revision(),
                done.from(),
                done.lastAnswerMs(),
                done.requests(),
                done.failed()));
        days.finish(next);
        return next;
    }

    // ---- f and on: the loop ----

    /** What the loop does with a version, as the chapters before did. */
    private final class Steps implements DemoLoop.Steps {

        private Optional<DemoRollout> rollout = Optional.empty();

        @Override
        public void publish(int month) {
            addSnapshot(FLIGHTS, MONTHS.subList(0, month));
        }

        @Override
        public void promote(VersionId version, long candidate) throws InterruptedException {
            stage(version);
            approve(candidate);
            Demo.this.promote(version, PRODUCTION);
            rollout = Optional.of(new DemoRollout(people.ana().operations(), PRODUCTION, report, story));
        }

        @Override
        public RolloutState settle(LocalDate day) throws InterruptedException {
            RolloutState state = rollout.orElseThrow().settle(day);
            if (state == RolloutState.STABLE) {
                story.say(Demo.this.rollout(PRODUCTION).candidate() + " is champion; its bake has ended.");
            }
            return state;
        }
    }

    // ---- what leadership sees ----

    /** The page, where to see it, what to try next; and Ana stays signed in. */
    void close(DemoHome demoHome, int exit) {
        story.chapter("What leadership sees");
        LeadershipText.render(people.ana().operations().perform(new ShowLeadership()))
                .lines()
                .forEach(story::say);
        demoHome.signIn(people.ana());
        if (exit != Exit.DONE) {
            return;
        }
        String there = " --home " + demoHome.path();
        story.say("");
        story.say("The same as a page: " + server + "/  (sign in as ana; her password is in "
                + demoHome.path().resolve("people.txt") + ")");
        story.say("You are signed in as Ana. Try next:");
        story.say("  plimsoll status" + there);
        story.say("  plimsoll incidents list" + there);
        story.say("  plimsoll retrain" + there);
        story.say("  plimsoll predictions late-arrival --output predictions.parquet" + there);
    }
}
