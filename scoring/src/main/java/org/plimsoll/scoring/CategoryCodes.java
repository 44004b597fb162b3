package org.plimsoll.scoring;

import java.util.HashSet;
import java.util.List;
import org.plimsoll.core.Problem;

/**
 * The values that a model's maker numbered before training, as a table of pandas with columns of dtype category has it done: the
 * model splits by their numbers, and its file keeps which value each number stands for. Callers send the values.
 *
 * @param byFeature for each of the model's features its values, in the order of their numbers, which begin at 0; none for a
 *     feature of numbers. No list at all where the file numbers nothing.
 * @param unknown what the maker makes of a value that is not among them
 */
record CategoryCodes(List<List<String>> byFeature, Transform.Unknown unknown) {

    static final CategoryCodes NONE = new CategoryCodes(List.of(), Transform.Unknown.REFUSE);

    CategoryCodes {
        byFeature = List.copyOf(byFeature);
        for (int i = 0; i < byFeature.size(); i++) {
            if (new HashSet<>(byFeature.get(i)).size() != byFeature.get(i).size()) {
                throw Problem.of(
                        Problem.Kind.INVALID, "the model's file names a category of feature " + i + " more than once");
            }
        }
    }

    /** How the raw column of a feature becomes what the model compares. */
    FeatureStep step(int feature) {
        List<String> values = byFeature.isEmpty() ? List.of() : byFeature.get(feature);
        return values.isEmpty() ? new FeatureStep.Number() : FeatureStep.Ordinal.of(values, unknown);
    }
}
