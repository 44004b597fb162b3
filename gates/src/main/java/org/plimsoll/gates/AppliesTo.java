package org.plimsoll.gates;

import java.util.List;
import java.util.stream.Collectors;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.registry.Tier;

/**
 * Which decisions a policy is for. An empty list means any.
 *
 * <pre>  applies_to: {tiers: [T3], environments: [production]}</pre>
 */
public record AppliesTo(List<ModelName> models, List<Tier> tiers, List<EnvironmentName> environments) {

    public AppliesTo {
        models = List.copyOf(models);
        tiers = List.copyOf(tiers);
        environments = List.copyOf(environments);
    }

    /** Whether it is for this model, tier and environment. */
    public boolean matches(ModelName model, Tier tier, EnvironmentName environment) {
        return (models.isEmpty() || models.contains(model))
                && (tiers.isEmpty() || tiers.contains(tier))
                && (environments.isEmpty() || environments.contains(environment));
    }

    @Override
    public String toString() {
        return (models.isEmpty() ? "any model" : "model " + joined(models))
                + (tiers.isEmpty() ? ", any tier" : ", tier " + joined(tiers))
                + (environments.isEmpty() ? ", any environment" : ", in " + joined(environments));
    }

    private static String joined(List<?> names) {
        return names.stream().map(Object::toString).collect(Collectors.joining(" or "));
    }
}
