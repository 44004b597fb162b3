package org.plimsoll.core;

import java.util.Collection;
import java.util.Comparator;

/**
 * What the evidence says of a claim. Absence is never success: no data, a value that is not a number, a missing champion or
 * an empty segment is {@link #ERROR}, never {@link #PASS}.
 */
public enum Verdict {
    /** Proved: the whole interval lies on the good side of the limit. */
    PASS,
    /** The interval crosses the limit: more data, or a person, must decide. */
    INCONCLUSIVE,
    /** It could not be judged: no data, not a number, too few rows, an assumption that does not hold. */
    ERROR,
    /** Proved harm: the whole interval lies beyond the limit. */
    HARM;

    /** The verdict over several claims: {@code HARM > ERROR > INCONCLUSIVE > PASS}; over none it is {@code ERROR}. */
    public static Verdict worst(Collection<Verdict> verdicts) {
        return verdicts.stream().max(Comparator.naturalOrder()).orElse(ERROR);
    }
}
