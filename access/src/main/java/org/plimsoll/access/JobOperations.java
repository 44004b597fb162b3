package org.plimsoll.access;

import static org.plimsoll.access.Room.room;

import java.util.List;
import java.util.Set;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Job;
import org.plimsoll.store.Jobs;
import org.plimsoll.store.Reading;

/** What anyone can ask of the work that goes on behind: a long change answers with its job, and this says how it goes. */
public final class JobOperations {

    public record GetJob(String job) implements Request<Job> {
        @Override
        public Resource on() {
            return Resource.of("job", job);
        }
    }

    /** The newest hundred jobs about something, written {@code kind/name}. */
    public record ListJobs(Resource about) implements Request<List<Job>> {
        @Override
        public Resource on() {
            return about;
        }
    }

    /** Shows a job to whoever may see what it is about. */
    public static final class JobDesk {

        Job get(Reading db, Actor actor, GetJob request) {
            Job job = Jobs.find(db, request.job()).orElseThrow(() -> Problem.notFound("job", request.job()));
            boolean isTheirs = !Grants.roles(db, actor.principal(), Resource.parse(job.subject()))
                    .isEmpty();
            if (!isTheirs && actor.proof() != Actor.Proof.SYSTEM) {
                throw Problem.notFound("job", request.job()); // whoever may not see it is not told that it exists
            }
            return job;
        }

        List<Job> list(Reading db, ListJobs request) {
            return Jobs.about(db, request.about().toString(), 100);
        }
    }

    public static final Room<JobDesk> ROOM = room("store", JobDesk.class)
            .readAs("job.get", "GET /jobs/{job}", Set.of(), GetJob.class, JobDesk::get)
            .forSignedIn()
            .read("job.list", "GET /jobs", Role.READERS, ListJobs.class, JobDesk::list);

    private JobOperations() {}
}
