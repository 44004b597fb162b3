"""Drift scores of Evidently's registered statistics, run from the package itself."""

import warnings

import numpy as np
import pandas as pd
from evidently.legacy.calculations import stattests  # registers them
from evidently.legacy.calculations.stattests import registry
from evidently.legacy.core import ColumnType

from reference import Family, Generated

warnings.simplefilter("ignore")
f = Family("evidently", ["evidently", "numpy", "pandas", "scipy"])
rng = np.random.default_rng(9)
NUMBERS = ["ks", "wasserstein", "psi", "jensenshannon", "kl_div", "hellinger", "ed", "anderson", "cramer_von_mises", "es", "mannw", "t_test"]


def score(name, reference, current, kind):
    test = registry.get_registered_stattest(name, kind)
    return test(pd.Series(np.array(reference)), pd.Series(np.array(current)), kind, None).drift_score


SAMPLES = [("ordinary", rng.normal(size=400), rng.normal(0.2, 1.1, 300)), ("few values", rng.integers(0, 10, 500).astype(float), rng.integers(0, 12, 400).astype(float)),
           ("tied", np.round(rng.normal(size=700), 1), np.round(rng.normal(0.1, 1, 500), 1)), ("heavy", rng.pareto(1.0, 300), rng.pareto(1.2, 250)),
           ("outlier", np.append(Generated(9, 11000, "exponential", 1.0), 1e7), Generated(10, 5000, "exponential", 1.5))]
for kind, x, y in SAMPLES:
    for name in NUMBERS:
        a = dict(reference=x, current=y)
        if kind == "outlier":
            a = dict(reference=Generated(9, 11000, "exponential", 1.0), current=y, appended=1e7)
        f.case(name, kind, score(name, x, y, ColumnType.Numerical), tolerance=1e-7 if name in ("es", "kl_div") else 1e-8, **a)
CATEGORIES = [("ordinary", [300, 200, 500], [150, 160, 290]), ("equal sizes", [120, 80, 300], [100, 130, 270]), ("two", [400, 100], [380, 120]), ("rare", [990, 9, 1], [480, 0, 20]), ("two again", [30, 70], [50, 50]),
              ("unequal two", [30, 70], [5, 60]), ("other two", [1, 99], [9, 91]), ("many", [20] * 12, [25, 15] * 6)]
for kind, a, b in CATEGORIES:
    keys = list("ABCDEFGHIJKL")[: len(a)]
    x, y = np.repeat(keys, a), np.repeat(keys, b)
    names = ["psi", "jensenshannon", "kl_div", "hellinger", "chisquare"]
    names += ["z"] if len(a) == 2 else []
    names += ["g_test"] if sum(a) == sum(b) and min(a) > 0 else []
    for name in names:
        f.case(name + "_of_categories", kind, score(name, x, y, ColumnType.Categorical), tolerance=1e-8, reference=a, current=b)
    if len(a) == 2 and sum(a) == sum(b):
        x, y = np.repeat([0, 1], a), np.repeat([0, 1], b)
        f.case("fisher_exact", kind, score("fisher_exact", x, y, ColumnType.Categorical), tolerance=1e-8, reference=a, current=b)
f.case("fisher_exact", "extreme", score("fisher_exact", np.repeat([0, 1], [500, 3]), np.repeat([0, 1], [380, 123]), ColumnType.Categorical), tolerance=1e-8, reference=[500, 3], current=[380, 123])
for numeric in (True, False):
    for rows in (1000, 1001):
        for distinct in (2, 3, 5, 6, 50):
            reference = pd.Series(np.arange(rows) % distinct)
            kind = ColumnType.Numerical if numeric else ColumnType.Categorical
            name = registry.get_stattest(reference, reference[:100], kind, None).name
            f.case("default", "numeric" if numeric else "category", ["ks", "chisquare", "z", "wasserstein", "jensenshannon"].index(name),
                   numeric=numeric, rows=rows, distinct=distinct)

# Few rows, where Evidently's tests count exactly; one row; values whose squares leave the range of doubles.
for kind, x, y in (("few", rng.normal(size=7), rng.normal(0.5, 1, 30)), ("few on both sides", rng.normal(size=6), rng.normal(0.5, 1, 8)), ("nine", rng.normal(size=9), rng.normal(0.5, 1, 9)),
                   ("few, tied", np.round(rng.normal(size=8)), np.round(rng.normal(0.5, 1, 12)))):
    for name in ("mannw", "t_test", "ks"):  # its exact Cramér-von Mises test fails under NumPy 2; SciPy's is in drift.py
        f.case(name, kind, score(name, x, y, ColumnType.Numerical), tolerance=1e-8, reference=x, current=y)
f.case("t_test", "one row", score("t_test", [-3.0], [0.1, -0.2, 0.4], ColumnType.Numerical), reference=[-3.0], current=[0.1, -0.2, 0.4])
x, y = rng.normal(size=20), rng.normal(0.7, 1, 25)
f.case("t_test", "huge scale, as at a common one", score("t_test", x, y, ColumnType.Numerical), tolerance=1e-8, reference=x * 2.0**1020, current=y * 2.0**1020)
f.case("t_test", "tiny scale, as at a common one", score("t_test", x, y, ColumnType.Numerical), tolerance=1e-8, reference=x * 2.0**-1000, current=y * 2.0**-1000)
for kind, a, b in [("a key of neither", [30, 0, 70, 5], [20, 0, 60, 0])]:
    x, y = np.repeat(list("ABCD"), a), np.repeat(list("ABCD"), b)
    for name in ("psi", "jensenshannon", "kl_div", "hellinger", "chisquare"):
        f.case(name + "_of_categories", kind, score(name, x, y, ColumnType.Categorical), tolerance=1e-8, reference=a, current=b)
f.write()
