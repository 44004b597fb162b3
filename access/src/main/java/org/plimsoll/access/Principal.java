package org.plimsoll.access;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody, or some program, that can act.
 *
 * @param id what events, approvals and tables know; says nothing about the person
 * @param login the name used to sign in; {@code id} once erased
 * @param name for people to read; {@code id} once erased
 */
public record Principal(
        String id, Kind kind, String login, String name, Optional<String> email, boolean isActive, Instant createdAt) {

    /** The principal of a home that serves one person. */
    public static final String LOCAL = "local";

    /** People sign in and decide; programs only have tokens. */
    public enum Kind {
        PERSON,
        SERVICE
    }
}
