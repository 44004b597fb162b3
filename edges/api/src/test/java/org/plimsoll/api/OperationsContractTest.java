package org.plimsoll.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.plimsoll.access.Bytes;
import org.plimsoll.access.Content;
import org.plimsoll.access.Operations;
import org.plimsoll.api.Shelf.BindBook;
import org.plimsoll.api.Shelf.Book;
import org.plimsoll.api.Shelf.BreakBook;
import org.plimsoll.api.Shelf.Carried;
import org.plimsoll.api.Shelf.CarryBook;
import org.plimsoll.api.Shelf.FindBooks;
import org.plimsoll.api.Shelf.PutBook;
import org.plimsoll.api.Shelf.ReadBook;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Job;

/** The seam {@link Operations}: whoever asks cannot tell whether the room is here or behind HTTP. */
@ParameterizedClass(name = "{0}")
@EnumSource
class OperationsContractTest {

    enum Way {
        HERE {
            @Override
            Operations owner(Wire wire) {
                return wire.entrance.as(Wire.OWNER);
            }

            @Override
            Operations anyone(Wire wire) {
                return wire.entrance.as(Actor.ANONYMOUS);
            }
        },
        HTTP {
            @Override
            Operations owner(Wire wire) {
                return new HttpOperations(wire.address(), Optional.of(Wire.TOKEN), wire.catalogue);
            }

            @Override
            Operations anyone(Wire wire) {
                return new HttpOperations(wire.address(), Optional.empty(), wire.catalogue);
            }
        };

        abstract Operations owner(Wire wire);

        abstract Operations anyone(Wire wire);
    }

    private static final ModelName LATE = new ModelName("late.arrival-2");

    @Parameter
    Way way;

    @AutoClose
    private final Wire wire = new Wire();

    private Operations owner;

    @BeforeEach
    void open() {
        owner = way.owner(wire);
    }

    @Test
    void change_givesBackItsRecord() {
        var asked = new PutBook(
                LATE, "Ünïcode & 100% / \"quotes\"", 0.1, Optional.of(3), List.of("a", "b"), Optional.empty());
        assertThat(owner.perform(asked)).isEqualTo(new Book(LATE, asked.title(), 0.1, asked.pages(), asked.tags()));
    }

    @Test
    void read_takesEveryFieldFromTheAddress() {
        var asked = new FindBooks(LATE, Optional.of("a b&c=d/é+%"), List.of("x", "y z"), Optional.of(7));
        Book found = owner.perform(asked).getFirst();
        assertThat(found.title()).isEqualTo("a b&c=d/é+%");
        assertThat(found.tags()).containsExactly("x", "y z");
        assertThat(found.weight()).isEqualTo(7);
        assertThat(owner.perform(new FindBooks(LATE, Optional.empty(), List.of(), Optional.empty()))
                        .getFirst()
                        .tags())
                .isEmpty();
    }

    @Test
    void upload_keepsNestedPathsAndMegabytes() {
        byte[] bytes = "0123456789".repeat(500_000).getBytes(StandardCharsets.UTF_8);
        Carried carried = owner.upload(
                new CarryBook(LATE, "deep/er/file 1.bin", Optional.of(Duration.ofHours(12))), Bytes.of(bytes));
        assertThat(carried)
                .isEqualTo(new Carried("deep/er/file 1.bin", Digest.of(bytes), Optional.of(Duration.ofHours(12))));
    }

    @Test
    void download_isWrittenWhole() throws IOException {
        Content content = owner.perform(new ReadBook(LATE));
        var out = new ByteArrayOutputStream();
        content.writer().to(out);
        assertThat(out.size()).isEqualTo(1_000_000);
        assertThat(content.mediaType()).isEqualTo("text/plain");
    }

    @Test
    void longChange_answersWithItsJob() {
        Job job = owner.perform(new BindBook(LATE));
        assertThat(job.kind()).isEqualTo("book.bind");
        assertThat(job.state()).isEqualTo(Job.State.WAITING);
    }

    @Test
    void key_usedAgain_takesEffectOnce() {
        var asked = new PutBook(LATE, "once", 1, Optional.empty(), List.of(), Optional.empty());
        Book first = owner.perform(asked, "key-1");
        assertThat(owner.perform(asked, "key-1")).isEqualTo(first);
        assertThat(wire.events()).isEqualTo(1);
        var other = new PutBook(LATE, "twice", 1, Optional.empty(), List.of(), Optional.empty());
        assertProblem(Problem.Kind.CONFLICT, "key-1", () -> owner.perform(other, "key-1"));
    }

    @Test
    void refusals_areTheSameProblemWithTheSameFacts() {
        var heavy = new PutBook(LATE, "lead", 101, Optional.empty(), List.of(), Optional.empty());
        assertProblem(Problem.Kind.REFUSED, "too heavy", () -> owner.perform(heavy));
        Operations anyone = way.anyone(wire);
        assertProblem(Problem.Kind.UNAUTHENTICATED, "sign in", () -> anyone.perform(new BindBook(LATE)));
        var light = new PutBook(LATE, "feather", 1, Optional.empty(), List.of(), Optional.empty());
        assertProblem(Problem.Kind.UNAUTHENTICATED, "sign in", () -> anyone.perform(light));
        var path = new CarryBook(LATE, "a", Optional.empty());
        assertProblem(Problem.Kind.UNAUTHENTICATED, "sign in", () -> anyone.upload(path, Bytes.of(new byte[200_000])));
        assertThat(wire.events()).isZero();
    }

    @Test
    void unreachableServer_saysSo() {
        var nobody = new HttpOperations(URI.create("http://127.0.0.1:1"), Optional.empty(), wire.catalogue);
        assertProblem(Problem.Kind.UNREACHABLE, "does not answer", () -> nobody.perform(new BindBook(LATE)));
    }

    @Test
    void defect_overHttp_tellsNothingOfTheInside() {
        if (way == Way.HTTP) {
            assertThatThrownBy(() -> owner.perform(new BreakBook(LATE)))
                    .isInstanceOfSatisfying(Problem.class, problem -> {
                        assertThat(problem.kind()).isEqualTo(Problem.Kind.INTERNAL);
                        assertThat(problem.detail()).doesNotContain("shadow");
                    });
        }
    }

    private static void assertProblem(Problem.Kind kind, String detail, ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem.detail()).contains(detail);
        });
    }
}
