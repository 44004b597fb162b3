package org.plimsoll.core;

import java.util.Set;

/**
 * Who acts, as a credential proved it. Never made from what a request says of itself.
 *
 * @param principal the id of the principal; names and addresses are kept elsewhere, where they can be erased
 * @param proof how the identity was proved
 * @param scopes what this credential may be used for; empty means everything its principal may
 */
public record Actor(String principal, Proof proof, Set<String> scopes) {

    /** How an identity was proved, from none to strong. */
    public enum Proof {
        /** The product itself: jobs and the sequencer. */
        SYSTEM,
        /** Nobody: a caller without a credential. */
        ANONYMOUS,
        /** The owner of a home that serves one person: can reach the home's files, not proved further. */
        LOCAL,
        /** An API token: a program acts for the principal. It never approves. */
        TOKEN,
        /** A person who gave the password in this session. */
        SESSION
    }

    /** The product itself. */
    public static final Actor SYSTEM = new Actor("system", Proof.SYSTEM, Set.of());

    /** A caller without a credential. */
    public static final Actor ANONYMOUS = new Actor("anonymous", Proof.ANONYMOUS, Set.of());

    public Actor {
        scopes = Set.copyOf(scopes);
    }
}
