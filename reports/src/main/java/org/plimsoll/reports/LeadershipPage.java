package org.plimsoll.reports;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.plimsoll.access.Principals;
import org.plimsoll.core.Verdict;
import org.plimsoll.core.VersionId;
import org.plimsoll.gates.GateReport;
import org.plimsoll.gates.GateReports;
import org.plimsoll.governance.Candidate;
import org.plimsoll.governance.Candidates;
import org.plimsoll.governance.Finding;
import org.plimsoll.governance.Findings;
import org.plimsoll.governance.Promotions;
import org.plimsoll.governance.Votes;
import org.plimsoll.monitoring.Incident;
import org.plimsoll.monitoring.Incidents;
import org.plimsoll.monitoring.Retraining;
import org.plimsoll.monitoring.Retrainings;
import org.plimsoll.registry.Model;
import org.plimsoll.registry.Models;
import org.plimsoll.registry.Obligation;
import org.plimsoll.registry.Versions;
import org.plimsoll.reports.Leadership.Line;
import org.plimsoll.reports.Leadership.Performance;
import org.plimsoll.reports.Leadership.RedLine;
import org.plimsoll.reports.ReportsOperations.ShowLeadership;
import org.plimsoll.serving.EndpointView;
import org.plimsoll.serving.Endpoints;
import org.plimsoll.serving.PublishedTable;
import org.plimsoll.serving.Rollout;
import org.plimsoll.serving.RolloutState;
import org.plimsoll.store.Reading;

/** Makes the leadership page from the records of all rooms, in one snapshot of the database. */
public final class LeadershipPage {

    private static final String INCIDENT = "Incident open";
    private static final String UNDELIVERED = "Page not delivered";
    private static final String NO_OWNER = "No owner";
    private static final String ANSWERS_NOBODY = "Answers nobody";
    private static final String PAUSED = "Rollout paused";
    private static final String REVIEW_OPEN = "Review open";
    private static final String EXPIRED = "Approval expired";
    private static final String UNMET = "Obligation unmet";
    private static final String WORSE = "Worse than approved";
    private static final String UNEXPLAINED = "No promotion on record";

    /** Every kind of red line, and what it is called where there is none. */
    private static final Map<String, String> LOOKED_FOR = lookedFor();

