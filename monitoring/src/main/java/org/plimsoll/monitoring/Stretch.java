package org.plimsoll.monitoring;

import org.plimsoll.predictions.Place;

/**
 * Where the rows of a day stand in the log.
 *
 * @param first where the first batch with a row of it begins
 * @param last the place after the last such batch
 * @param firstPrediction the least id among those batches
 * @param lastPrediction the greatest
 */
record Stretch(Place first, Place last, String firstPrediction, String lastPrediction) {

    /** This one with one more batch. */
    Stretch with(Place at, Place after, String prediction) {
        return new Stretch(
                at.compareTo(first) < 0 ? at : first,
                after.compareTo(last) > 0 ? after : last,
                prediction.compareTo(firstPrediction) < 0 ? prediction : firstPrediction,
                prediction.compareTo(lastPrediction) > 0 ? prediction : lastPrediction);
    }

    boolean has(String prediction) {
        return prediction.compareTo(firstPrediction) >= 0 && prediction.compareTo(lastPrediction) <= 0;
    }
}
