package org.plimsoll.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;
import org.plimsoll.core.Problem;

/** How rows are divided into those a model learns from and those it is tested on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SplitRule.Ranges.class, name = "ranges"),
    @JsonSubTypes.Type(value = SplitRule.LastDays.class, name = "last_days"),
    @JsonSubTypes.Type(value = SplitRule.Latest.class, name = "latest"),
    @JsonSubTypes.Type(value = SplitRule.Entities.class, name = "entities"),
    @JsonSubTypes.Type(value = SplitRule.Rows.class, name = "rows")
})
public sealed interface SplitRule {

    /**
     * Ranges of event time, each from (included) to (not included). Training rows whose truth was not yet known when the test
     * begins are left out of both.
     *
     * @param trainFrom empty: from the first row on
     * @param testTo empty: to the last row
     */
    record Ranges(Optional<Instant> trainFrom, Instant trainTo, Instant testFrom, Optional<Instant> testTo)
            implements SplitRule {

        public Ranges {
            if (trainTo.isAfter(testFrom)) {
                throw Problem.invalid(
                        "split.train.to", trainTo, "an instant not after the test's beginning, " + testFrom);
            }
            if (trainFrom.isPresent() && !trainFrom.get().isBefore(trainTo)) {
                throw Problem.invalid("split.train.to", trainTo, "an instant after train.from, " + trainFrom.get());
            }
            if (testTo.isPresent() && !testFrom.isBefore(testTo.get())) {
                throw Problem.invalid("split.test.to", testTo.get(), "an instant after test.from, " + testFrom);
            }
        }
    }

    /**
     * The last calendar days of the data, in the task's zone, for testing; what was known for good before them for training.
     *
     * @param days at least 1; the day of the last row counts as one
     */
    record LastDays(int days) implements SplitRule {

        public LastDays {
            if (days < 1 || days > 36_500) {
                throw Problem.invalid("split.test", days + " days", "from 1 to 36500 days");
            }
        }
    }

    /**
     * The latest rows for testing, from the first instant of a day in the task's zone where that can be; what was known for good
     * before them for training.
     *
     * @param share of the rows that are tested on, about, between 0 and 1
     */
    record Latest(double share) implements SplitRule {

        public Latest {
            checkShare(share);
        }
    }

    /**
     * Whole entities by a seeded hash of their name, so an entity's rows are never on both sides.
     *
     * @param share of the entities that are tested on, between 0 and 1
     */
    record Entities(double share) implements SplitRule {

        public Entities {
            checkShare(share);
        }
    }

    /**
     * Each row for itself by a seeded hash of the file and row it comes from.
     *
     * @param share of the rows that are tested on, between 0 and 1
     */
    record Rows(double share) implements SplitRule {

        public Rows {
            checkShare(share);
        }
    }

    private static void checkShare(double share) {
        if (!(share > 0 && share < 1)) {
            throw Problem.invalid("split.test", share, "a share between 0 and 1");
        }
    }
}
