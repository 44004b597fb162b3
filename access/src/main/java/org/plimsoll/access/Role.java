package org.plimsoll.access;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What somebody is to a resource. Roles add up; none contains another. Which role may do what stands beside each operation;
 * {@code docs/roles.md} shows it all in one table.
 */
public enum Role {
    /** Sees what is there. */
    VIEWER,
    /** Brings data, trains, registers versions, works on anything not in production. */
    DATA_SCIENTIST,
    /** Evaluates, operates endpoints and rollouts, executes approved promotions. */
    ML_ENGINEER,
    /** Answers for a model: cards, approvals where the policy asks for the owner, retirement. */
    OWNER,
    /** Validates independently: approves policies, tiers and candidates as model risk. */
    VALIDATOR,
    /** Approves candidates for the business. */
    APPROVER,
    /** Is paged: rolls back, drains, quarantines, works incidents. */
    ON_CALL,
    /** Reads everything, changes nothing, and nobody but the organisation can take it away. */
    AUDITOR,
    /** Manages people and roles. Has no business permission at all: neither reads models nor approves them. */
    ADMINISTRATOR,
    /** A program: logs runs, sends inference requests and outcomes. Never approves. */
    SERVICE;

    /** Whoever may look at models, data, runs, endpoints: every role but the administrator's. */
    public static final Set<Role> READERS =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(ADMINISTRATOR)));

    /** Who brings data, trains and registers. */
    public static final Set<Role> BUILDERS =
            Collections.unmodifiableSet(EnumSet.of(DATA_SCIENTIST, ML_ENGINEER, OWNER, SERVICE));
}
