package org.plimsoll.store;

import java.time.Instant;

/** How a job ends, as its closing transaction says. */
public sealed interface Ending {

    /** Done. @param outcome what it gave, a record */
    record Done(Object outcome) implements Ending {}

    /** Not at its end yet: the same job is due again later, with its attempts counted anew. */
    record Again(Instant due) implements Ending {}

    /** Given up for good, though with what the closing transaction wrote. @param why for people */
    record Failed(String why) implements Ending {}

    static Ending done(Object outcome) {
        return new Done(outcome);
    }

    static Ending again(Instant due) {
        return new Again(due);
    }

    static Ending failed(String why) {
        return new Failed(why);
    }
}
