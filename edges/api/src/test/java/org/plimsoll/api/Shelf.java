package org.plimsoll.api;

import static org.plimsoll.access.Room.room;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Content;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.Digest;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Job;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** A room with every shape that can travel: for tests of the wire. */
public final class Shelf {

    interface OnModel<R> extends Request<R> {
        ModelName model();

        @Override
        default Resource on() {
            return Resource.model(model());
        }
    }

    public record PutBook(
            ModelName model,
            String title,
            double weight,
            Optional<Integer> pages,
            List<String> tags,
            Optional<Instant> at)
            implements OnModel<Book> {}

    public record FindBooks(ModelName model, Optional<String> title, List<String> tags, Optional<Integer> most)
            implements OnModel<List<Book>> {}

    public record CarryBook(ModelName model, String path, Optional<Duration> within)
            implements Request.Upload<Carried>, OnModel<Carried> {}

    public record ReadBook(ModelName model) implements OnModel<Content> {}

    public record BindBook(ModelName model) implements OnModel<Job> {}

    public record BreakBook(ModelName model) implements OnModel<Book> {}

    public record Book(ModelName model, String title, double weight, Optional<Integer> pages, List<String> tags) {}

    public record Carried(String path, Digest digest, Optional<Duration> within) {}

    Book put(Transaction tx, PutBook request) {
        if (request.weight() > 100) {
            throw Problem.refused("too heavy for this shelf");
        }
        tx.append("book.put", request.on().toString(), request);
        return new Book(request.model(), request.title(), request.weight(), request.pages(), request.tags());
    }

    List<Book> find(Reading db, FindBooks request) {
        return List.of(new Book(
                request.model(),
                request.title().orElse("any"),
                request.most().orElse(0),
                Optional.empty(),
                request.tags()));
    }

    Digest stage(CarryBook request, InputStream body) throws IOException {
        return Digest.of(body.readAllBytes());
    }

    Carried carry(Transaction tx, CarryBook request, Digest digest) {
        return new Carried(request.path(), digest, request.within());
    }

    Content read(Reading db, ReadBook request) {
        byte[] bytes = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        return new Content("text/plain", Optional.of("a book.txt"), out -> out.write(bytes));
    }

    Job bind(Transaction tx, BindBook request) {
        tx.append("book.binding-ordered", request.on().toString(), request);
        return Jobs.queue(tx, "book.bind", request.on().toString(), request, tx.instant());
    }

    Book broken(Transaction tx, BreakBook request) {
        throw new IllegalStateException("a secret of the server: /etc/shadow");
    }

    static final Set<Role> OWNERS = Set.of(Role.OWNER);

    static final Room<Shelf> ROOM = room("shelf", Shelf.class)
            .change("book.put", "POST /models/{model}/books", OWNERS, PutBook.class, Shelf::put)
            .upTo(10_000)
            .read("book.find", "GET /models/{model}/books", OWNERS, FindBooks.class, Shelf::find)
            .upload(
                    "book.carry",
                    "PUT /models/{model}/carried/{+path}",
                    OWNERS,
                    CarryBook.class,
                    Shelf::stage,
                    Shelf::carry)
            .read("book.read", "GET /models/{model}/book.txt", OWNERS, ReadBook.class, Shelf::read)
            .change("book.bind", "POST /models/{model}/binding", OWNERS, BindBook.class, Shelf::bind)
            .change("book.break", "POST /models/{model}/breaking", OWNERS, BreakBook.class, Shelf::broken);
}
