package org.plimsoll.web;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A small chart over days as SVG paths, all of one width and span of time so that they can be read beside each other.
 *
 * <pre>
 *   (2,18) ┌──────────────┐ greatest
 *          │   ·    ─── limit, heavy
 *   (2,86) └──────────────┘ least       a day without a value is a gap
 * </pre>
 */
public final class Trend {

    private static final double LEFT = 2;
    private static final double RIGHT = 150;
    private static final double TOP = 18;
    private static final double BOTTOM = 86;

    /** A value of one day. */
    public record Point(LocalDate day, Optional<Double> value, Optional<Double> lower, Optional<Double> upper) {
        public Point(LocalDate day, Optional<Double> value) {
            this(day, value, Optional.empty(), Optional.empty());
        }
    }

    private final String name;
    private final List<Point> points;
    private final Optional<Double> limit;
    private final Optional<Double> reference;
    private final double least;
    private final double greatest;
    private final LocalDate first;
    private final LocalDate last;

    /**
     * @param points in the order of days
     * @param limit a heavy line; absent where nobody agreed to one
     * @param reference how it was at approval
     */
    public Trend(
            String name,
            List<Point> points,
            Optional<Double> limit,
            Optional<Double> reference,
            LocalDate first,
            LocalDate last) {
        this.name = name;
        this.points = List.copyOf(points);
        this.limit = limit;
        this.reference = reference;
        this.first = first;
        this.last = last;
        List<Double> all = new ArrayList<>();
        for (Point point : points) {
            point.value().ifPresent(all::add);
            point.lower().ifPresent(all::add);
            point.upper().ifPresent(all::add);
        }
        limit.ifPresent(all::add);
        reference.ifPresent(all::add);
        OptionalDouble min = all.stream().mapToDouble(it -> it).min();
        OptionalDouble max = all.stream().mapToDouble(it -> it).max();
        double spread = max.orElse(1) - min.orElse(0);
        this.least = min.orElse(0) >= 0 && min.orElse(0) < 0.5 * max.orElse(1) ? 0 : min.orElse(0) - 0.1 * spread;
        this.greatest = max.orElse(1) + (spread == 0 ? 0.5 * Math.abs(max.orElse(1)) + 0.01 : 0.05 * spread);
    }

    public String name() {
        return name;
    }

    /** The line through the values; it lifts where a day has none. */
    public String line() {
        return path(point -> point.value());
    }

    /** The band of the intervals, or nothing. */
    public String band() {
        List<Point> known = points.stream()
                .filter(point -> point.lower().isPresent() && point.upper().isPresent())
                .toList();
        if (known.isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < known.size(); i++) {
            path.append(i == 0 ? "M" : "L")
                    .append(at(known.get(i).day(), known.get(i).upper().orElse(0.0)));
        }
        for (Point point : known.reversed()) {
            path.append('L').append(at(point.day(), point.lower().orElse(0.0)));
        }
        return path.append('Z').toString();
    }

    private String path(java.util.function.Function<Point, Optional<Double>> value) {
        StringBuilder path = new StringBuilder();
        boolean isDrawing = false;
        for (Point point : points) {
            Optional<Double> there = value.apply(point).filter(Double::isFinite);
            if (there.isPresent()) {
                path.append(isDrawing ? "L" : "M").append(at(point.day(), there.get()));
            }
            isDrawing = there.isPresent();
        }
        return path.toString();
    }

    /** The limit's line, or nothing. */
    public String limitLine() {
        return limit.map(this::level).orElse("");
    }

    /** The line of what was at approval, or nothing. */
    public String referenceLine() {
        return reference.map(this::level).orElse("");
    }

    public String limitLabel() {
        return limit.map(it -> "limit " + Words.number(Optional.of(it))).orElse("");
    }

    public String limitY() {
        return limit.map(it -> number(y(it) - 6)).orElse("0");
    }

    /** The last value there is. */
    public Optional<Point> latest() {
        return points.reversed().stream()
                .filter(point -> point.value().isPresent())
                .findFirst();
    }

    public String x(Point point) {
        return number(x(point.day()));
    }

    public String y(Point point) {
        return number(y(point.value().orElse(least)));
    }

    public String labelY(Point point) {
        return number(y(point.value().orElse(least)) + 4);
    }

    /** What a screen reader says instead of the picture. */
    public String label() {
        List<Point> known =
                points.stream().filter(point -> point.value().isPresent()).toList();
        if (known.isEmpty()) {
            return name + ": no value yet";
        }
        return name + " from " + Words.number(known.getFirst().value()) + " on "
                + Words.day(known.getFirst().day()) + " to "
                + Words.number(known.getLast().value()) + " on "
                + Words.day(known.getLast().day())
                + limit.map(it -> "; the limit is " + Words.number(Optional.of(it)))
                        .orElse("");
    }

    public String from() {
        return Words.day(first);
    }

    public String until() {
        return Words.day(last);
    }

    private String level(double value) {
        return "M" + number(LEFT) + " " + number(y(value)) + "H" + number(RIGHT);
    }

    private String at(LocalDate day, double value) {
        return number(x(day)) + " " + number(y(value)) + " ";
    }

    private double x(LocalDate day) {
        long days = Math.max(1, last.toEpochDay() - first.toEpochDay());
        return LEFT + (RIGHT - LEFT) * (day.toEpochDay() - first.toEpochDay()) / days;
    }

    private double y(double value) {
        double share = (value - least) / (greatest - least);
        return BOTTOM - (BOTTOM - TOP) * Math.clamp(share, 0, 1);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
