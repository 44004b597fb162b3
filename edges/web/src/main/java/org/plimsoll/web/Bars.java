package org.plimsoll.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.plimsoll.monitoring.Distribution;

/** A distribution as a small chart: what it was in training as an outline, what it is now as filled bars, bin by bin. */
public final class Bars {

    private static final double LEFT = 2;
    private static final double RIGHT = 150;
    private static final double TOP = 18;
    private static final double BOTTOM = 86;

    private final Distribution distribution;
    private final double greatest;

    /** A rectangle of the picture. */
    public record Bar(String x, String y, String width, String height) {}

    public Bars(Distribution distribution) {
        this.distribution = distribution;
        double most = 0.01;
        for (int i = 0; i < distribution.bins().size(); i++) {
            most = Math.max(
                    most,
                    Math.max(distribution.before().get(i), distribution.now().get(i)));
        }
        this.greatest = most;
    }

    public Distribution distribution() {
        return distribution;
    }

    public List<Bar> now() {
        List<Bar> bars = new ArrayList<>();
        double width = (RIGHT - LEFT) / distribution.bins().size();
        for (int i = 0; i < distribution.bins().size(); i++) {
            double y = y(distribution.now().get(i));
            bars.add(new Bar(
                    number(LEFT + i * width + width * 0.15), number(y), number(width * 0.7), number(BOTTOM - y)));
        }
        return bars;
    }

    /** The outline of the training rows, a step for each bin. */
    public String before() {
        double width = (RIGHT - LEFT) / distribution.bins().size();
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < distribution.bins().size(); i++) {
            path.append(i == 0 ? "M" : "L")
                    .append(number(LEFT + i * width))
                    .append(' ')
                    .append(number(y(distribution.before().get(i))))
                    .append('H')
                    .append(number(LEFT + (i + 1) * width));
        }
        return path.toString();
    }

    /** What a screen reader says: the bin that changed most. */
    public String label() {
        int most = IntStream.range(0, distribution.bins().size())
                .boxed()
                .max(Comparator.comparingDouble(i -> Math.abs(
                        distribution.now().get(i) - distribution.before().get(i))))
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "Distribution of %s; the bin that changed most is %s: %.0f %% in training, %.0f %% now",
                distribution.column(),
                distribution.bins().get(most),
                100 * distribution.before().get(most),
                100 * distribution.now().get(most));
    }

    public String first() {
        return distribution.bins().getFirst();
    }

    public String last() {
        return distribution.bins().getLast();
    }

    private double y(double share) {
        return BOTTOM - (BOTTOM - TOP) * share / greatest;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
