package org.plimsoll.access;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.access.Operation.Kind;
import org.plimsoll.core.Actor;
import org.plimsoll.core.Actor.Proof;
import org.plimsoll.core.Problem;
import org.plimsoll.store.Reading;

/**
 * Decides who may. {@link #decide(Question)} is a pure function of everything that matters, so every case can be tried; the
 * rest of this class gathers what it needs, inside the transaction of the operation it decides on.
 *
 * <p>Deny by default: only a role granted on the resource, or on one above it, lets somebody in. A credential with scopes can
 * only narrow that. The administrator is no exception.
 */
public final class Authorizer {

    /**
     * Everything a decision depends on.
     *
     * @param isActive whether the principal exists and is not deactivated
     * @param action the operation's name, or {@code infer}
     * @param line the resource, its parent, and so on up to the organisation
     * @param grants what the principal was granted, anywhere
     */
    public record Question(
            Actor actor,
            boolean isActive,
            String action,
            Kind kind,
            Audience audience,
            boolean isInPerson,
            Set<Role> roles,
            List<Resource> line,
            Collection<Grant> grants) {}

    private Authorizer() {}

    /** Whether the caller may, and why. */
    public static Decision decide(Question asked) {
        if (asked.actor().proof() == Proof.SYSTEM) {
            return Decision.allowed("the product itself");
        }
        if (asked.audience() == Audience.ANYONE) {
            return Decision.allowed("open to everyone");
        }
        if (asked.actor().proof() == Proof.ANONYMOUS) {
            return Decision.refused("nobody is signed in");
        }
        if (!asked.isActive()) {
            return Decision.refused("this account is not active");
        }
        if (asked.isInPerson() && asked.actor().proof() == Proof.TOKEN) {
            return Decision.refused("a token never does this; a person signs in for it");
        }
        if (!isInScope(asked)) {
            return Decision.refused("this token is only for "
                    + String.join(", ", new TreeSet<>(asked.actor().scopes())));
        }
        if (asked.audience() == Audience.SIGNED_IN) {
            return Decision.allowed("open to everyone signed in");
        }
        for (Grant grant : asked.grants()) {
            if (asked.roles().contains(grant.role()) && asked.line().contains(grant.resource())) {
                return Decision.allowed(grant.role() + " on " + grant.resource());
            }
        }
        return Decision.refused("it takes " + either(asked.roles()) + " on "
                + asked.line().stream().map(Resource::toString).collect(Collectors.joining(" or ")));
    }

    /** Whether this caller may do this on the request's resource, by what the database says now. */
    public static Decision decide(Reading db, Actor actor, Operation<?, ?, ?> operation, Resource on) {
        if (actor.proof() == Proof.SYSTEM || actor.proof() == Proof.ANONYMOUS) {
            return decide(question(actor, false, operation, List.of(on), List.of()));
        }
        boolean isActive = Principals.isActive(db, actor.principal());
        List<Grant> grants = Grants.of(db, actor.principal());
        // Most callers have their role on the organisation: look up the tree only where that does not settle it.
        Decision first = decide(question(actor, isActive, operation, List.of(on, Resource.ORGANISATION), grants));
        return first.isAllowed()
                ? first
                : decide(question(actor, isActive, operation, Resources.lineOf(db, on), grants));
    }

    /** Refuses where {@link #decide(Reading, Actor, Operation, Resource)} does. */
    static void require(Reading db, Actor actor, Operation<?, ?, ?> operation, Resource on) {
        Decision decision = decide(db, actor, operation, on);
        if (!decision.isAllowed()) {
            throw refusal(actor, operation.name(), on, operation.roles(), decision);
        }
    }

    static Problem refusal(Actor actor, String action, Resource on, Set<Role> roles, Decision decision) {
        if (actor.proof() == Proof.ANONYMOUS) {
            return Problem.of(
                    Problem.Kind.UNAUTHENTICATED,
                    "sign in first: send a token as Authorization: Bearer, or use plimsoll login");
        }
        return Problem.of(
                Problem.Kind.DENIED,
                "you may not " + action + " on " + on + ": " + String.join("; ", decision.reasons()),
                java.util.Map.of("operation", action, "resource", on.toString(), "needs_one_of", new TreeSet<>(roles)));
    }

    private static Question question(
            Actor actor, boolean isActive, Operation<?, ?, ?> it, List<Resource> line, List<Grant> grants) {
        return new Question(
                actor, isActive, it.name(), it.kind(), it.audience(), it.isInPerson(), it.roles(), line, grants);
    }

    /** A scope is {@code verb} or {@code verb:name}; the verb is {@code read}, an operation, {@code noun.*} or {@code infer}. */
    private static boolean isInScope(Question asked) {
        if (asked.actor().scopes().isEmpty()) {
            return true;
        }
        for (String scope : asked.actor().scopes()) {
            int colon = scope.indexOf(':');
            String verb = colon < 0 ? scope : scope.substring(0, colon);
            boolean isVerb = verb.equals(asked.action())
                    || verb.equals("read") && asked.kind() == Kind.READ
                    || verb.endsWith(".*") && asked.action().startsWith(verb.substring(0, verb.length() - 1));
            if (isVerb && (colon < 0 || isNamed(asked.line(), scope.substring(colon + 1)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(List<Resource> line, String name) {
        return line.stream().anyMatch(it -> it.name().equals(name) && !it.equals(Resource.ORGANISATION));
    }

    private static String either(Set<Role> roles) {
        return new TreeSet<>(roles).stream().map(Role::name).collect(Collectors.joining(" or "));
    }
}
