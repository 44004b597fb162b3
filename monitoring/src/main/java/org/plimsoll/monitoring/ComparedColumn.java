package org.plimsoll.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.plimsoll.core.Verdict;

/**
 * One column of two tables beside each other.
 *
 * @param kind how its values were taken
 * @param verdict PASS: no drift; HARM: drift; INCONCLUSIVE: too few rows to tell; ERROR: it cannot be compared
 * @param statistics in the rule's order
 * @param note what people should know, such as why it cannot be compared
 */
public record ComparedColumn(
        String name, Kind kind, Verdict verdict, List<Statistic> statistics, Optional<String> note) {

    /** How values are taken. */
    public enum Kind {
        NUMBER,
        CATEGORY,
        /** It is of a type, or in one of the tables only, so that nothing was compared. */
        NONE
    }

    /**
     * One number about a column.
     *
     * @param value a distance, a share, or the p-value of a test
     * @param statistic of a test: what the p-value belongs to
     * @param bound beyond which it says drift; empty where it is only told
     * @param crossed whether it is beyond
     */
    public record Statistic(
            String name, double value, Optional<Double> statistic, Optional<Double> bound, boolean crossed) {

        /** A number that is told only. */
        static Statistic of(String name, double value) {
            return new Statistic(name, value, Optional.empty(), Optional.empty(), false);
        }

        /** A distance that says drift when it is greater than the bound. */
        static Statistic above(String name, double value, double bound) {
            return new Statistic(name, value, Optional.empty(), Optional.of(bound), value > bound);
        }
    }

    public ComparedColumn {
        statistics = List.copyOf(statistics);
    }

    /** A column that cannot be compared. */
    static ComparedColumn broken(String name, String why) {
        return new ComparedColumn(name, Kind.NONE, Verdict.ERROR, List.of(), Optional.of(why));
    }

    /** The number of this name, if the rule gives it. */
    public Optional<Statistic> statistic(String wanted) {
        return statistics.stream().filter(it -> it.name().equals(wanted)).findFirst();
    }

    /** The same with one more thing that people should know. */
    ComparedColumn noting(String more) {
        return new ComparedColumn(
                name,
                kind,
                verdict,
                statistics,
                Optional.of(note.map(it -> it + "; " + more).orElse(more)));
    }

    /** The same with more numbers. */
    ComparedColumn with(List<Statistic> more) {
        List<Statistic> all = new ArrayList<>(statistics);
        all.addAll(more);
        return new ComparedColumn(name, kind, verdict, all, note);
    }
}
