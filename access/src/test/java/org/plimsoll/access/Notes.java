package org.plimsoll.access;

import static org.plimsoll.access.Room.room;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Digest;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** A small room with an operation of each kind, for tests of the entrance. */
public final class Notes {

    interface OnModel<R> extends Request<R> {
        String model();

        @Override
        default Resource on() {
            return Resource.model(model());
        }
    }

    public record WriteNote(String model, String text) implements OnModel<Note> {}

    public record CheckedNote(String model, String text) implements OnModel<Note> {}

    public record ForgetEvent(String model) implements OnModel<Note> {}

    public record CountNotes(String model) implements OnModel<Count> {}

    public record WhoAsks(String model) implements OnModel<Who> {}

    public record LogNote(String model, double weight) implements OnModel<Count> {}

    public record AttachNote(String model, String path) implements Request.Upload<Note>, OnModel<Note> {}

    public record StopNotes(String model) implements OnModel<Count> {}

    public record ApproveNote(String model) implements OnModel<Note> {}

    public record SecretNote(String model) implements OnModel<Note> {}

    public record Note(String model, String text) {}

    public record Count(long notes) {}

    public record Who(String principal) {}

    final List<String> prepared = new ArrayList<>();
    int stops;

    Note write(Transaction tx, WriteNote request) {
        if (request.text().equals("forbidden")) {
            throw Problem.refused("this house does not write that");
        }
        tx.append("note.written", "model/" + request.model(), request);
        return new Note(request.model(), request.text());
    }

    String check(Operation.Look look, CheckedNote request) {
        prepared.add(look.actor().principal());
        return request.text().strip();
    }

    Note writeChecked(Transaction tx, CheckedNote request, String checked) {
        tx.append("note.written", "model/" + request.model(), new Note(request.model(), checked));
        return new Note(request.model(), checked);
    }

    Note forget(Transaction tx, ForgetEvent request) {
        return new Note(request.model(), "nobody will know");
    }

    Count count(Reading db, CountNotes request) {
        return new Count(db.sql()
                .createQuery("SELECT count(*) FROM event WHERE type = 'note.written' AND subject = :subject")
                .bind("subject", "model/" + request.model())
                .mapTo(Long.class)
                .one());
    }

    Who who(Reading db, Actor actor, WhoAsks request) {
        return new Who(actor.principal());
    }

    Count log(Transaction tx, LogNote request) {
        return new Count(1);
    }

    Digest stage(AttachNote request, InputStream body) throws IOException {
        return Digest.of(body.readAllBytes());
    }

    Note attach(Transaction tx, AttachNote request, Digest digest) {
        return new Note(request.model(), request.path() + " " + digest.brief());
    }

    Count stop(Actor actor, StopNotes request) {
        stops++;
        return new Count(stops);
    }

    Note approve(Transaction tx, ApproveNote request) {
        tx.append("note.approved", "model/" + request.model(), request);
        return new Note(request.model(), "approved");
    }

    static final Room<Notes> ROOM = room("notes", Notes.class)
            .change("note.write", "POST /models/{model}/notes", Set.of(Role.OWNER), WriteNote.class, Notes::write)
            .change(
                    "note.write-checked",
                    "POST /models/{model}/checked-notes",
                    Set.of(Role.OWNER),
                    CheckedNote.class,
                    Notes::check,
                    Notes::writeChecked)
            .change(
                    "note.forget",
                    "POST /models/{model}/forgotten",
                    Set.of(Role.OWNER),
                    ForgetEvent.class,
                    Notes::forget)
            .read("note.count", "GET /models/{model}/notes", Role.READERS, CountNotes.class, Notes::count)
            .readAs("note.who", "GET /models/{model}/who", Set.of(), WhoAsks.class, Notes::who)
            .forSignedIn()
            .measure("note.log", "POST /models/{model}/log", Set.of(Role.SERVICE), LogNote.class, Notes::log)
            .upload(
                    "note.attach",
                    "PUT /models/{model}/attachments/{+path}",
                    Set.of(Role.OWNER),
                    AttachNote.class,
                    Notes::stage,
                    Notes::attach)
            .urgent("note.stop", "POST /models/{model}/stop", Set.of(Role.ON_CALL), StopNotes.class, Notes::stop)
            .change(
                    "note.approve",
                    "POST /models/{model}/approval",
                    Set.of(Role.OWNER),
                    ApproveNote.class,
                    Notes::approve)
            .inPerson()
            .change(
                    "note.hide",
                    "POST /models/{model}/secret",
                    Set.of(Role.OWNER),
                    SecretNote.class,
                    (notes, tx, it) -> notes.write(tx, new WriteNote(it.model(), "secret")))
            .secret();
}
