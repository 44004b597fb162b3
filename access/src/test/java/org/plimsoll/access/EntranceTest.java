package org.plimsoll.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.plimsoll.access.Gatehouse.on;
import static org.plimsoll.access.Resource.ORGANISATION;
import static org.plimsoll.access.Role.ADMINISTRATOR;
import static org.plimsoll.access.Role.ON_CALL;
import static org.plimsoll.access.Role.OWNER;
import static org.plimsoll.access.Role.VIEWER;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.AccessOperations.TakeRole;
import org.plimsoll.access.Notes.ApproveNote;
import org.plimsoll.access.Notes.AttachNote;
import org.plimsoll.access.Notes.CheckedNote;
import org.plimsoll.access.Notes.CountNotes;
import org.plimsoll.access.Notes.ForgetEvent;
import org.plimsoll.access.Notes.Note;
import org.plimsoll.access.Notes.SecretNote;
import org.plimsoll.access.Notes.StopNotes;
import org.plimsoll.access.Notes.WhoAsks;
import org.plimsoll.access.Notes.WriteNote;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.MovableClock;
import org.plimsoll.store.Worker;

@EachDatabase
class EntranceTest {

    private static final Resource LATE = Resource.model("late");

    @Parameter
    Databases databases;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-23T02:00:00Z"));
    private Gatehouse house;
    private Actor owner;
    private Operations owners;

    @BeforeEach
    void open() {
        house = new Gatehouse(databases.fresh(clock), clock);
        owner = house.somebody("owner", on(LATE, OWNER));
        owners = house.entrance.as(owner);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void change_byTheOwner_isDoneAndAppendsItsEvent() {
        assertThat(owners.perform(new WriteNote("late", "first"))).isEqualTo(new Note("late", "first"));
        assertThat(owners.perform(new CountNotes("late")).notes()).isEqualTo(1);
    }

    @Test
    void change_withoutTheRole_isDeniedAndAudited() {
        Actor viewer = house.somebody("viewer", on(ORGANISATION, VIEWER));
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(viewer).perform(new WriteNote("late", "x")));
        assertThat(house.events("denied")).isEqualTo(1);
        assertThat(house.events("note.written")).isZero();
    }

    @Test
    void change_byTheAdministratorAlone_isDenied() {
        Actor administrator = house.somebody("adm", on(ORGANISATION, ADMINISTRATOR));
        Operations theirs = house.entrance.as(administrator);
        assertKind(Problem.Kind.DENIED, () -> theirs.perform(new WriteNote("late", "x")));
        assertKind(Problem.Kind.DENIED, () -> theirs.perform(new CountNotes("late")));
    }

    @Test
    void change_byAnAnonymousCaller_isUnauthenticatedAndAudited() {
        assertKind(
                Problem.Kind.UNAUTHENTICATED,
                () -> house.entrance.as(Actor.ANONYMOUS).perform(new WriteNote("late", "x")));
        assertThat(house.events("denied")).isEqualTo(1);
    }

