package org.plimsoll.access;

import static org.plimsoll.access.Role.BUILDERS;
import static org.plimsoll.access.Role.READERS;
import static org.plimsoll.access.Room.room;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.BlobStore;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** What anyone can ask of the blobs: bytes under their digest, in and out. */
public final class BlobOperations {

    private interface OnHome<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    /** Keeps bytes that must have this digest. */
    public record PutBlob(Digest digest) implements Request.Upload<BlobKept>, OnHome<BlobKept> {}

    /** The bytes with this digest. */
    public record GetBlob(Digest digest) implements OnHome<Content> {}

    /** Which of these are not there yet; what a push has to send. */
    public record MissingBlobs(List<Digest> digests) implements OnHome<BlobsMissing> {
        private static final int MOST = 10_000;

        public MissingBlobs {
            if (digests.size() > MOST) {
                throw Problem.invalid("digests", digests.size() + " digests", "at most " + MOST + " at once");
            }
            digests = List.copyOf(digests);
        }
    }

    public record BlobKept(Digest digest, long bytes) {}

    public record BlobsMissing(List<Digest> digests) {
        public BlobsMissing {
            digests = List.copyOf(digests);
        }
    }

    /** Answers from the blob store. */
    public static final class Blobs {

        private final BlobStore store;

        public Blobs(BlobStore store) {
            this.store = store;
        }

        Digest stage(PutBlob request, InputStream body) throws IOException {
            Digest found = store.add(body);
            if (!found.equals(request.digest())) {
                throw Problem.invalid("digest", request.digest(), "the digest of the bytes sent, which is " + found);
            }
            return found;
        }

        BlobKept add(Transaction tx, PutBlob request, Digest digest) {
            return new BlobKept(digest, store.size(digest));
        }

        Content get(Reading db, GetBlob request) {
            if (!store.has(request.digest())) {
                throw Problem.notFound("blob", request.digest());
            }
            return new Content(
                    "application/octet-stream", Optional.of(request.digest().hex()), out -> {
                        try (InputStream in = store.open(request.digest())) {
                            in.transferTo(out);
                        }
                    });
        }

        BlobsMissing missing(Reading db, MissingBlobs request) {
            return new BlobsMissing(request.digests().stream()
                    .filter(digest -> !store.has(digest))
                    .distinct()
                    .toList());
        }
    }

    public static final Room<Blobs> ROOM = room("store", Blobs.class)
            .upload("blob.put", "PUT /blobs/{digest}", BUILDERS, PutBlob.class, Blobs::stage, Blobs::add)
            .read("blob.get", "GET /blobs/{digest}", READERS, GetBlob.class, Blobs::get)
            .read("blob.missing", "POST /blobs/missing", READERS, MissingBlobs.class, Blobs::missing);

    private BlobOperations() {}
}
