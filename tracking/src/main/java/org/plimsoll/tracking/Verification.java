package org.plimsoll.tracking;

import org.plimsoll.core.Digest;

/**
 * How far a repeated step came out as the first time, for one of its outputs.
 *
 * @param original digest of the output in the run that was repeated
 * @param repeated digest of the output in the repetition
 */
public record Verification(String step, String output, Level level, Digest original, Digest repeated) {

    /** From the strongest to none. {@link #RESTORED} proves that bytes were kept, the others that they can be made again. */
    public enum Level {
        /** L0: fetched by digest, not executed. */
        RESTORED,
        /** L1: executed; the same bytes. */
        BYTES,
        /** L2: executed; the same after taking away what carries no meaning, such as time stamps inside the file. */
        MEANING,
        /** L3: executed; every golden row gets the same scores, within the artifact's tolerance. */
        PREDICTIONS,
        /** L4: executed; all metrics within the noise of the seed. */
        METRICS,
        /** Executed; something else came out. */
        DIFFERENT;

        boolean meansSameBytes() {
            return this == RESTORED || this == BYTES;
        }

        /** {@code L0} to {@code L4}, or {@code differs}. */
        public String code() {
            return this == DIFFERENT ? "differs" : "L" + ordinal();
        }
    }
}
