package org.plimsoll.cli;

import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Operations;
import org.plimsoll.core.PolicyName;
import org.plimsoll.gates.GatesOperations.GetPolicy;
import org.plimsoll.gates.GatesOperations.PublishPolicy;
import org.plimsoll.gates.PolicyVersion;

/** Publishes the policies of the demo's two environments as they come with the product, before anything is judged by them. */
final class DemoPolicies {

    private static final long AS_SHIPPED = 0;

    private final Operations risk;

    DemoPolicies(Operations risk) {
        this.risk = risk;
    }

    void publish(DemoStory story) {
        for (String name : List.of("staging", "t3")) {
            PolicyVersion shipped = risk.perform(new GetPolicy(new PolicyName(name), Optional.of(AS_SHIPPED)));
            PolicyVersion published = risk.perform(new PublishPolicy(shipped.text(), Optional.of(name + ".yaml")));
            story.say("Mira publishes policy " + published + " ("
                    + published.digest().brief() + "), as it comes with Plimsoll.");
        }
    }
}
