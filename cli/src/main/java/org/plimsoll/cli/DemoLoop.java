package org.plimsoll.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.VersionId;
import org.plimsoll.governance.GovernanceOperations.ShowCandidate;
import org.plimsoll.monitoring.Incident;
import org.plimsoll.monitoring.IncidentOperations.AcknowledgeIncident;
import org.plimsoll.monitoring.IncidentOperations.AnnotateIncident;
import org.plimsoll.monitoring.IncidentOperations.ListIncidents;
import org.plimsoll.monitoring.IncidentOperations.ShowIncident;
import org.plimsoll.monitoring.Retraining;
import org.plimsoll.monitoring.RetrainingOperations.ListRetrainings;
import org.plimsoll.monitoring.RetrainingOperations.Retrain;
import org.plimsoll.monitoring.RetrainingOperations.ShowRetraining;
import org.plimsoll.serving.RolloutState;

/**
 * March to June: every day is sent, and judged before the next one; what crosses is answered; what is made anew goes the way of every
 * version. Nothing is tuned to the story: what is found is told.
 *
 * <pre>
 *   day ─▶ verdict on the day before ─▶ incident? ─▶ pager ─▶ Mira acknowledges and annotates
 *                                            │ performance: the server retrains by itself
 *   1 May, where nothing made anew serves ───┴▶ Ana orders it ─▶ gates ─▶ Ben approves ─▶ shadow ─▶ canary ─▶ champion
 *   15 May, where nothing crossed       ─────▶ a feed that breaks: distances in kilometres
 * </pre>
 */
final class DemoLoop {

    /** What the demo does with a version, as in its first half. */
    interface Steps {
        /** A month's flights were published by the airline. */
        void publish(int month);

        /** Tries it in staging, has it approved and starts its rollout. */
        void promote(VersionId version, long candidate) throws InterruptedException;

        /** How the rollout stands after this day. */
        RolloutState settle(LocalDate day) throws InterruptedException;
    }

    private static final LocalDate END = LocalDate.of(2001, 7, 1);
    private static final LocalDate BY_HAND = LocalDate.of(2001, 5, 1);
    private static final LocalDate FAULTY_FROM = LocalDate.of(2001, 5, 15);

    /** What a feed does that was changed to kilometres and told nobody. */
    private static final FlightTraffic.Fault KILOMETRES = new FlightTraffic.Fault("distance", 1.609344);

    private static final long PATIENCE_MILLIS = 900_000;
    private static final long PAUSE_MILLIS = 50;

    private final DemoPeople people;
    private final EndpointName endpoint;
    private final FlightDays days;
    private final DemoWatch watch;
    private final DemoPager pager;
    private final DemoReport report;
    private final DemoStory story;
    private final Steps steps;
    private final Set<Long> answered = new HashSet<>();
    private final List<Long> handled = new ArrayList<>();
    private Optional<FlightTraffic.Fault> fault = Optional.empty();
    private boolean isRollingOut;

    DemoLoop(
            DemoPeople people,
            EndpointName endpoint,
            FlightDays days,
            DemoWatch watch,
            DemoPager pager,
            DemoReport report,
            DemoStory story,
            Steps steps) {
        this.people = people;
        this.endpoint = endpoint;
        this.days = days;
        this.watch = watch;
        this.pager = pager;
        this.report = report;
        this.story = story;
        this.steps = steps;
    }

    /** @param from the first day that was not sent yet */
    void play(LocalDate from) throws InterruptedException {
        story.chapter("March to June are sent; every day is judged before the next one");
        for (LocalDate day = from; day.isBefore(END); day = day.plusDays(1)) {
            if (day.getDayOfMonth() == 1) {
                watch.tell(month(day.minusDays(1)));
                steps.publish(day.minusDays(1).getMonthValue());
            }
            if (day.equals(FAULTY_FROM) && incidents().isEmpty()) {
                breakTheFeed();
            }
            days.play(day, fault);
            watch.settle(day);
            answer();
            if (day.equals(BY_HAND) && !isRollingOut && retrainings().stream().noneMatch(DemoLoop::isFresh)) {
                orderByHand();
            }
            carryOn();
            if (isRollingOut) {
                RolloutState state = steps.settle(day.plusDays(1));
                isRollingOut = state != RolloutState.STABLE
                        && state != RolloutState.ROLLED_BACK
                        && state != RolloutState.PAUSED
                        && state != RolloutState.FAILED;
            }
        }
        watch.tell(month(END.minusDays(1)));
        end();
    }

    private static String month(LocalDate day) {
        return day.getMonth().getDisplayName(java.time.format.TextStyle.FULL, Locale.ENGLISH);
    }

    // ---- what is found ----

