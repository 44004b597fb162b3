"""Univariate drift values of NannyML's methods, run from the package itself."""

import warnings

import numpy as np
import pandas as pd
from nannyml.chunk import SizeBasedChunker
from nannyml.drift.univariate.methods import FeatureType, MethodFactory
from nannyml.thresholds import StandardDeviationThreshold

from reference import Family, Generated

warnings.simplefilter("ignore")
f = Family("nannyml", ["nannyml", "numpy", "pandas", "scipy"])
rng = np.random.default_rng(13)


def value(name, feature, reference, chunk):
    method = MethodFactory.create(key=name, feature_type=feature, chunker=SizeBasedChunker(10**9), threshold=StandardDeviationThreshold())
    method._fit(pd.Series(reference))
    return method._calculate(pd.Series(chunk))


SAMPLES = [("ordinary", rng.normal(size=500), rng.normal(0.2, 1.2, 200)), ("tied", np.round(rng.normal(size=600), 1), np.round(rng.normal(size=150) * 1.5, 1)),
           ("heavy", rng.pareto(1.0, 400), rng.pareto(0.9, 300)), ("estimated", Generated(7, 20000, "exponential", 1.0), Generated(8, 5000, "exponential", 1.1)),
           ("estimated, outside", Generated(3, 10000, "uniform", 1.0), Generated(4, 800, "exponential", 1.0)), ("estimated, ties", Generated(5, 15000, "whole", 9.0), Generated(6, 700, "whole", 11.0)),
           ("all equal", np.full(30, 2.0), np.array([2.0, 2.0, 3.0, 1.0]))]
for kind, x, y in SAMPLES:
    for name in ("jensen_shannon", "hellinger", "kolmogorov_smirnov", "wasserstein"):
        v = value(name, FeatureType.CONTINUOUS, np.array(x), np.array(y))
        f.case(name, kind, v, tolerance=1e-9, reference=x, chunk=y)
below = Generated(11, 12000, "uniform", 1.0)
y = np.array(Generated(12, 500, "uniform", 2.0)) - 0.7
f.case("wasserstein", "estimated, both sides", value("wasserstein", FeatureType.CONTINUOUS, np.array(below), y), reference=below, chunk=y)
f.case("kolmogorov_smirnov", "estimated, both sides", value("kolmogorov_smirnov", FeatureType.CONTINUOUS, np.array(below), y), reference=below, chunk=y)
for kind, a, b in [("ordinary", [300, 200, 500], [50, 60, 90]), ("new category", [300, 200, 0], [20, 15, 5]), ("two", [400, 100], [30, 20]), ("rare", [10000, 1, 3], [90, 9, 1]), ("gone", [50, 50], [10, 0])]:
    keys = list("ABC")[: len(a)]
    x, y = np.repeat(keys, a), np.repeat(keys, b)
    for name in ("jensen_shannon", "hellinger", "l_infinity"):
        f.case(name + "_of_categories", kind, value(name, FeatureType.CATEGORICAL, x, y), tolerance=1e-9, reference=a, chunk=b)
    f.case("chi2", kind, value("chi2", FeatureType.CATEGORICAL, x, y), reference=a, chunk=b)
for kind, values in (("ordinary", rng.random(10)), ("equal", np.full(5, 0.3)), ("extreme", np.array([1e-300, 1e300, 0]))):
    if kind != "extreme":
        f.case("thresholds", kind, list(StandardDeviationThreshold().thresholds(values)), values=values)
f.case("thresholds", "two", list(StandardDeviationThreshold().thresholds(np.array([0.0, 1.0]))), values=[0.0, 1.0])
f.write()