    @Test
    void grant_onAParent_holdsForItsChildrenOnly() {
        Actor ownerOfAll = house.somebody("above", on(Resource.of("family", "flights"), OWNER));
        house.database.write(Actor.SYSTEM, tx -> {
            Resources.add(tx, Resource.of("family", "flights"), ORGANISATION);
            Resources.add(tx, LATE, Resource.of("family", "flights"));
            return true;
        });
        house.entrance.as(ownerOfAll).perform(new WriteNote("late", "below"));
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(ownerOfAll).perform(new WriteNote("other", "beside")));
    }

    @Test
    void grant_takenAway_isGoneWithTheNextRequest() {
        owners.perform(new WriteNote("late", "still"));
        house.entrance.as(Actor.SYSTEM).perform(new TakeRole("owner", OWNER, java.util.Optional.of(LATE)));
        assertKind(Problem.Kind.DENIED, () -> owners.perform(new WriteNote("late", "no more")));
    }

    @Test
    void refusals_ofOneCaller_areToldTenTimesAMinuteAndThenCounted() {
        Actor viewer = house.somebody("viewer", on(ORGANISATION, VIEWER));
        for (int i = 0; i < 25; i++) {
            assertKind(Problem.Kind.DENIED, () -> house.entrance.as(viewer).perform(new WriteNote("late", "x")));
        }
        assertThat(house.events("denied")).isEqualTo(10);
        clock.advance(Duration.ofMinutes(1));
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(viewer).perform(new WriteNote("late", "x")));
        assertThat(house.events("denied")).isEqualTo(11);
        String told = house.database.read(db -> db.sql()
                .createQuery("SELECT detail FROM event WHERE type = 'denied' ORDER BY id DESC LIMIT 1")
                .mapTo(String.class)
                .one());
        assertThat(told).contains("\"untold\":15");
    }

    @Test
    void refusal_byARule_isAuditedAndChangesNothing() {
        assertKind(Problem.Kind.REFUSED, () -> owners.perform(new WriteNote("late", "forbidden")));
        assertThat(house.events("denied")).isEqualTo(1);
        assertThat(house.events("note.written")).isZero();
    }

    @Test
    void change_withoutAnEvent_isADefectAndLeavesNothing() {
        assertThatThrownBy(() -> owners.perform(new ForgetEvent("late"))).hasMessageContaining("without an event");
    }

    @Test
    void key_usedAgain_givesTheFirstAnswerOnce() {
        Note first = owners.perform(new WriteNote("late", "once"), "key-1");
        assertThat(owners.perform(new WriteNote("late", "once"), "key-1")).isEqualTo(first);
        assertThat(house.events("note.written")).isEqualTo(1);
    }

    @Test
    void key_usedForAnotherRequest_isAConflict() {
        owners.perform(new WriteNote("late", "once"), "key-1");
        assertKind(Problem.Kind.CONFLICT, () -> owners.perform(new WriteNote("late", "twice"), "key-1"));
        assertKind(Problem.Kind.CONFLICT, () -> owners.perform(new ApproveNote("late"), "key-1"));
        assertThat(house.events("note.written")).isEqualTo(1);
    }

    @Test
    void key_ofSomebodyElse_isNotSeen() {
        owners.perform(new WriteNote("late", "once"), "key-1");
        Actor second = house.somebody("second", on(LATE, OWNER));
        house.entrance.as(second).perform(new WriteNote("late", "theirs"), "key-1");
        assertThat(house.events("note.written")).isEqualTo(2);
    }

    @Test
    void key_usedByManyAtOnce_takesEffectOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Note> ask = () -> owners.perform(new WriteNote("late", "once"), "key-1");
            for (Future<Note> answer : threads.invokeAll(List.of(ask, ask, ask, ask, ask, ask, ask, ask))) {
                assertThat(answer.get()).isEqualTo(new Note("late", "once"));
            }
        }
        assertThat(house.events("note.written")).isEqualTo(1);
    }

    @Test
    void key_withASecret_isRefusedAgainAndKeepsNothing() {
        owners.perform(new SecretNote("late"), "key-1");
        assertKind(Problem.Kind.CONFLICT, () -> owners.perform(new SecretNote("late"), "key-1"));
        String kept = house.database.read(db -> db.sql()
                .createQuery("SELECT reply || request_digest FROM idempotency")
                .mapTo(String.class)
                .one());
        assertThat(kept).isEmpty();
    }

    @Test
    void key_thatIsNotVisibleText_isInvalid() {
        assertKind(Problem.Kind.INVALID, () -> owners.perform(new WriteNote("late", "x"), "a\nb"));
        assertKind(Problem.Kind.INVALID, () -> owners.perform(new WriteNote("late", "x"), "k".repeat(101)));
    }

    @Test
    void key_ofLastWeek_isForgotten() {
        owners.perform(new WriteNote("late", "once"), "key-1");
        try (var worker = new Worker(house.database, "node", List.of(Forgetting.job()), 1)) {
            clock.advance(Duration.ofDays(6));
            assertThat(worker.runOne()).isTrue();
            owners.perform(new WriteNote("late", "once"), "key-1");
            assertThat(house.events("note.written")).as("remembered for a week").isEqualTo(1);
            clock.advance(Duration.ofDays(2));
            assertThat(worker.runOne()).isTrue();
        }
        owners.perform(new WriteNote("late", "once"), "key-1");
        assertThat(house.events("note.written")).isEqualTo(2);
    }

    @Test
    void slowPart_ofAChange_runsBeforeTheTransactionAndOnlyForThoseWhoMay() {
        assertThat(owners.perform(new CheckedNote("late", " spaced "))).isEqualTo(new Note("late", "spaced"));
        Actor viewer = house.somebody("viewer", on(ORGANISATION, VIEWER));
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(viewer).perform(new CheckedNote("late", "x")));
        assertThat(house.notes.prepared).containsExactly(owner.principal());
    }

    @Test
    void slowPart_ofARetriedChange_doesNotRunAgain() {
        owners.perform(new CheckedNote("late", "x"), "key-1");
        owners.perform(new CheckedNote("late", "x"), "key-1");
        assertThat(house.notes.prepared).hasSize(1);
    }

    @Test
    void upload_withTheSameKeyAndOtherBytes_isAConflict() {
        Bytes bytes = Bytes.of("abc".getBytes(StandardCharsets.UTF_8));
        Note first = owners.upload(new AttachNote("late", "a/b.txt"), bytes, "key-1");
        assertThat(owners.upload(new AttachNote("late", "a/b.txt"), bytes, "key-1"))
                .isEqualTo(first);
        Bytes other = Bytes.of("abd".getBytes(StandardCharsets.UTF_8));
        assertKind(Problem.Kind.CONFLICT, () -> owners.upload(new AttachNote("late", "a/b.txt"), other, "key-1"));
    }

    @Test
    void urgentAct_isAuthorizedFromMemory_evenWithTheDatabaseGone() {
        Actor onCall = house.somebody("night", on(LATE, ON_CALL));
        house.standing.start();
        house.database.close();
        assertThat(house.entrance
                        .as(onCall)
                        .perform(new StopNotes("late"), "key-1")
                        .notes())
                .isEqualTo(1);
        assertThat(house.entrance
                        .as(onCall)
                        .perform(new StopNotes("late"), "key-1")
                        .notes())
                .isEqualTo(1);
        assertKind(Problem.Kind.DENIED, () -> owners.perform(new StopNotes("late")));
    }

    @Test
    void token_isRefusedWhereAPersonIsNeeded() {
        var token = new Actor(owner.principal(), Proof.TOKEN, Set.of());
        assertKind(Problem.Kind.DENIED, () -> house.entrance.as(token).perform(new ApproveNote("late")));
        owners.perform(new ApproveNote("late"));
    }

    @Test
    void read_thatDependsOnTheCaller_knowsWhoAsks() {
        assertThat(owners.perform(new WhoAsks("late")).principal()).isEqualTo(owner.principal());
    }

    private static void assertKind(Problem.Kind kind, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(kind));
    }
}
