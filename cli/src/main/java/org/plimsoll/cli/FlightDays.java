package org.plimsoll.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.plimsoll.access.Operations;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.Problem;
import org.plimsoll.predictions.Outcome;
import org.plimsoll.predictions.PredictionsOperations.AddOutcomes;

/**
 * Plays the year 2001, day by day: flights are asked about as they leave, and of each the truth is told after it has landed.
 *
 * <p>Time is that of the flights: the endpoint replays, so its now is the latest departure that it was asked about.
 */
final class FlightDays {

    /** When the truth of a day's last flights is due, after the day: the task's maturity. */
    private static final Duration MATURITY = Duration.ofHours(12);

    private static final int FLIGHTS_A_REQUEST = 500;
    private static final int REQUESTS_AT_ONCE = 2;
    private static final int OUTCOMES_A_REQUEST = 5_000;

    /** A flight that was asked about, and under which id its answer is known. */
    private record Asked(int flight, String prediction, int row) {}

    private final FlightRows flights;
    private final FlightTraffic traffic;
    private final Operations gates;
    private final EndpointName endpoint;
    private final List<Asked> underway = new ArrayList<>();
    private long asked;
    private int askedUntil;

    /** @param gates the application: it tells outcomes */
    FlightDays(FlightRows flights, FlightTraffic traffic, Operations gates, EndpointName endpoint) {
        this.flights = flights;
        this.traffic = traffic;
        this.gates = gates;
        this.endpoint = endpoint;
    }

    /** Asks about every flight of a day as it leaves, then tells the truth of those that have landed. */
    void play(LocalDate day) throws InterruptedException {
        play(day, Optional.empty());
    }

    /** The same, while the data of whoever asks is wrong in this way. */
    void play(LocalDate day, Optional<FlightTraffic.Fault> fault) throws InterruptedException {
        Instant begins = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant noon = begins.plus(MATURITY);
        play(begins, noon, fault); // by then yesterday's last flights have landed, and their truth is due
        play(noon, day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(), fault);
    }

    /** Asks about every flight before this day that nobody asked about yet, after others have asked about some; truths come as they are due. */
    void finish(LocalDate next) throws InterruptedException {
        Instant ends = next.atStartOfDay(ZoneOffset.UTC).toInstant();
        while (askedUntil < flights.from(ends)) {
            Instant until = flights.departedAt(askedUntil)
                    .truncatedTo(ChronoUnit.HALF_DAYS)
                    .plus(MATURITY); // noon or midnight, as if nobody else had asked
            ask(askedUntil, flights.from(until), Optional.empty());
            tellUntil(until);
        }
    }

    /** Tells the truth of every flight that had landed when this one left. */
    void tellAsOf(int flight) {
        tellUntil(flights.departedAt(flight));
    }

    private void play(Instant begins, Instant ends, Optional<FlightTraffic.Fault> fault) throws InterruptedException {
        ask(flights.from(begins), flights.from(ends), fault);
        tellUntil(ends);
    }

    private void ask(int first, int end, Optional<FlightTraffic.Fault> fault) throws InterruptedException {
        try (var gateways = Executors.newFixedThreadPool(
                REQUESTS_AT_ONCE, Thread.ofVirtual().factory())) {
            List<Callable<Boolean>> requests = new ArrayList<>();
            for (int[] of : flights.requests(first, end, FLIGHTS_A_REQUEST)) {
                requests.add(() -> {
                    byte[] body = FlightTraffic.body(flights.asked(of[0], of[1]), fault);
                    remember(traffic.ask(body), of[0], of[1]);
                    return true;
                });
            }
            for (Future<Boolean> answered : gateways.invokeAll(requests)) {
                answered.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Problem problem ? problem : new IllegalStateException(e.getCause());
        }
    }

    /** Notes an answer, so that the truth can be told later. Any thread. */
    synchronized void remember(FlightTraffic.Answer answer, int from, int until) {
        for (int flight = from; flight < until; flight++) {
            underway.add(new Asked(flight, answer.prediction(), flight - from));
        }
        asked += until - from;
        askedUntil = Math.max(askedUntil, until);
    }

    /** Tells the truth of every flight that has landed by then. */
    synchronized void tellUntil(Instant now) {
        List<Outcome> landed = new ArrayList<>();
        underway.removeIf(it -> {
            Instant at = flights.landedAt(it.flight());
            if (at.isAfter(now)) {
                return false;
            }
            landed.add(
                    new Outcome(it.prediction(), it.row(), String.valueOf(flights.isLate(it.flight())), Map.of(), at));
            return true;
        });
        for (int begin = 0; begin < landed.size(); begin += OUTCOMES_A_REQUEST) {
            gates.perform(new AddOutcomes(
                    endpoint, landed.subList(begin, Math.min(landed.size(), begin + OUTCOMES_A_REQUEST))));
        }
    }

    /** Tells the truth of all that were asked about, however long they fly. */
    void tellAll() {
        tellUntil(Instant.MAX.minus(Duration.ofDays(1)));
    }

    /** How many flights were asked about. */
    synchronized long asked() {
        return asked;
    }
}
