package org.plimsoll.tracking;

import java.time.Instant;
import org.plimsoll.core.Digest;

/**
 * A line of lineage: these bytes were made from those, in this step, by this person.
 *
 * @param source what went in
 * @param target what came out
 * @param input the name under which the source went in; {@link Port#CODE} is what a person wrote
 * @param run the step's run
 * @param step the step's name in its pipeline
 * @param person principal id of who had it executed
 */
public record Edge(Digest source, Digest target, String input, String run, String step, String person, Instant at) {}
