"""Estimated performance and sampling errors of NannyML, run from the package itself."""

import warnings

import numpy as np
import pandas as pd
from nannyml.performance_estimation.confidence_based import metrics as cbpe
from nannyml.sampling_error import binary_classification as binary
from nannyml.sampling_error import regression

from reference import Family

warnings.simplefilter("ignore")
f = Family("nannyml_estimation", ["nannyml", "numpy", "pandas"])
rng = np.random.default_rng(19)
for kind, n in (("ordinary", 300), ("discrete", 400), ("imbalanced", 500)):
    s = rng.permutation(np.linspace(0.01, 0.99, n))
    p = np.clip(s + 0.05 * rng.normal(size=n), 0, 1)
    if kind == "discrete":
        p = np.round(p, 1)
    if kind == "imbalanced":
        p = p**6
    h = s >= 0.6
    y = rng.random(n) < p
    a = dict(calibrated=p, flagged=h)
    yh = h.astype(int)
    f.case("estimated_accuracy", kind, cbpe.estimate_accuracy(yh, p), **a)
    f.case("estimated_precision", kind, cbpe.estimate_precision(yh, p), **a)
    f.case("estimated_recall", kind, cbpe.estimate_recall(yh, p), **a)
    f.case("estimated_specificity", kind, cbpe.estimate_specificity(yh, p), **a)
    f.case("estimated_f1", kind, cbpe.estimate_f1(yh, p), **a)
    # NannyML rounds to five decimals before integrating.
    f.case("estimated_auc", kind, cbpe.estimate_roc_auc(p, s), tolerance=1e-5, calibrated=p, scores=s)
    f.case("estimated_average_precision", kind, cbpe.estimate_ap(p, s), tolerance=1e-4, calibrated=p, scores=s)
    Y, H, S = pd.Series(y.astype(int)), pd.Series(yh), pd.Series(s)
    chunk = np.zeros(137)
    e = dict(positive=y, flagged=h, rows=137)
    for name in ("accuracy", "precision", "recall", "specificity", "f1"):
        components = getattr(binary, name + "_sampling_error_components")(Y, H)
        f.case(name + "_sampling_error", kind, getattr(binary, name + "_sampling_error")(components, chunk), **e)
    components = binary.auroc_sampling_error_components(Y, S)
    f.case("auc_sampling_error", kind, binary.auroc_sampling_error(components, chunk), positive=y, scores=s, rows=137)
    # (1 - s): NannyML loses a row of the rarer class that ranks lowest of all
    components = binary.auroc_sampling_error_components(1 - Y, 1 - S)
    f.case("auc_sampling_error", kind + ", common positives", binary.auroc_sampling_error(components, chunk), positive=~y, scores=1 - s, rows=137)
    actual, predicted = pd.Series(rng.gamma(2, size=n) + 0.1), pd.Series(rng.gamma(2, size=n) + 0.1)
    if kind == "discrete":
        actual, predicted = np.ceil(actual), np.ceil(predicted)
    for name, loss in (("mae", "ABSOLUTE"), ("mape", "RELATIVE"), ("mse", "SQUARED"), ("msle", "SQUARED_LOGARITHMIC"), ("rmse", "SQUARED"), ("rmsle", "SQUARED_LOGARITHMIC")):
        components = getattr(regression, name + "_sampling_error_components")(actual, predicted)
        f.case("direct_loss_error", kind, getattr(regression, name + "_sampling_error")(components, chunk), loss=loss, root=name.startswith("rms"), actual=actual.to_numpy(), predicted=predicted.to_numpy(), rows=137)
for kind, expected in (("ordinary", rng.normal(1, 1, 50)), ("all below zero", np.array([-1.0, -2.0])), ("extreme", np.array([1e300, 1e-300, -1e300]))):
    f.case("direct_loss", kind, [np.maximum(0, expected).mean(), np.sqrt(np.maximum(0, expected).mean())], expected_losses=expected)
f.write()
