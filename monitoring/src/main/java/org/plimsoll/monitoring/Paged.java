package org.plimsoll.monitoring;

import java.util.List;

/**
 * The part of an event that pages somebody; its detail carries it as {@code paged}.
 *
 * @param people principal ids, the one who is to answer first
 * @param title one line
 * @param says lines of text, without names of people
 */
public record Paged(List<String> people, String title, String says) {

    public Paged {
        people = List.copyOf(people);
    }
}
