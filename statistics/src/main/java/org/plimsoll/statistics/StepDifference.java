package org.plimsoll.statistics;

/**
 * The difference of two empirical distribution functions, F − G, walked once from the least value to the greatest: its greatest height
 * and the areas under it.
 *
 * <p>After i of n reference values and j of m current ones the difference is {@code (i·m − j·n)/(n·m)}; the numerator, here called the
 * gap, is a whole number, so nothing depends on rounding until the end. Values come as stretches of both sorted samples, one after
 * the other. A stretch in ascending order is walked value by value. A stretch that is <em>settled</em> needs no order: where the
 * gap cannot change its sign in it, the area under |F − G| is linear in the values, hence known from their sums.
 *
 * <p>Sums in a settled stretch are exact, so the order of rows changes no bit; areas of stretches are added with compensation ({@link
 * Sum}). Relative error of the area: some 2^-52.
 */
final class StepDifference {

    private final double[] reference;
    private final double[] current;
    private final long n;
    private final long m;
    private final double scale;
    private final Sum area = new Sum();
    private final Sum squares = new Sum();
    private long greatest;
    private double last;

    /** Finite values; where they are in order, the caller says. Distances from an empty sample do not exist: they must not be asked for. */
    StepDifference(double[] reference, double[] current) {
        this.reference = reference;
        this.current = current;
        this.n = reference.length;
        this.m = current.length;
        this.scale = 1.0 / ((double) n * m);
    }

    private long gap(int i, int j) {
        return i * m - j * n;
    }

    /** Notes the height after the first i and j values, which no later value of either sample equals. */
    void noteHeight(int i, int j) {
        greatest = Math.max(greatest, Math.abs(gap(i, j)));
    }

    /**
     * Whether order inside this stretch can be forgone: F − G keeps its sign in it and stays within the heights noted, its end's being one of
     * them.
     */
    boolean isSettled(int i, int iEnd, int j, int jEnd) {
        long lowest = gap(i, jEnd);
        long highest = gap(iEnd, j);
        return (lowest >= 0 || highest <= 0) && Math.max(-lowest, highest) <= greatest;
    }

    /** A stretch in ascending order. */
    void walkOrdered(int i, int iEnd, int j, int jEnd) {
        long gap = gap(i, j);
        long highest = greatest;
        double value = last;
        while (i < iEnd || j < jEnd) {
            double next = i == iEnd ? current[j] : j == jEnd ? reference[i] : Math.min(reference[i], current[j]);
            addArea(gap, next - value);
            value = next;
            while (i < iEnd && reference[i] == value) {
                i++;
            }
            while (j < jEnd && current[j] == value) {
                j++;
            }
            gap = gap(i, j);
            highest = Math.max(highest, Math.abs(gap));
        }
        greatest = highest;
        last = value;
    }

    private void addArea(long gap, double width) {
        double share = Math.abs(gap) * scale;
        double height = share * width;
        area.add(height);
        squares.add(share * height);
    }

    /** Whether F − G is not negative anywhere in a settled stretch. */
    boolean isNotNegative(int i, int jEnd) {
        return gap(i, jEnd) >= 0;
    }

    /**
     * A settled stretch in any order, all of whose values have one sign and one exponent, so that they are whole multiples of one unit. With lo and hi
     * its borders, k and c how many there are of each, and F − G ≥ 0 in it, the area is
     *
     * <pre>((gap − c·n)(hi − lo) + n·Σ(y − lo) + m·Σ(hi − x)) / (n·m)</pre>
     *
     * and the same with the samples' parts exchanged where F − G ≤ 0: sums of nothing negative, so nothing cancels.
     *
     * @param unitsOfReference Σ(hi − x) over the reference where F − G is not negative, else Σ(x − lo)
     * @param unitsOfCurrent Σ(y − lo) over the current values where F − G is not negative, else Σ(hi − y)
     * @param low lo
     * @param widthBits log₂ of how many units hi is above lo
     */
    void walkSettled(
            int i,
            int iEnd,
            double unitsOfReference,
            int j,
            int jEnd,
            double unitsOfCurrent,
            double low,
            int widthBits) {
        addArea(gap(i, j), low - last);
        double unit = Math.ulp(low);
        double width = 1L << widthBits;
        double least = isNotNegative(i, jEnd) ? gap(i, jEnd) : -(double) gap(iEnd, j);
        area.add((least * width + m * unitsOfReference + n * unitsOfCurrent) * scale * unit);
        last = low + width * unit;
    }

    /** Greatest |F − G|. */
    double kolmogorovSmirnov() {
        return greatest / ((double) n * m);
    }

    /** ∫|F − G| dx in the unit of the values. Beyond 1e308: a Problem. */
    double wasserstein() {
        return Inputs.defined("Wasserstein distance", area.value());
    }

    /** √(2∫(F − G)² dx), where every stretch was walked in order. */
    double energy() {
        return Math.sqrt(2) * Math.sqrt(squares.value());
    }
}
