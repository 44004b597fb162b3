package org.plimsoll.statistics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which rows share luck: for each row the place of its customer, session or day among the distinct ones.
 *
 * <p>Rows of one cluster move together, so only clusters count as independent observations. Clusters stand in the order of their
 * keys, not of the rows, so the order of rows changes nothing. Memory 4 bytes a row and 8 a cluster.
 */
public final class Clusters {

    private final int[] ofRow;
    private final long[] keys;

    private Clusters(int[] ofRow, long[] keys) {
        this.ofRow = ofRow;
        this.keys = keys;
    }

    /** Every row for itself, keyed by its place. */
    public static Clusters ofRows(int rows) {
        int[] ofRow = new int[rows];
        Arrays.setAll(ofRow, i -> i);
        long[] keys = new long[rows];
        Arrays.setAll(keys, i -> i);
        return new Clusters(ofRow, keys);
    }

    /** From any keys, for example entity hashes or days; equal keys share a cluster. O(n log n), without boxing. */
    public static Clusters of(long[] keys) {
        long[] distinct = keys.clone();
        Arrays.sort(distinct);
        int count = 0;
        for (int i = 0; i < distinct.length; i++) {
            if (i == 0 || distinct[i] != distinct[i - 1]) {
                distinct[count++] = distinct[i];
            }
        }
        int[] ofRow = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            ofRow[i] = Arrays.binarySearch(distinct, 0, count, keys[i]);
        }
        return new Clusters(ofRow, Arrays.copyOf(distinct, count));
    }

    /** From names, by a 64-bit hash of their UTF-8 bytes: two of a million names collide with chance 3e-8. */
    public static Clusters of(String[] names) {
        long[] hashes = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            hashes[i] = key(names[i]);
        }
        return of(hashes);
    }

    /** The key of a name: FNV-1a over UTF-8, then mixed. The same on every machine. */
    public static long key(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        return PoissonWeights.mix(hash);
    }

    /** How many rows there are. */
    public int rows() {
        return ofRow.length;
    }

    /** How many clusters there are. */
    public int count() {
        return keys.length;
    }

    /** The cluster of a row, from 0. */
    public int of(int row) {
        return ofRow[row];
    }

    /** The key of a cluster. */
    public long keyOf(int cluster) {
        return keys[cluster];
    }

    /** Σ weights·values over the rows of each cluster, compensated. */
    public double[] totals(double[] values, double[] weights) {
        Inputs.sameLength("clusters", ofRow.length, "the rows", values.length);
        Inputs.sameLength("weights", weights.length, "the rows", values.length);
        double[] totals = new double[keys.length];
        double[] corrections = new double[keys.length];
        for (int i = 0; i < values.length; i++) {
            int g = ofRow[i];
            double value = values[i] * weights[i];
            double next = totals[g] + value;
            corrections[g] +=
                    Math.abs(totals[g]) >= Math.abs(value) ? (totals[g] - next) + value : (value - next) + totals[g];
            totals[g] = next;
        }
        for (int g = 0; g < totals.length; g++) {
            totals[g] = Inputs.defined("total of a cluster", totals[g] + corrections[g]);
        }
        return totals;
    }
}