    private List<Incident> incidents() {
        return people.ana()
                .operations()
                .perform(new ListIncidents(Optional.of(endpoint), Optional.empty()))
                .incidents();
    }

    /** Mira answers what has opened since she last looked. */
    void answer() throws InterruptedException {
        for (Incident incident : incidents().reversed()) {
            if (answered.add(incident.number())) {
                answer(incident.number());
            }
        }
    }

    /** Mira hears of it, looks, and writes down what she sees. */
    private void answer(long number) throws InterruptedException {
        Operations mira = people.mira().operations();
        Optional<DemoPager.Page> page = awaitPage("incident/" + number);
        Incident incident = mira.perform(new ShowIncident(number)).incident();
        story.chapter("Incident " + number + ": " + incident.cause().word());
        IncidentsCommand.lines(mira.perform(new ShowIncident(number))).stream()
                .skip(1)
                .forEach(story::say);
        page.ifPresentOrElse(
                it -> story.say("Mira's pager, signature verified: \"" + it.title() + "\""),
                () -> story.say("No page has come to Mira's pager yet."));
        mira.perform(new AcknowledgeIncident(number, Optional.empty()));
        String note = incident.suspects().stream()
                .findFirst()
                .map(suspect -> "Looked at the windows. " + suspect.text())
                .orElse("Looked at the windows; nothing stands out.");
        mira.perform(new AnnotateIncident(number, note));
        story.say("Mira acknowledges it and notes: " + note);
        report.page(number, page.isPresent());
        if (fault.isPresent() && incident.cause() == Incident.Cause.INPUTS) {
            fault = Optional.empty();
            story.say("The feed is mended. Mira lets days pass before she closes it: plimsoll incidents close " + number
                    + " --reason …");
        }
    }

    private Optional<DemoPager.Page> awaitPage(String subject) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        Optional<DemoPager.Page> page = pager.about(subject);
        while (page.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MILLIS);
            page = pager.about(subject);
        }
        return page;
    }

    private void breakTheFeed() {
        fault = Optional.of(KILOMETRES);
        report.put("fault", new DemoReport.Fault(KILOMETRES.column(), KILOMETRES.factor(), FAULTY_FROM));
        story.chapter("Nothing crossed by itself: a named fault");
        story.say("From " + FAULTY_FROM
                + " on the application sends `distance` in kilometres, as a feed would that was changed.");
    }

    // ---- what is made anew ----

    private List<Retraining> retrainings() {
        return people.ana()
                .operations()
                .perform(new ListRetrainings(Optional.of(endpoint)))
                .retrainings();
    }

    /** Whether it gave a candidate in the months that the loop plays. */
    private static boolean isFresh(Retraining it) {
        return it.candidate().isPresent() && it.at().isAfter(Instant.parse("2001-03-15T00:00:00Z"));
    }

    private void orderByHand() {
        Retraining ordered =
                people.ana().operations().perform(new Retrain(endpoint, "The month's end, as the card's plan says."));
        story.chapter("Nothing made anew serves yet; Ana orders the monthly retraining");
        story.say("plimsoll retrain " + endpoint + ": retraining " + ordered.number() + ".");
    }

    /** Follows each retraining to its end before the next day is sent, then lets people decide. */
    private void carryOn() throws InterruptedException {
        for (Retraining it : retrainings().reversed()) {
            if (handled.contains(it.number())) {
                continue;
            }
            handled.add(it.number());
            Retraining ended = await(it);
            report.retraining(ended);
            story.chapter("Retraining " + it.number() + ": " + ended.because());
            RetrainCommand.lines(ended).stream().skip(1).forEach(story::say);
            Optional<String> obstacle = obstacle(ended);
            if (obstacle.isEmpty()) {
                steps.promote(ended.version().orElseThrow(), ended.candidate().orElseThrow());
                isRollingOut = true;
            } else {
                story.say(ended.version().map(VersionId::toString).orElse("What would come of it")
                        + " is not promoted: " + obstacle.get() + ".");
            }
        }
    }

    /** Why what came of it does not go on its way. */
    private Optional<String> obstacle(Retraining ended) {
        if (ended.candidate().isEmpty()) {
            return Optional.of(ended.reason().orElse("it has not come to its end"));
        }
        if (isRollingOut) {
            return Optional.of("another rollout is under way");
        }
        var view = people.ana()
                .operations()
                .perform(new ShowCandidate(ended.candidate().get()));
        return view.stale().stream().findFirst();
    }

    private Retraining await(Retraining ordered) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        Retraining now = ordered;
        while (!now.state().isEnd() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MILLIS);
            now = people.ana().operations().perform(new ShowRetraining(ordered.number()));
        }
        return now;
    }

    private void end() {
        report.incidents(incidents().reversed());
    }
}
