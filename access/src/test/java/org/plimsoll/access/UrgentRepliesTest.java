package org.plimsoll.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.access.Notes.Count;
import org.plimsoll.access.Notes.StopNotes;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.Problem;

class UrgentRepliesTest {

    private static final Instant NOW = Instant.now();
    private static final Actor NIGHT = new Actor("night", Proof.SESSION, Set.of());
    private static final Operation<?, Request<Count>, Count> STOP =
            new Catalogue(List.of(Notes.ROOM)).of(new StopNotes("late"));

    @TempDir
    Path folder;

    private final AtomicLong done = new AtomicLong();

    /** As a process would that has just started. */
    private Count stop(String what, String key) {
        return UrgentReplies.in(folder, NOW)
                .once(NIGHT, STOP, new StopNotes(what), Optional.of(key), () -> new Count(done.incrementAndGet()));
    }

    @Test
    void retry_afterARestart_getsTheReplyOfTheFirst() {
        assertThat(stop("late", "key-1")).isEqualTo(new Count(1));
        assertThat(stop("late", "key-1")).isEqualTo(new Count(1));
        assertThat(stop("late", "key-2")).isEqualTo(new Count(2));
    }

    @Test
    void keyOfAnotherOrder_isAConflict() {
        stop("late", "key-1");
        assertThatThrownBy(() -> stop("early", "key-1"))
                .isInstanceOfSatisfying(
                        Problem.class, it -> assertThat(it.kind()).isEqualTo(Problem.Kind.CONFLICT));
        assertThat(done).hasValue(1);
    }

    @Test
    void retry_ofAnOrderThatAKillInterrupted_isRefused() {
        assertThatThrownBy(() -> UrgentReplies.in(folder, NOW)
                        .once(NIGHT, STOP, new StopNotes("late"), Optional.of("key-1"), () -> {
                            throw new StackOverflowError(); // passes as a kill does: nothing is tidied up
                        }))
                .isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> stop("late", "key-1")).hasMessageContaining("interrupted");
        assertThat(done).hasValue(0);
    }

    @Test
    void refusedOrder_mayBeTriedAgain() {
        assertThatThrownBy(() -> UrgentReplies.in(folder, NOW)
                        .once(NIGHT, STOP, new StopNotes("late"), Optional.of("key-1"), () -> {
                            throw Problem.refused("nothing to return to");
                        }))
                .isInstanceOf(Problem.class);
        assertThat(stop("late", "key-1")).isEqualTo(new Count(1));
    }
}
