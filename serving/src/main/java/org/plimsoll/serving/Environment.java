package org.plimsoll.serving;

import org.plimsoll.core.EnvironmentName;

/**
 * A stage on the way to people: development, staging, production, or as the organisation has them.
 *
 * @param position the order of the way; what is promoted into one must have been champion in the one just below
 */
public record Environment(EnvironmentName name, int position) {}
