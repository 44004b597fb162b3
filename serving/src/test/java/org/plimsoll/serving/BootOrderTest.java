package org.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.plimsoll.core.EndpointName;

/** Of many models on a starting node, the one that somebody asks is loaded next, and its caller waits for no other. */
class BootOrderTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final BootOrder order = new BootOrder();

    private static List<EndpointName> named(String... names) {
        return Stream.of(names).map(EndpointName::new).toList();
    }

    private Thread caller(String endpoint) {
        return Thread.ofVirtual().start(() -> order.await(endpoint, LONG));
    }

    private static void untilItWaits(Thread caller) throws InterruptedException {
        while (caller.getState() != Thread.State.WAITING && caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
    }

    @Test
    void next_asked_comesBeforeTheOthers() throws InterruptedException {
        Thread early = caller("c"); // before anything is known of the disk
        untilItWaits(early);
        order.list(named("a", "b", "c", "d"));
        untilItWaits(early);

        EndpointName first = order.next().orElseThrow();
        order.done(first);
        early.join();

        assertThat(first).isEqualTo(new EndpointName("c"));
        assertThat(Stream.generate(order::next).limit(4).flatMap(java.util.Optional::stream))
                .isEqualTo(named("a", "b", "d"));
    }

    @Test
    void await_whatIsNotThere_orWillNotBe_doesNotWait() throws InterruptedException {
        order.list(named("a", "b"));
        order.await("z", LONG);
        Thread caller = caller("b");
        untilItWaits(caller);
        order.end();
        caller.join();
        order.await("a", LONG);
        assertThat(order.next()).isEmpty();
    }

    @Test
    void await_tooLong_saysThatItLoads() {
        order.list(named("a"));
        assertThatThrownBy(() -> order.await("a", Duration.ofMillis(1))).hasMessageContaining("still loading");
    }
}
