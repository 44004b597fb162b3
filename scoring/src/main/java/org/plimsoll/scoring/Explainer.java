package org.plimsoll.scoring;

import java.util.List;
import org.plimsoll.data.Columns;

/**
 * Says why a model scores as it does: Shapley values of its margins by raw column. Loaded apart from the {@link Scorer}, from
 * the same artifact, so that a model that nobody asks for reasons costs no memory for them. Safe for any number of threads.
 *
 * <p>Trees by TreeSHAP over the cover that XGBoost and LightGBM write beside each split ({@link TreeShap}), equal to their
 * {@code pred_contribs} and {@code pred_contrib}; linear models by coefficient × value ({@link LinearShap}).
 */
public final class Explainer {

    private final Features features;
    private final Attribution attribution;
    private final List<String> columns;

    /** By column of x: the raw column it was made of. */
    private final int[] raw;

    Explainer(Features features, Attribution attribution) {
        this.features = features;
        this.attribution = attribution;
        this.columns = features.features().stream()
                .map(Features.Feature::column)
                .distinct()
                .toList();
        this.raw = features.features().stream()
                .flatMapToInt(feature -> feature.outputs().stream().mapToInt(_ -> columns.indexOf(feature.column())))
                .toArray();
    }

    /** The raw columns that can be reasons. */
    public List<String> columns() {
        return columns;
    }

    /**
     * The contributions of these rows' columns.
     *
     * @throws org.plimsoll.core.Problem INVALID, naming the input, where the rows do not fit the signature
     */
    public Contributions explain(Columns rows) {
        double[] encoded = attribution.explain(features.encode(rows, attribution.precision()), rows.rows());
        double[] base = attribution.base();
        double[] values = new double[rows.rows() * base.length * columns.size()];
        for (int from = 0, into = 0; from < encoded.length; from += raw.length, into += columns.size()) {
            for (int i = 0; i < raw.length; i++) {
                values[into + raw[i]] += encoded[from + i];
            }
        }
        return new Contributions(rows.rows(), columns, base, values);
    }
}
