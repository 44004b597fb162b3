package org.plimsoll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.plimsoll.data.Inspector;
import picocli.CommandLine.Option;

/** What the columns of a person's file are, where they say so: the options that {@code init} and {@code register} share. */
final class ColumnRoles {

    @Option(names = "--target", paramLabel = "COLUMN", description = "the column to be learned: classes or a number")
    Optional<String> target = Optional.empty();

    @Option(
            names = "--time",
            paramLabel = "COLUMN",
            description = "says when each question was asked: the past trains, the latest fifth tests")
    Optional<String> time = Optional.empty();

    @Option(
            names = "--entity",
            paramLabel = "COLUMN",
            description = "names what a row is about, such as a customer: its rows stay on one side of the split")
    Optional<String> entity = Optional.empty();

    @Option(
            names = "--segments",
            paramLabel = "COLUMN",
            split = ",",
            description = "columns whose values are judged one by one: a,b")
    List<String> segments = new ArrayList<>();

    /** What was said. @param missing the error where no target was named */
    Inspector.Asked asked(Supplier<? extends RuntimeException> missing) {
        return new Inspector.Asked(target.orElseThrow(missing), time, entity, segments);
    }

    /** Takes from an example what was not said. */
    void complete(Example example) {
        target = target.or(() -> Optional.of(example.target()));
        time = time.or(example::time);
        entity = entity.or(example::entity);
        segments = segments.isEmpty() ? example.segments() : segments;
    }
}
