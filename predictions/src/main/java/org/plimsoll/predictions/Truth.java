package org.plimsoll.predictions;

import java.util.Optional;
import java.util.OptionalDouble;
import org.plimsoll.scoring.Task;

/** Reads labels as a task means them. */
public final class Truth {

    private Truth() {}

    /** 1 or 0 for binary tasks, the number for others; empty where the label says neither. */
    public static OptionalDouble of(String label, Task task) {
        if (task.kind() == Task.Kind.BINARY) {
            Optional<String> positive = task.positive();
            if (positive.isPresent()) {
                return OptionalDouble.of(label.equals(positive.get()) ? 1 : 0);
            }
            return switch (label) {
                case "true", "1", "1.0" -> OptionalDouble.of(1);
                case "false", "0", "0.0" -> OptionalDouble.of(0);
                default -> OptionalDouble.empty();
            };
        }
        try {
            double number = Double.parseDouble(label);
            return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