    private static Map<String, String> lookedFor() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put(INCIDENT, "open incident");
        kinds.put(UNDELIVERED, "page that reached nobody");
        kinds.put(NO_OWNER, "endpoint without an owner");
        kinds.put(ANSWERS_NOBODY, "endpoint that answers nobody");
        kinds.put(PAUSED, "paused rollout");
        kinds.put(REVIEW_OPEN, "rollback, drain or quarantine without a review");
        kinds.put(EXPIRED, "expired approval");
        kinds.put(UNMET, "unmet obligation");
        kinds.put(WORSE, "performance proved below approval");
        kinds.put(UNEXPLAINED, "version that serves without a promotion");
        return kinds;
    }

    private final Models models;
    private final Versions versions;
    private final Endpoints endpoints;
    private final Promotions promotions;
    private final Candidates candidates;
    private final Votes votes;
    private final Findings findings;
    private final GateReports reports;
    private final LivePerformance performance;
    private final Retrainings retrainings;

    public LeadershipPage(
            Models models,
            Versions versions,
            Endpoints endpoints,
            Promotions promotions,
            Candidates candidates,
            Votes votes,
            Findings findings,
            GateReports reports,
            LivePerformance performance,
            Retrainings retrainings) {
        this.models = models;
        this.versions = versions;
        this.endpoints = endpoints;
        this.promotions = promotions;
        this.candidates = candidates;
        this.votes = votes;
        this.findings = findings;
        this.reports = reports;
        this.performance = performance;
        this.retrainings = retrainings;
    }

    /** The page as of now. */
    public Leadership show(Reading db, ShowLeadership request) {
        List<RedLine> red = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        for (EndpointView view : endpoints.views(db).reversed()) {
            Model model = models.get(db, view.endpoint().model());
            Optional<Basis> basis = basis(db, view);
            Line line = line(db, view, model, basis);
            lines.add(line);
            red.addAll(incidents(db, view, model));
            red.addAll(redLines(db, view, model, basis));
            red.addAll(promises(db, view, model, line));
        }
        red.sort(Comparator.comparing(RedLine::tier)
                .thenComparing(line -> line.endpoint().value()));
        List<String> notFound = new ArrayList<>();
        LOOKED_FOR.forEach((what, inWords) -> {
            if (red.stream().noneMatch(line -> line.what().equals(what))) {
                notFound.add(inWords);
            }
        });
        return new Leadership(position(db), db.instant(), red, notFound, lines);
    }

    private static long position(Reading db) {
        return db.sql()
                .createQuery("SELECT coalesce(max(position), 0) FROM event")
                .mapTo(Long.class)
                .one();
    }

    /** On what the champion's place rests. */
    private record Basis(Candidate candidate, GateReport report) {}

    private Optional<Basis> basis(Reading db, EndpointView view) {
        return champion(view)
                .flatMap(version -> promotions.newest(db, view.endpoint().name(), version))
                .map(promotion -> candidates.get(db, promotion.candidate()))
                .map(candidate -> new Basis(
                        candidate, reports.get(db, candidate.contents().report())));
    }

    private static Optional<VersionId> champion(EndpointView view) {
        return view.serving()
                .filter(table -> !table.drained())
                .map(table -> table.table().champion());
    }

    private Line line(Reading db, EndpointView view, Model model, Optional<Basis> basis) {
        Optional<Performance> approved = basis.flatMap(it -> WhyApproved.performance(it.report()));
        Optional<VersionId> champion = champion(view);
        return new Line(
                view.endpoint().name(),
                view.endpoint().environment(),
                model.tier(),
                champion,
                champion.flatMap(version -> view.championSince()),
                view.rollout().map(LeadershipPage::newcomer),
                retrainings
                        .newest(db, view.endpoint().name())
                        .filter(it -> champion.equals(Optional.of(it.from())))
                        .map(LeadershipPage::retraining),
                basis.map(it -> WhyApproved.sentence(db, it.candidate(), votes.of(db, it.candidate()), it.report()))
                        .orElse("nothing was promoted here yet"),
                approved,
                champion.flatMap(version -> performance.now(db, view.endpoint(), version)),
                name(db, model.contacts().owner()),
                name(db, model.contacts().deputy()),
                model.contacts().onCall().stream()
                        .map(id -> Principals.name(db, id))
                        .toList());
    }

    private static String newcomer(Rollout rollout) {
        return switch (rollout.state()) {
            case PREPARING -> rollout.candidate() + " is being loaded";
            case SHADOW -> rollout.candidate() + " in shadow";
            case CANARY ->
                String.format(java.util.Locale.ROOT, "%s canary %.0f %%", rollout.candidate(), 100 * rollout.share());
            case BAKING -> rollout.candidate() + " bakes";
            case PAUSED -> rollout.candidate() + " paused";
            case STABLE, ROLLED_BACK, FAILED -> rollout.candidate() + " ended";
        };
    }

    private static String retraining(Retraining it) {
        return switch (it.state()) {
            case ORDERED -> "retraining " + it.number() + " is ordered";
            case TRAINING -> "retraining " + it.number() + " trains";
            case EVALUATING -> "retraining " + it.number() + " is at the gates";
            case CANDIDATE ->
                "retraining " + it.number() + " gave " + it.version().orElseThrow() + ", candidate "
                        + it.candidate().orElseThrow();
            case REFUSED -> "retraining " + it.number() + " was refused at the gates";
            case UNCHANGED -> "retraining " + it.number() + " gave the same model again";
            case FAILED -> "retraining " + it.number() + " failed";
        };
    }

    private static Optional<String> name(Reading db, Optional<String> id) {
        return id.map(it -> Principals.name(db, it));
    }

    /** What is under investigation, and pages about it that nobody got. */
    private static List<RedLine> incidents(Reading db, EndpointView view, Model model) {
        List<RedLine> red = new ArrayList<>();
        for (Incident incident : Incidents.openOn(db, view.endpoint().name())) {
            String acts = incident.acknowledged()
                    .map(act -> act.by())
                    .or(() -> Optional.of(incident.paged())
                            .filter(it -> !it.isEmpty())
                            .map(List::getLast))
                    .map(id -> Principals.name(db, id))
                    .orElse("nobody was paged yet");
            String state = incident.acknowledged().isPresent() ? "Somebody looks at it." : "Nobody has answered.";
            String over = incident.recovered()
                    .map(day -> ", not any more since " + day)
                    .orElse("");
            String started = incident.retraining()
                    .map(it -> " It started retraining " + it + ".")
                    .orElse("");
            String next = "plimsoll incidents show " + incident.number();
            red.add(line(
                    view,
                    model,
                    INCIDENT,
                    incident.title() + "; since " + incident.since() + over + ". " + state + started,
                    acts,
                    Optional.of(incident.openedAt()),
                    next));
            Notifications.givenUp(db).stream()
                    .filter(it -> it.subject().equals(incident.subject()))
                    .forEach(it -> red.add(line(
                            view,
                            model,
                            UNDELIVERED,
                            "Channel " + it.channel() + " did not take the page of incident " + incident.number() + ": "
                                    + it.problem().orElse("no reason") + ".",
                            acts,
                            it.endedAt(),
                            "plimsoll page list")));
        }
        return red;
    }

    private List<RedLine> redLines(Reading db, EndpointView view, Model model, Optional<Basis> basis) {
        List<RedLine> red = new ArrayList<>();
        String owner = name(db, model.contacts().owner()).orElse("an administrator names an owner");
        String onCall = model.contacts().onCall().stream()
                .findFirst()
                .map(id -> Principals.name(db, id))
                .orElse(owner);
        String name = view.endpoint().name().value();
        if (model.contacts().owner().isEmpty()) {
            red.add(line(
                    view,
                    model,
                    NO_OWNER,
                    "Nobody owns " + model.name() + ".",
                    owner,
                    Optional.empty(),
                    "plimsoll model show " + model.name()));
        }
        if (view.serving().isPresent() && champion(view).isEmpty()) {
            red.add(line(
                    view,
                    model,
                    ANSWERS_NOBODY,
                    "It is drained: requests are refused.",
                    onCall,
                    view.serving().map(PublishedTable::at),
                    "plimsoll endpoint show " + name));
        }
        view.rollout()
                .filter(rollout -> rollout.state() == RolloutState.PAUSED)
                .ifPresent(rollout -> red.add(line(
                        view,
                        model,
                        PAUSED,
                        rollout.candidate() + ": " + rollout.reason().orElse("no reason was given") + ".",
                        owner,
                        Optional.empty(),
                        "plimsoll rollout show " + name)));
        for (Finding finding : findings.of(db, view.endpoint())) {
            if (finding.review().isEmpty()) {
                red.add(line(
                        view,
                        model,
                        REVIEW_OPEN,
                        Principals.name(db, finding.by()) + " did this without an approval, as on-call may: "
                                + finding.what() + ". Somebody must look at it by "
                                + LeadershipText.moment(finding.due()) + " UTC.",
                        owner,
                        Optional.of(finding.at()),
                        "plimsoll findings"));
            }
        }
        basis.flatMap(it -> expired(db, it, db.instant()))
                .ifPresent(since -> red.add(line(
                        view,
                        model,
                        EXPIRED,
                        "It keeps serving; nothing new can be promoted on it.",
                        owner,
                        Optional.of(since),
                        "plimsoll candidate list")));
        return red;
    }

    /** What serves without a reason on record, or not as was promised. */
    private List<RedLine> promises(Reading db, EndpointView view, Model model, Line line) {
        List<RedLine> red = new ArrayList<>();
        String owner = line.owner().orElse("an administrator names an owner");
        if (line.champion().isEmpty()) {
            return red;
        }
        VersionId champion = line.champion().get();
        if (promotions.newest(db, line.endpoint(), champion).isEmpty()) {
            String happened = champion + " serves, and nobody promoted it here.";
            String next = "plimsoll endpoint show " + line.endpoint();
            red.add(line(view, model, UNEXPLAINED, happened, owner, line.since(), next));
        }
        String next = "plimsoll performance " + line.endpoint();
        if (line.now().isPresent()) {
            Leadership.Performance now = line.now().get();
            List<Obligation> obligations =
                    versions.card(db, versions.get(db, champion)).declared().obligations();
            Promises.unmet(obligations, now)
                    .forEach(happened -> red.add(line(view, model, UNMET, happened, owner, Optional.empty(), next)));
            line.approvedAt()
                    .flatMap(approved -> Promises.worse(approved, now))
                    .ifPresent(happened -> red.add(line(view, model, WORSE, happened, owner, Optional.empty(), next)));
        }
        return red;
    }

    private static RedLine line(
            EndpointView view,
            Model model,
            String what,
            String happened,
            String acts,
            Optional<Instant> since,
            String next) {
        return new RedLine(what, Verdict.HARM, view.endpoint().name(), model.tier(), happened, acts, since, next);
    }

    /** Since when too few approvals count, where some were given. */
    private Optional<Instant> expired(Reading db, Basis basis, Instant now) {
        return votes.of(db, basis.candidate()).stream()
                .filter(approval ->
                        approval.revoked().isEmpty() && !approval.expiresAt().isAfter(now))
                .map(approval -> approval.expiresAt())
                .min(Comparator.naturalOrder());
    }
}
