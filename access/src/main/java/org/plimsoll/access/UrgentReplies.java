package org.plimsoll.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Json;
import org.plimsoll.core.Problem;
import tools.jackson.core.JacksonException;

/**
 * What urgent operations answered under which idempotency key. They have no database to ask, so each order is a small file, written
 * before the order takes effect and again with its reply:
 *
 * <pre>
 *   urgent/&lt;SHA-256 of principal and key&gt;   {"v": 1, "operation": "endpoint.rollback", "request": …, "reply": …}
 * </pre>
 *
 * An order that a kill interrupted stays without a reply. Whether it took effect is then for people to see: doing it again could
 * go back one champion too far, so its retry is refused and says so. Files are kept for a week.
 */
public final class UrgentReplies {

    private static final System.Logger LOG = System.getLogger(UrgentReplies.class.getName());
    private static final Duration KEPT = Duration.ofDays(7);
    private static final String FRESH = ".new";

    /** @param reply its JSON; empty while the order is carried out */
    private record Order(int v, String operation, Digest request, Optional<String> reply) {}

    private final Optional<Path> folder;
    private final Map<String, Order> orders = new HashMap<>(); // that are in no file; guarded by this

    private UrgentReplies(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Forgotten when the process ends. */
    static UrgentReplies inMemory() {
        return new UrgentReplies(Optional.empty());
    }

    /** Kept in this folder, which is made where it is missing; what is older than a week is deleted. */
    public static UrgentReplies in(Path folder, Instant now) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(KEPT))) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new UrgentReplies(Optional.of(folder));
    }

    /**
     * Does an urgent operation once for each key. Urgent orders are rare, and two at once under one key must not both act: one
     * after the other.
     *
     * @throws Problem CONFLICT where the key was used for another request, or its order was interrupted
     */
    synchronized <R> R once(
            Actor actor, Operation<?, ?, R> operation, Request<R> request, Optional<String> key, Supplier<R> act) {
        if (key.isEmpty()) {
            return act.get();
        }
        String name = Digest.of(actor.principal() + " " + key.get()).hex();
        Order order = new Order(1, operation.name(), Digest.of(Json.text(request)), Optional.empty());
        Optional<Order> earlier = find(name);
        if (earlier.isPresent()) {
            return repeated(earlier.get(), order, operation, key.get());
        }
        keep(name, order);
        R reply;
        try {
            reply = act.get();
        } catch (RuntimeException refused) {
            forget(name);
            throw refused;
        }
        keep(name, new Order(1, order.operation(), order.request(), Optional.of(Json.text(reply))));
        return reply;
    }

    private static <R> R repeated(Order earlier, Order again, Operation<?, ?, R> operation, String key) {
        if (!earlier.operation().equals(again.operation()) || !earlier.request().equals(again.request())) {
            throw Replies.usedBefore(key, earlier.operation());
        }
        String reply = earlier.reply()
                .orElseThrow(() -> Problem.of(
                        Problem.Kind.CONFLICT,
                        operation.name() + " was begun under the idempotency key " + key
                                + " and interrupted; see what answers now, and where it is still needed, order it under"
                                + " another key",
                        Map.of("idempotency_key", key)));
        return Json.MAPPER.readValue(reply, Json.MAPPER.constructType(operation.reply()));
    }

    private Optional<Order> find(String name) {
        Optional<Order> here = Optional.ofNullable(orders.get(name));
        if (here.isPresent() || folder.isEmpty()) {
            return here;
        }
        try {
            return Optional.of(Json.read(Files.readAllBytes(folder.get().resolve(name)), Order.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | JacksonException unreadable) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    "what was ordered under this key cannot be read (" + unreadable.getMessage()
                            + "); choose another key");
        }
    }

    /** An order that cannot be written is carried out all the same, and known to this process. */
    private void keep(String name, Order order) {
        try {
            if (folder.isPresent()) {
                write(folder.get(), name, Json.bytes(order));
            } else {
                orders.put(name, order);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "an urgent order is not known under its key after a restart", e);
            orders.put(name, order);
        }
    }

    private static void write(Path folder, String name, byte[] order) throws IOException {
        Path fresh = folder.resolve(name + FRESH);
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(order);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void forget(String name) {
        orders.remove(name);
        try {
            if (folder.isPresent()) {
                Files.deleteIfExists(folder.get().resolve(name));
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "an urgent order that was refused stays under its key", e);
        }
    }
}
