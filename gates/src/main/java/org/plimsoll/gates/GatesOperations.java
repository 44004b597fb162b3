package org.plimsoll.gates;

import static org.plimsoll.access.Room.room;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.plimsoll.access.Request;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.access.Room;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.Problem;

/** What anyone can ask of policies and gate reports. */
public final class GatesOperations {

    private static final int LONGEST_POLICY = 256 << 10;

    private GatesOperations() {}

    private interface OnEverything<R> extends Request<R> {
        @Override
        default Resource on() {
            return Resource.ORGANISATION;
        }
    }

    private static void check(String text) {
        if (text.isBlank() || text.length() > LONGEST_POLICY) {
            throw Problem.invalid("text", text.length() + " characters", "a policy of 1 to " + LONGEST_POLICY);
        }
    }

    /** Publishes the policy in this text as the next version of its name. @param file what errors call it */
    public record PublishPolicy(String text, Optional<String> file) implements OnEverything<PolicyVersion> {
        public PublishPolicy {
            check(text);
        }
    }

    /** A policy: the version in force, or a named one; 0 is what comes with Plimsoll. */
    public record GetPolicy(PolicyName policy, Optional<Long> version) implements Request<PolicyVersion> {
        @Override
        public Resource on() {
            return Resource.policy(policy);
        }
    }

    /** The policies in force. */
    public record ListPolicies() implements OnEverything<Policies.PolicyListing> {}

    /** A gate report. @param report its digest, or enough of its first hex digits */
    public record GetGateReport(String report) implements OnEverything<GateReport> {
        public GetGateReport {
            if (!report.matches("(sha256:)?[0-9a-f]{4,64}")) {
                throw Problem.invalid("report", report, "a digest, or at least four of its hex digits");
            }
        }
    }

    /** The gate reports of a model, newest first. */
    public record ListGateReports(ModelName model) implements Request<GateReports.GateReportListing> {
        @Override
        public Resource on() {
            return Resource.model(model);
        }
    }

    /** Policies are risk's: model owners propose, they do not decide by what they are judged. */
    private static final Set<Role> RISK = EnumSet.of(Role.VALIDATOR);

    public static final Room<Policies> POLICIES = room("gates", Policies.class)
            .change("policy.publish", "POST /policies", RISK, PublishPolicy.class, Policies::publish)
            .read("policy.list", "GET /policies", Role.READERS, ListPolicies.class, Policies::list)
            .read("policy.get", "GET /policies/{policy}", Role.READERS, GetPolicy.class, Policies::get);

    public static final Room<GateReports> REPORTS = room("gates", GateReports.class)
            .read("gate.get", "GET /gate-reports/{report}", Role.READERS, GetGateReport.class, GateReports::get)
            .read(
                    "gate.list",
                    "GET /models/{model}/gate-reports",
                    Role.READERS,
                    ListGateReports.class,
                    GateReports::list);
}
